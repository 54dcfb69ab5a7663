// A script that asks for a look at the tracker again and again does not push out of the log what people decided.
import { expect, test } from 'vitest';
import { refreshesKept } from '../../src/store/write-operator.ts';
import { operatorAction } from './rows.ts';
import { openInFolder } from './store-folder.ts';

test('of refreshes only the newest are kept', async () => {
  const store = await openInFolder();
  const decided = operatorAction({ atMs: 1, control: 'pause', issueId: null, issueIdentifier: null });
  const asked = Array.from({ length: refreshesKept + 5 }, (_, index) =>
    operatorAction({ atMs: 10 + index, control: 'refresh', issueId: null, issueIdentifier: null }),
  );
  await store.apply([decided, ...asked].map((action) => ({ kind: 'operator_action', action })));
  expect(await store.operatorActions(5_000)).toEqual([...asked.slice(5).toReversed(), decided]);
});
