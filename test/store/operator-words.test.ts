// What operators said is there after a restart: the mode of dispatch, and the log of every accepted word.
import { expect, test } from 'vitest';
import type { DispatchControl, OperatorAction } from '../../src/contract/controls.ts';
import { operatorActionsKept } from '../../src/store/write-operator.ts';
import { operatorAction } from './rows.ts';
import { openInFolder } from './store-folder.ts';

const paused: DispatchControl = { mode: 'paused', by: 'ada', reason: 'a release', sinceMs: 1_000 };

test('the last mode of dispatch is loaded; nobody has said anything at first', async () => {
  const store = await openInFolder();
  expect((await store.load()).dispatch).toBeNull();
  await store.apply([{ kind: 'put_dispatch', dispatch: { ...paused, mode: 'draining' } }]);
  await store.apply([{ kind: 'put_dispatch', dispatch: paused }]);
  await store.close();
  const again = await openInFolder({ path: store.path });
  expect((await again.load()).dispatch).toEqual(paused);
});

test('the log shows the newest words first, also those about no issue, whatever their clock said', async () => {
  const store = await openInFolder();
  const words: OperatorAction[] = [
    operatorAction({ atMs: 3_000 }),
    operatorAction({ atMs: 1_000, control: 'pause', issueId: null, issueIdentifier: null }),
    operatorAction({ atMs: 2_000, reason: '' }),
  ];
  await store.apply(words.map((action) => ({ kind: 'operator_action', action })));
  expect(await store.operatorActions(10)).toEqual(words.toReversed());
  expect(await store.operatorActions(1)).toEqual([words[2]]);
  await expect(store.operatorActions(0)).rejects.toThrow(RangeError);
});

test('a word that is written again, because the answer was lost, stands in the log once', async () => {
  const store = await openInFolder();
  const ofIssue = operatorAction();
  const ofDaemon = operatorAction({ control: 'pause', issueId: null, issueIdentifier: null });
  const others = [
    operatorAction({ atMs: ofIssue.atMs + 1 }),
    operatorAction({ control: 'release' }),
    operatorAction({ issueId: '77', issueIdentifier: 'DEMO-77' }),
    operatorAction({ by: 'somebody else' }),
    operatorAction({ reason: 'another one' }),
  ];
  const words: OperatorAction[] = [ofIssue, ofDaemon, ...others];
  const save = (): Promise<void> => store.apply(words.map((action) => ({ kind: 'operator_action', action })));
  await save();
  await save();
  expect(await store.operatorActions(100)).toEqual(words.toReversed());
});

test('the log is bounded, and the oldest words go first', async () => {
  const store = await openInFolder();
  for (let n = 0; n < operatorActionsKept + 3; n += 1_000) {
    const some = Math.min(1_000, operatorActionsKept + 3 - n);
    await store.apply(
      Array.from({ length: some }, (_, m) => ({
        kind: 'operator_action',
        action: operatorAction({ atMs: n + m }),
      })),
    );
  }
  const kept = await store.operatorActions(operatorActionsKept);
  expect(kept).toHaveLength(operatorActionsKept);
  expect(kept.at(-1)?.atMs).toBe(3);
  expect(kept[0]?.atMs).toBe(operatorActionsKept + 2);
}, 60_000);
