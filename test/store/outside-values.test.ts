// Values from outside: secrets are not stored, and no text or number, however absurd, makes a write, a
// read or the next start fail.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { textLimit } from '../../src/store/storable.ts';
import { entry, notification, operatorAction, park, retry, runEnded, runStarted, sample } from './rows.ts';
import { openInFolder } from './store-folder.ts';

test('no file of the database holds a secret that came in a title, an error or a detail', async () => {
  const secret = 'tok-3f1c9b';
  const store = await openInFolder({ redact: (text) => text.replaceAll(secret, '[redacted]') });
  const text = `before ${secret} after`;
  const said = { summary: text, detail: text, issueTitle: text, issueUrl: text };
  const overlong = `${'x'.repeat(textLimit - 5)}${secret}`;
  await store.apply([
    runStarted('r', { title: text }),
    runStarted('q', { title: overlong }),
    runEnded('r', { status: 'failed', error: text, evidence: text }),
    { kind: 'put_retry', retry: retry('1', { title: text, error: text }) },
    { kind: 'put_park', park: park('1', { title: text, detail: text }) },
    { kind: 'put_quota', quota: { agentKind: 'mock', untilMs: 1, detail: text, hits: 1 } },
    { kind: 'put_dispatch', dispatch: { mode: 'paused', by: text, reason: text, sinceMs: 1 } },
    { kind: 'operator_action', action: operatorAction({ by: text, reason: text }) },
    { kind: 'queue_notification', notification: notification('n', said) },
    { kind: 'queue_notification', notification: notification('ended', said) },
    runStarted('labelled', { issueState: text, issueLabels: ['bug', text], issueUrl: text }),
    runEnded('labelled'),
  ]);
  await store.record([
    entry({ name: text, detail: text }),
    entry({ detail: `${'x'.repeat(1_995)}${secret}` }),
  ]);
  await store.notifications.failed('n', { error: text, dueAtMs: 5 });
  await store.notifications.failed('ended', { error: text, dueAtMs: null });
  const clean = 'before [redacted] after';
  const { retries, parks, openRuns, quotas } = await store.load();
  expect(retries[0]).toMatchObject({ title: clean, error: clean });
  expect(parks[0]).toMatchObject({ title: clean, detail: clean });
  expect(quotas[0]).toMatchObject({ detail: clean });
  const [run] = (await store.history({ limit: 1, text: 'before [' })).runs.filter(
    ({ runId }) => runId === 'r',
  );
  expect(run).toMatchObject({ title: clean, error: clean, evidence: clean });
  expect(openRuns[0]?.title).toHaveLength(textLimit);
  expect((await store.load()).dispatch).toMatchObject({ by: clean, reason: clean });
  expect(await store.operatorActions(1)).toMatchObject([{ by: clean, reason: clean }]);
  expect((await store.timeline({ issueId: '1', limit: 2 })).entries[0]).toMatchObject({
    name: clean,
    detail: clean,
  });
  const shown = { summary: clean, detail: clean, issueTitle: clean, issueUrl: clean, lastError: clean };
  expect(await store.notifications.due(10, 10)).toMatchObject([shown]);
  expect((await store.history({ limit: 1, state: clean })).runs).toMatchObject([
    { issueState: clean, issueLabels: ['bug', clean], issueUrl: clean },
  ]);
  for (const file of [store.path, `${store.path}-wal`]) {
    expect(readFileSync(file).includes(secret.slice(0, 5)), file).toBe(false);
  }
});

test('any number of an agent is stored as one that can be read again', async () => {
  const store = await openInFolder();
  let count = 0;
  const number = fc.oneof(
    fc.double(),
    fc.constantFrom(Number.MAX_SAFE_INTEGER, 1e300, -1, Infinity, NaN, 1.5),
  );
  await fc.assert(
    fc.asyncProperty(number, number, number, async (amount, time, money) => {
      const runId = `r${(count += 1)}`;
      const tokens = { inputTokens: amount, outputTokens: amount, cacheReadTokens: amount };
      await store.apply([
        runStarted(runId, { startedAtMs: time, attempt: amount }),
        { kind: 'run_progress', runId, turns: amount, tokens, costUsd: money, costEstimated: false },
        runEnded(runId, {
          tokens,
          costUsd: money,
          secondsRunning: time > 1e15 ? 1 : time,
          completedAtMs: time,
        }),
        { kind: 'put_retry', retry: retry('1', { dueAtMs: time, attempt: amount }) },
        {
          kind: 'put_park',
          park: park('1', {
            parkedAtMs: time,
            untilMs: time,
            crossed: { limit: 'maxUsdPerRun', allowed: money, used: amount },
          }),
        },
        { kind: 'run_session', runId, issueId: '1', agentKind: 'mock', sessionId: 's' },
        {
          kind: 'put_spending',
          issueId: '1',
          identifier: 'DEMO-1',
          spending: { ...tokens, costUsd: money },
          sessionUsage: { ...tokens, reportedCostUsd: money, pendingCostUsd: amount },
        },
        { kind: 'put_day', day: { day: '2026-11-22', ...tokens, costUsd: money } },
        { kind: 'put_empty_runs', issueId: '1', identifier: 'DEMO-1', emptyRuns: amount },
        { kind: 'put_quota', quota: { agentKind: 'mock', untilMs: time, detail: '', hits: amount } },
        { kind: 'put_dispatch', dispatch: { mode: 'running', by: '', reason: '', sinceMs: time } },
        { kind: 'operator_action', action: operatorAction({ atMs: time }) },
        { kind: 'queue_notification', notification: notification(runId, { atMs: time }) },
      ]);
      await store.record([entry({ atMs: time, attempt: amount, durationMs: money, issueId: runId })]);
      await store.sample(sample(time, { running: amount, polls: money, pollSecondsMax: amount }));
      await store.notifications.failed(runId, { error: '', dueAtMs: amount });
      await store.timeline({ issueId: runId, limit: 1, beforeSeq: amount });
      expect(await store.operatorActions(1)).toHaveLength(1);
      expect(await store.notifications.due(Infinity, 1_000)).toHaveLength(count);
      const ever = { sinceMs: -Infinity, untilMs: Infinity };
      for (const row of await store.samples({ ...ever, bucketMs: 60_000 })) {
        for (const figure of Object.values(row)) expect(Number.isFinite(figure), String(figure)).toBe(true);
      }
      for (const row of await store.stats({ ...ever, bucketMs: 3_600_000, group: 'none' })) {
        const sums = [row.costUsd, row.secondsTotal, row.tokens.inputTokens];
        for (const figure of sums) expect(figure >= 0 && figure < Infinity, String(figure)).toBe(true);
        for (const second of [row.secondsP50, row.secondsP95]) expect(Number.isFinite(second)).toBe(true);
      }
      const { totals, retries, parks, issues, day, quotas } = await store.load();
      expect(Number.isSafeInteger(totals.inputTokens)).toBe(true);
      expect(Number.isSafeInteger(retries[0]?.dueAtMs)).toBe(true);
      expect(Number.isSafeInteger(quotas[0]?.untilMs)).toBe(true);
      const issue = issues.find(({ issueId }) => issueId === '1');
      const figures = [parks[0]?.crossed, issue?.spending, issue?.sessionUsage, day].flatMap((one) =>
        Object.values(one ?? { nothing: NaN }).filter((value) => typeof value === 'number'),
      );
      expect(figures).toHaveLength(2 + 4 + 5 + 4);
      for (const figure of figures) expect(figure >= 0 && figure < Infinity, String(figure)).toBe(true);
      const { runs } = await store.history({ limit: 500 });
      for (const { costUsd } of runs)
        expect(costUsd === null || (Number.isFinite(costUsd) && costUsd >= 0)).toBe(true);
    }),
    { numRuns: 60 },
  );
});

test('any well-formed text comes back as it went in, also as a key; a NUL becomes the replacement character', async () => {
  const store = await openInFolder();
  await fc.assert(
    fc.asyncProperty(
      fc.string({ unit: 'grapheme' }),
      fc.string({ unit: 'binary' }),
      async (issueId, baseline) => {
        const put = retry(issueId, { baseline, error: `${baseline}"';--`, title: issueId });
        await store.apply([{ kind: 'put_retry', retry: put }]);
        const shown = (text: string): string => text.replaceAll('\0', '\uFFFD');
        expect((await store.load()).retries).toEqual([
          { ...put, baseline: shown(baseline), error: shown(put.error) },
        ]);
        await store.apply([{ kind: 'delete_retry', issueId }]);
      },
    ),
  );
});

test('what SQLite cannot hold is refused and leaves nothing behind', async () => {
  const store = await openInFolder();
  const identifier = new Date() as unknown as string;
  const broken = store.apply([
    { kind: 'put_park', park: park('1') },
    { kind: 'put_retry', retry: retry('1', { identifier }) },
  ]);
  await expect(broken).rejects.toThrow(/write_failed: .*not a Date: pass integer milliseconds: report this/);
  expect((await store.load()).parks).toEqual([]);
});
