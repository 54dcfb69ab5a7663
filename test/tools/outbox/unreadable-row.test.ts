// A row that is recorded and cannot be read back at that moment keeps its place: behind those that were recorded before.

import { expect, it } from 'vitest';
import { settled } from '../../daemon/hand-clock.ts';
import { aStage, SURELY_NOT } from './a-stage.ts';
import { createMemoryLedger, emptyContents } from './memory-ledger.ts';
import { comment, newWrite } from './outbox-parts.ts';

it('sends in the order of recording also when a row cannot be read', async () => {
  const contents = emptyContents();
  const { ledger } = createMemoryLedger(contents);
  const unreadable = (id: string) => (id === 'third' ? Promise.reject(new Error('disk')) : ledger.write(id));
  let isDown = true;
  const addKeyedComment = () => {
    if (isDown) throw SURELY_NOT;
    return 'c';
  };
  const stage = aStage(
    { addKeyedComment, findKeyedComment: () => null },
    { ledger: { ...ledger, write: unreadable } },
    contents,
  );
  for (const id of ['first', 'second', 'third']) await stage.record(newWrite(id, comment(`${id} comment`)));
  isDown = false;
  await stage.pass(5_000);
  await settled();
  expect(stage.asked.map((one) => one.split(' ').at(-1))).toEqual(['first', 'first', 'second', 'third']);
});
