// Every notice of the core becomes one log line and the counters that belong to it. The table has every kind: a
// new one does not compile until it has a row.

import { expect, it } from 'vitest';
import { PARK_REASONS, type Notice } from '../../src/contract/index.ts';
import { createTeller } from '../../src/daemon/notices.ts';
import { rememberingCounters, rememberingLog } from './hand-clock.ts';

const about = { issueId: '1', issueIdentifier: 'DEMO-1', runId: 'r-1', sessionId: 's-1', attempt: 2 };
const tick = {
  kind: 'tick_completed',
  durationMs: 12.4,
  candidates: 3,
  nothingEligible: false,
  throttled: false,
} as const;

function told(notice: Notice): string[] {
  const log = rememberingLog();
  const { counters, counted } = rememberingCounters();
  createTeller(log, counters)(notice);
  expect(log.lines).toHaveLength(1);
  const [line] = log.lines;
  const all = line?.fields ?? {};
  const { issue_id, issue_identifier, run_id, session_id, attempt, ...rest } = all;
  const fields = 'issueId' in notice ? rest : all;
  if ('issueId' in notice) {
    expect({ issue_id, issue_identifier, run_id, session_id, attempt }).toEqual({
      issue_id: '1',
      issue_identifier: 'DEMO-1',
      run_id: 'r-1',
      session_id: 's-1',
      attempt: 2,
    });
  }
  const facts = Object.entries(fields)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => ` ${name}=${String(value)}`);
  return [`${line?.level}: ${line?.message}${facts.join('')}`, ...counted];
}

type Kind = Notice['kind'];

const ROWS: { readonly [K in Kind]: readonly [Extract<Notice, { kind: K }>, readonly string[]] } = {
  dispatched: [
    { ...about, kind: 'dispatched', state: 'Todo' },
    ['info: run dispatched state=Todo', 'countDispatch success'],
  ],
  dispatch_refused: [
    { ...about, kind: 'dispatch_refused', verdict: 'blocked_by', detail: 'X-9' },
    ['info: dispatch refused by the check verdict=blocked_by detail=X-9'],
  ],
  verdict_changed: [
    { ...about, kind: 'verdict_changed', verdict: 'no_global_slot', detail: '' },
    ['debug: verdict changed verdict=no_global_slot detail='],
  ],
  phase_ended: [
    { ...about, kind: 'phase_ended', phase: 'checking', durationMs: 3.4 },
    ['debug: phase ended phase=checking duration_ms=3'],
  ],
  turn_ended: [
    { ...about, kind: 'turn_ended', turn: 2, durationMs: 1_000 },
    ['debug: turn ended turn=2 duration_ms=1000'],
  ],
  tool_ended: [
    { ...about, kind: 'tool_ended', tool: 'Bash', durationMs: null, ok: false },
    ['debug: tool ended tool=Bash ok=false'],
  ],
  operator_acted: [
    {
      kind: 'operator_acted',
      control: 'hold',
      issue: { id: '1', identifier: 'DEMO-1' },
      by: 'ada',
      reason: 'wait for legal',
    },
    [
      'info: operator acted control=hold issue_id=1 issue_identifier=DEMO-1 by=ada reason=wait for legal',
      'countOperatorAction hold',
    ],
  ],
  operator_drained: [
    { kind: 'operator_drained' },
    ['info: drained: nothing runs any more, nothing is started until resume'],
  ],
  dispatch_failed: [
    { ...about, kind: 'dispatch_failed', message: 'away' },
    ['warn: dispatch failed error=away', 'countDispatch error'],
  ],
  run_stopping: [
    { ...about, kind: 'run_stopping', reason: 'stalled' },
    ['info: run told to stop reason=stalled'],
  ],
  run_finished: [
    {
      ...about,
      kind: 'run_finished',
      status: 'failed',
      exitType: 'error',
      secondsRunning: 1.23456,
      error: 'broke',
    },
    ['warn: run failed status=failed seconds=1.235 error=broke', 'countWorkerExit error 1.23456'],
  ],
  run_warned: [
    { ...about, kind: 'run_warned', message: 'odd status file', detail: 'x' },
    ['warn: odd status file detail=x'],
  ],
  retry_queued: [
    { ...about, kind: 'retry_queued', trigger: 'stall', dueAtMs: 0, error: 'stalled' },
    ['info: retry queued trigger=stall due_at=1970-01-01T00:00:00.000Z error=stalled', 'countRetry stall'],
  ],
  handed_off: [
    { ...about, kind: 'handed_off', toState: 'Review' },
    ['info: issue handed off state=Review', 'countHandoffTransition success'],
  ],
  handoff_failed: [
    { ...about, kind: 'handoff_failed', message: 'no' },
    ['warn: handoff failed error=no', 'countHandoffTransition error'],
  ],
  handoff_skipped: [
    { ...about, kind: 'handoff_skipped' },
    ['debug: no handoff state is set', 'countHandoffTransition skipped'],
  ],
  parked: [
    { ...about, kind: 'parked', reason: 'blocked', detail: 'asks' },
    ['warn: issue parked reason=blocked detail=asks'],
  ],
  park_ended: [
    { ...about, kind: 'park_ended', reason: 'blocked', by: 'issue_change' },
    ['info: park ended reason=blocked by=issue_change'],
  ],
  released: [{ ...about, kind: 'released', why: 'terminal' }, ['info: issue released why=terminal']],
  reconciled: [
    { ...about, kind: 'reconciled', action: 'cleanup' },
    ['debug: reconciled action=cleanup', 'countReconciliation cleanup'],
  ],
  workspace_removed: [
    { ...about, kind: 'workspace_removed', path: '/w' },
    ['info: workspace removed path=/w'],
  ],
  workspace_not_removed: [
    { ...about, kind: 'workspace_not_removed', path: '/w', message: 'busy' },
    ['warn: workspace not removed path=/w error=busy'],
  ],
  tick_completed: [
    { ...tick, result: 'success', dispatched: 0, error: '' },
    [
      'debug: tick completed result=success duration_ms=12 candidates=3 dispatched=0',
      'countPollCycle success 0.0124',
    ],
  ],
  fetch_failed: [
    { kind: 'fetch_failed', what: 'fetch_candidates', message: 'away' },
    ['warn: reading the tracker failed operation=fetch_candidates error=away'],
  ],
  preflight_failed: [
    { kind: 'preflight_failed', problems: ['a', 'b'] },
    ['error: preflight failed, nothing is dispatched problems=a; b'],
  ],
  preflight_recovered: [{ kind: 'preflight_recovered' }, ['info: preflight passes again']],
  store_paused: [
    { kind: 'store_paused', message: 'disk full' },
    ['error: the store cannot be written, nothing is dispatched error=disk full'],
  ],
  store_resumed: [{ kind: 'store_resumed' }, ['info: the store can be written again']],
  recovered: [
    { kind: 'recovered', retries: 1, parks: 2, interrupted: 3 },
    ['info: recovered retries=1 parks=2 interrupted=3'],
  ],
  dispatch_paused: [
    { kind: 'dispatch_paused', reason: 'quota', agentKind: 'codex', detail: 'usage limit', untilMs: 60_000 },
    ['warn: dispatch paused reason=quota agent_kind=codex until=1970-01-01T00:01:00.000Z detail=usage limit'],
  ],
  dispatch_resumed: [
    { kind: 'dispatch_resumed', reason: 'budget', agentKind: null },
    ['info: dispatch resumed reason=budget'],
  ],
  draining: [{ kind: 'draining', running: 4 }, ['info: shutting down running=4']],
  drained: [{ kind: 'drained', leftBehind: 0 }, ['info: everything has ended']],
};

it.each(Object.entries(ROWS))('%s', (_kind, [notice, lines]) => {
  expect(told(notice)).toEqual(lines);
});

it('a tick that dispatched something is told at info', () => {
  expect(told({ ...tick, result: 'error', dispatched: 2, error: 'away' })[0]).toBe(
    'info: tick completed result=error duration_ms=12 candidates=3 dispatched=2 error=away',
  );
});

it('a run that ended well or was cancelled is told at info', () => {
  const ended = {
    ...about,
    kind: 'run_finished',
    status: 'succeeded',
    secondsRunning: 1,
    error: '',
  } as const;
  expect(told({ ...ended, exitType: 'normal' })).toEqual([
    'info: run finished status=succeeded seconds=1',
    'countWorkerExit normal 1',
  ]);
  expect(told({ ...ended, status: 'cancelled', exitType: 'cancelled' })[0]).toBe(
    'info: run finished status=cancelled seconds=1',
  );
});

it('a park is an error where the host, not the issue, has to be mended', () => {
  const errors = PARK_REASONS.filter((reason) =>
    told({ ...about, kind: 'parked', reason, detail: '' })[0]?.startsWith('error'),
  );
  expect(errors).toEqual(['handoff_failed', 'workspace_refused', 'agent_error']);
});

it('a shutdown that left something behind is a warning', () => {
  expect(told({ kind: 'drained', leftBehind: 2 })).toEqual(['warn: shutdown deadline reached left_behind=2']);
});

it('what has no run, no session and no error says nothing of them', () => {
  const log = rememberingLog();
  const { counters } = rememberingCounters();
  const tell = createTeller(log, counters);
  const unknown = { ...about, runId: null, sessionId: null };
  tell({ ...unknown, kind: 'retry_queued', trigger: 'timer', dueAtMs: 0, error: '' });
  expect(Object.keys(log.lines[0]?.fields ?? {})).toEqual([
    'issue_id',
    'issue_identifier',
    'attempt',
    'trigger',
    'due_at',
  ]);
});

it('a pause that waits for a person is an error', () => {
  const pause = {
    reason: 'agent_error',
    agentKind: 'codex',
    detail: 'not logged in',
    untilMs: null,
  } as const;
  expect(told({ kind: 'dispatch_paused', ...pause })).toEqual([
    'error: dispatch paused reason=agent_error agent_kind=codex detail=not logged in',
  ]);
});
