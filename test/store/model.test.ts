// The store against a model of it in memory: after any sequence of batches, closings and re-openings both
// say the same.
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { PARK_REASONS, RUN_STATUSES, type CrossedLimit, type StoreWrite } from '../../src/contract/store.ts';
import { DISPATCH_MODES, ISSUE_CONTROLS } from '../../src/contract/controls.ts';
import { openStore } from '../../src/store/index.ts';
import { StoreModel } from './store-model.ts';
import { notification, operatorAction, park, retry, runEnded, runStarted, tracker } from './rows.ts';
import { storeFolder } from './store-folder.ts';

const issueId = fc.constantFrom('1', '2', '3');
const runId = fc.constantFrom('a', 'b', 'c');
const count = fc.nat({ max: 1_000 });
/** Not exact in binary, down to the price of one cached token. */
const cost = fc.nat({ max: 1e9 }).map((nanoUsd) => nanoUsd / 1e9 + 0.1);
const sessionId = fc.constantFrom('s', 't');
const agentKind = fc.constantFrom('mock', 'claude-code');
const tokens = fc.record({ inputTokens: count, outputTokens: count, cacheReadTokens: count });
const usage = fc.record({
  turns: count,
  tokens,
  costUsd: fc.option(cost),
  costEstimated: fc.boolean(),
});

const spending = fc.tuple(tokens, cost).map(([totals, costUsd]) => ({ ...totals, costUsd }));
const sessionUsage = fc
  .tuple(tokens, cost, cost)
  .map(([totals, reportedCostUsd, pendingCostUsd]) => ({ ...totals, reportedCostUsd, pendingCostUsd }));
const crossed: fc.Arbitrary<CrossedLimit> = fc.record({
  limit: fc.constantFrom('maxTokensPerRun' as const, 'maxUsdPerDay' as const),
  allowed: cost,
  used: cost,
});

const started = fc
  .tuple(runId, issueId, count, fc.boolean())
  .map(([run, id, attempt, ordered]) =>
    runStarted(run, { issueId: id, identifier: `DEMO-${id}`, attempt, startedAtMs: attempt, ordered }),
  );
const ended = fc
  .tuple(runId, usage, fc.constantFrom(...RUN_STATUSES), count, fc.constantFrom('', 'commit on main'))
  .map(([id, facts, status, secondsRunning, evidence]) =>
    runEnded(id, { ...facts, status, secondsRunning, evidence }),
  );

/** Starts and ends come often, so that the same run is started and ended again. */
const write: fc.Arbitrary<StoreWrite> = fc.oneof(
  { weight: 3, arbitrary: started },
  { weight: 3, arbitrary: ended },
  fc.tuple(runId, count).map(([id, pid]) => ({
    kind: 'run_process' as const,
    runId: id,
    process: { pid, processGroup: pid, startTime: `boot:${pid % 3}` },
  })),
  fc.record({
    kind: fc.constant('run_session' as const),
    runId,
    issueId,
    agentKind,
    sessionId,
  }),
  fc.tuple(runId, issueId, fc.uuid()).map(([run, id, name]) => ({
    kind: 'run_workspace' as const,
    runId: run,
    issueId: id,
    identifier: `DEMO-${id}`,
    path: `/w/${name}`,
  })),
  fc.tuple(runId, usage).map(([id, facts]) => ({ kind: 'run_progress' as const, runId: id, ...facts })),
  fc
    .tuple(issueId, count)
    .map(([id, n]) => ({ kind: 'put_retry' as const, retry: retry(id, { attempt: n, dueAtMs: n }) })),
  fc.record({ kind: fc.constantFrom('delete_retry' as const, 'delete_park' as const), issueId }),
  fc
    .tuple(issueId, fc.constantFrom(...PARK_REASONS), fc.option(count), fc.option(crossed))
    .map(([id, reason, untilMs, limit]) => ({
      kind: 'put_park' as const,
      park: park(id, { reason, untilMs, crossed: limit }),
    })),
  fc.tuple(issueId, spending, fc.option(sessionUsage)).map(([id, spent, used]) => ({
    kind: 'put_spending' as const,
    issueId: id,
    identifier: `DEMO-${id}`,
    spending: spent,
    sessionUsage: used,
  })),
  fc.tuple(fc.nat({ max: 30 }), spending).map(([day, spent]) => ({
    kind: 'put_day' as const,
    day: { day: `2026-01-${String(day + 1).padStart(2, '0')}`, ...spent },
  })),
  fc.tuple(issueId, count).map(([id, emptyRuns]) => ({
    kind: 'put_empty_runs' as const,
    issueId: id,
    identifier: `DEMO-${id}`,
    emptyRuns,
  })),
  fc.tuple(agentKind, count, count).map(([kind, untilMs, hits]) => ({
    kind: 'put_quota' as const,
    quota: { agentKind: kind, untilMs, detail: 'five_hour', hits },
  })),
  fc.record({ kind: fc.constant('delete_quota' as const), agentKind }),
  fc.tuple(issueId, count).map(([id, sessionsUsed]) => ({
    kind: 'put_sessions_used' as const,
    issueId: id,
    identifier: `DEMO-${id}`,
    sessionsUsed,
  })),
  fc.tuple(fc.constantFrom(...DISPATCH_MODES), count).map(([mode, sinceMs]) => ({
    kind: 'put_dispatch' as const,
    dispatch: { mode, by: 'ada', reason: 'a release', sinceMs },
  })),
  fc.tuple(fc.constantFrom(...ISSUE_CONTROLS), issueId, count).map(([control, id, atMs]) => ({
    kind: 'operator_action' as const,
    action: operatorAction({ control, issueId: id, atMs }),
  })),
  fc.tuple(fc.nat({ max: 5 }), count).map(([id, atMs]) => ({
    kind: 'queue_notification' as const,
    notification: notification(`run_finished:${id}:chat`, { atMs }),
  })),
  fc.record({ kind: fc.constantFrom('forget_session' as const, 'forget_workspace' as const), issueId }),
);

const step = fc.oneof(
  { weight: 5, arbitrary: fc.array(write, { maxLength: 8 }) },
  { weight: 1, arbitrary: fc.constant('reopen' as const) },
  { weight: 1, arbitrary: fc.constant('fail' as const) },
);

test('the store says what a model in memory says, through re-openings and failed batches', async () => {
  const folder = storeFolder();
  let databases = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 25 }), async (steps) => {
      const path = join(folder, `${(databases += 1)}.db`);
      const model = new StoreModel();
      let store = await openStore({ path, tracker });
      try {
        for (const next of steps) {
          if (next === 'reopen') {
            await store.close();
            store = await openStore({ path, tracker });
          } else if (next === 'fail') {
            const unstorable = {
              kind: 'delete_park',
              issueId: Symbol('no text') as unknown as string,
            } as const;
            const batch = [runStarted('a'), runEnded('a'), unstorable];
            await expect(store.apply(batch)).rejects.toMatchObject({ kind: 'write_failed' });
          } else {
            await store.apply(next);
            for (const each of next) model.apply(each);
          }
          expect(await store.load()).toEqual(model.state());
        }
        expect((await store.history({ limit: 500 })).runs).toEqual(model.history());
        expect(await store.operatorActions(100)).toEqual(model.operatorActions());
        expect(await store.notifications.due(1_000, 100)).toEqual(model.notifications());
      } finally {
        await store.close();
      }
    }),
    { numRuns: 100 },
  );
}, 120_000);
