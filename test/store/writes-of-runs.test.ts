// Writes are found by the issue that they are about and by the issue whose run asked for them, and say both.
import { expect, test } from 'vitest';
import { outboxWrite } from './ledger-rows.ts';
import { runStarted } from './rows.ts';
import { openInFolder } from './store-folder.ts';

const other = { id: '2', identifier: 'DEMO-2' };

test('a write to another issue is found by either, and says whose run it was', async () => {
  const store = await openInFolder();
  await store.apply([
    runStarted('run-1'),
    runStarted('run-2', { issueId: '2', identifier: 'DEMO-2' }),
    runStarted('run-3', { issueId: '3', identifier: 'DEMO-3' }),
  ]);
  const writes = [
    outboxWrite('own'),
    outboxWrite('to another', { issue: other, status: 'done' }),
    outboxWrite('by another', { runId: 'run-2' }),
    outboxWrite('of the other', { issue: other, runId: 'run-2' }),
    outboxWrite('by nobody', { runId: null, issue: other }),
    outboxWrite('of a third', { issue: { id: '3', identifier: 'DEMO-3' }, runId: 'run-3' }),
  ];
  await store.tools.apply(writes.map((write) => ({ kind: 'add_write', write })));
  const found = async (identifier: string): Promise<string[]> => {
    const all: string[] = [];
    for (let cursor: string | null | undefined; cursor !== null;) {
      const page = await store.tools.writes({ status: 'all', identifier, limit: 2, cursor });
      all.push(...page.writes.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    return all;
  };
  expect(await found('demo-1')).toEqual(['by another', 'to another', 'own']);
  expect(await found('DEMO-2')).toEqual(['by nobody', 'of the other', 'by another', 'to another']);
  expect(await found('DEMO-3')).toEqual(['of a third']);
  expect(await found('DEMO-4')).toEqual([]);
  const open = await store.tools.writes({ identifier: 'DEMO-1', limit: 10 });
  expect(open.writes.map(({ id }) => id)).toEqual(['own', 'by another']);

  const toAnother = { issue: other, runIssue: { id: '1', identifier: 'DEMO-1' } };
  expect(await store.tools.write('to another')).toMatchObject(toAnother);
  expect((await store.tools.openWrites()).map(({ runIssue }) => runIssue?.identifier)).toEqual([
    'DEMO-1',
    'DEMO-2',
    'DEMO-2',
    undefined,
    'DEMO-3',
  ]);
});

test('a write of a run that nobody knows is there as it was recorded', async () => {
  const { tools } = await openInFolder();
  await tools.apply([{ kind: 'add_write', write: outboxWrite('w') }]);
  expect(await tools.write('w')).not.toHaveProperty('runIssue');
});
