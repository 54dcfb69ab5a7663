// What follows the end of a run: every exit × every reason to stop it × with and without a handoff state ×
// draining or not. The table below is the contract's; a new kind of exit fails until somebody adds its row.

import { describe, expect, it } from 'vitest';
import {
  AGENT_ERROR_KINDS,
  AGENT_FAILURE_REASONS,
  TRACKER_ERROR_KINDS,
  type CancelReason,
  type NormalEnd,
  type RunErrorKind,
  type RunExit,
} from '../../src/contract/index.ts';
import { aCore, failed, type Core } from './driver.ts';
import { issue } from './issues.ts';

const OTHER_ERRORS = [
  'workspace_refused',
  'workspace_error',
  'hook_failed',
  'hook_timeout',
  'template_render_error',
  'worker_crashed',
  'executor_busy',
] as const;
const ERRORS: readonly RunErrorKind[] = [...AGENT_ERROR_KINDS, ...TRACKER_ERROR_KINDS, ...OTHER_ERRORS];

const STOPS: readonly (CancelReason | null)[] = [
  null,
  'stalled',
  'terminal',
  'not_active',
  'shutdown',
  'lost',
  'operator',
  'budget',
];

const STATES: readonly (string | null)[] = ['Todo', 'Backlog', 'Done', null];

interface Case {
  readonly exit: RunExit;
  readonly stopping?: CancelReason | null;
  readonly handoff: boolean;
  readonly draining?: boolean;
}

const normal = (end: NormalEnd, state: string | null): RunExit => ({
  kind: 'normal',
  end,
  state,
  evidence: null,
});
const NOTHING_DONE = {
  ...{ commit: false, changes: false, toolWrites: 0, declared: false, unknown: false },
  summary: 'nothing',
};
const cancelled = (reason: CancelReason): RunExit => ({ kind: 'cancelled', reason });

/** One line: how the run is recorded, and what follows. */
function outcome({ exit, stopping = null, handoff, draining = false }: Case): string {
  const core = aCore({ settings: { tracker: { handoffState: handoff ? 'Review' : '' } } });
  core.start(issue('1'));
  core.inTurn('1');
  if (draining) core.shutdown();
  if (stopping !== null) core.run('1').stopping = stopping;
  core.ended('1', exit);
  const [row] = core.saved('run_ended');
  const [finished] = core.told('run_finished');
  return `${row?.status ?? 'no row'} (${finished?.exitType ?? 'not told'}) → ${what(core, draining)}`;
}

function what(core: Core, draining: boolean): string {
  const claim = core.state.claims.get('1');
  if (claim === undefined) return `release: ${core.told('released')[0]?.why ?? 'untold'}`;
  const { stage } = claim;
  if (stage.kind === 'handing_off') return `handoff, refused: ${stage.handoff.onRefusal}`;
  if (stage.kind === 'cleaning') return 'clean, then release';
  if (stage.kind === 'parked') return `park ${stage.park.reason}, then attempt ${stage.park.attempt}`;
  if (stage.kind !== 'retry_queued') return stage.kind;
  const { trigger, step, attempt, failures } = stage.retry;
  const next =
    step === 'handoff' ? 'the handoff' : step === 'review' ? 'the handoff for review' : `attempt ${attempt}`;
  const when = draining ? 'stored' : `in ${(stage.retry.dueAtMs - core.atMs) / 1000} s`;
  return `${next} ${when} (${trigger}, ${failures} failed)`;
}

const both = (one: Omit<Case, 'handoff'>): string => {
  const [without, withHandoff] = [outcome({ ...one, handoff: false }), outcome({ ...one, handoff: true })];
  return without === withHandoff ? without : `${without}  |  ${withHandoff}`;
};

const KEEP = 'failed (error) → attempt 1 in 10 s (error, 1 failed)';

describe('disposition', () => {
  it('of every error, in any state of the settings', () => {
    const table = Object.fromEntries(ERRORS.map((kind) => [kind, both({ exit: failed(kind) })]));
    expect(table).toEqual({
      agent_not_found: 'failed (error) → park agent_error, then attempt 1',
      agent_config_error: 'failed (error) → park agent_error, then attempt 1',
      invalid_workspace_cwd: 'failed (error) → park workspace_refused, then attempt 1',
      response_timeout: 'timed_out (error) → attempt 1 in 10 s (error, 1 failed)',
      turn_timeout: 'timed_out (error) → attempt 1 in 10 s (error, 1 failed)',
      port_exit: KEEP,
      response_error: KEEP,
      turn_failed: KEEP,
      turn_cancelled: KEEP,
      turn_input_required: 'failed (error) → park input_required, then attempt 1',
      tracker_transport_error: KEEP,
      tracker_auth_error: KEEP,
      tracker_api_error: KEEP,
      tracker_not_found: KEEP,
      tracker_payload_error: KEEP,
      tracker_missing_end_cursor: KEEP,
      unsupported_tracker_kind: KEEP,
      missing_tracker_api_key: KEEP,
      missing_tracker_project: KEEP,
      workspace_refused: 'failed (error) → park workspace_refused, then attempt 1',
      workspace_error: KEEP,
      hook_failed: KEEP,
      hook_timeout: KEEP,
      template_render_error: KEEP,
      worker_crashed: KEEP,
      executor_busy: 'interrupted (error) → attempt 1 in 10 s (timer, 0 failed)',
    });
  });

  it('of every reason that an agent gives, which counts before the kind', () => {
    const table = Object.fromEntries(
      AGENT_FAILURE_REASONS.map((reason) => [reason, both({ exit: failed('turn_failed', { reason }) })]),
    );
    expect(table).toEqual({
      quota: 'interrupted (cancelled) → park quota, then attempt 0',
      budget: 'failed (error) → park budget, then attempt 1',
      turn_limit: KEEP,
      authentication: 'failed (error) → park agent_error, then attempt 1',
      context_overflow: KEEP,
      permission_refused: 'failed (error) → park input_required, then attempt 1',
      input_required: 'failed (error) → park input_required, then attempt 1',
      session_unknown: KEEP,
      service_error: KEEP,
      crash: KEEP,
      truncated_output: KEEP,
    });
    const kept = both({ exit: failed('turn_timeout', { reason: 'crash' }) });
    expect(kept).toBe('timed_out (error) → attempt 1 in 10 s (error, 1 failed)');
  });

  it('of every normal end, by the state that was last seen (without | with a handoff state)', () => {
    const ends: readonly NormalEnd[] = [
      'turns_used_up',
      'not_active',
      'label_missing',
      'state_unknown',
      'status_blocked',
      'status_needs_human_review',
    ];
    const table = Object.fromEntries(
      ends.flatMap((end) =>
        STATES.map((state) => [`${end}, ${state ?? 'unknown'}`, both({ exit: normal(end, state) })]),
      ),
    );
    const goOn = 'succeeded (normal) → attempt 1 in 1 s (continuation, 0 failed)';
    const handOff = 'succeeded (normal) → handoff, refused: retry';
    const gone = 'release: not active';
    expect(table).toEqual({
      'turns_used_up, Todo': `${goOn}  |  ${handOff}`,
      'turns_used_up, Backlog': `succeeded (normal) → ${gone}`,
      'turns_used_up, Done': 'succeeded (normal) → clean, then release',
      'turns_used_up, unknown': `${goOn}  |  ${handOff}`,
      'not_active, Todo': `succeeded (normal) → ${gone}`,
      'not_active, Backlog': `succeeded (normal) → ${gone}`,
      'not_active, Done': 'succeeded (normal) → clean, then release',
      'not_active, unknown': `succeeded (normal) → ${gone}`,
      'label_missing, Todo': 'cancelled (normal) → release: required label missing',
      'label_missing, Backlog': `succeeded (normal) → ${gone}`,
      'label_missing, Done': 'succeeded (normal) → clean, then release',
      'label_missing, unknown': 'cancelled (normal) → release: required label missing',
      'state_unknown, Todo': goOn,
      'state_unknown, Backlog': `succeeded (normal) → ${gone}`,
      'state_unknown, Done': 'succeeded (normal) → clean, then release',
      'state_unknown, unknown': goOn,
      'status_blocked, Todo': 'blocked (normal) → park blocked, then attempt 1',
      'status_blocked, Backlog': `blocked (normal) → ${gone}`,
      'status_blocked, Done': 'blocked (normal) → clean, then release',
      'status_blocked, unknown': 'blocked (normal) → park blocked, then attempt 1',
      'status_needs_human_review, Todo':
        'needs_human_review (normal) → park needs_human_review, then attempt 1  |  needs_human_review (normal) → handoff, refused: park',
      'status_needs_human_review, Backlog': `needs_human_review (normal) → ${gone}`,
      'status_needs_human_review, Done': 'needs_human_review (normal) → clean, then release',
      'status_needs_human_review, unknown':
        'needs_human_review (normal) → park needs_human_review, then attempt 1  |  needs_human_review (normal) → handoff, refused: park',
    });
  });

  const CANCELLED: Readonly<Record<CancelReason, string>> = {
    stalled: 'stalled (error) → attempt 1 in 10 s (stall, 1 failed)',
    terminal: 'cancelled (cancelled) → clean, then release',
    not_active: 'cancelled (cancelled) → release: not active',
    shutdown: 'interrupted (cancelled) → attempt 1 in 0 s (continuation, 0 failed)',
    lost: 'interrupted (cancelled) → attempt 1 in 0 s (continuation, 0 failed)',
    operator: 'cancelled (cancelled) → park held, then attempt 1',
    budget: 'cancelled (cancelled) → park budget, then attempt 1',
  };
  const REASONS = Object.keys(CANCELLED) as CancelReason[];

  it('of a cancelled run is that of its reason, and the first reason wins', () => {
    const table = Object.fromEntries(REASONS.map((reason) => [reason, both({ exit: cancelled(reason) })]));
    expect(table).toEqual(CANCELLED);
    for (const first of REASONS) {
      for (const late of REASONS) {
        expect(both({ exit: cancelled(late), stopping: first })).toBe(CANCELLED[first]);
      }
    }
  });

  it('of a run that failed while it was told to stop is that of the stop, not of the error', () => {
    for (const stopping of REASONS) {
      for (const kind of ERRORS) expect(both({ exit: failed(kind), stopping })).toBe(CANCELLED[stopping]);
    }
  });

  it('of a run that ended well while it was told to stop', () => {
    const table = Object.fromEntries(
      STOPS.map((stopping) => [
        stopping ?? 'none',
        both({ exit: normal('turns_used_up', 'Todo'), stopping }),
      ]),
    );
    const well =
      'succeeded (normal) → attempt 1 in 1 s (continuation, 0 failed)  |  succeeded (normal) → handoff, refused: retry';
    expect(table).toEqual({
      none: well,
      // Told to stop for its own budget: there is something left for another run.
      budget: well,
      stalled: well,
      shutdown: well,
      lost: well,
      terminal: CANCELLED.terminal,
      not_active: CANCELLED.not_active,
      operator: CANCELLED.operator,
    });
  });

  it('while shutting down begins nothing and keeps what is owed', () => {
    const ends: readonly RunExit[] = [
      normal('turns_used_up', 'Todo'),
      normal('turns_used_up', 'Done'),
      normal('turns_used_up', 'Backlog'),
      normal('state_unknown', null),
      normal('status_blocked', 'Todo'),
      normal('status_needs_human_review', 'Todo'),
      cancelled('shutdown'),
      cancelled('terminal'),
      failed('turn_failed'),
      failed('agent_not_found'),
    ];
    const table = ends.map((exit) => {
      const label =
        exit.kind === 'normal'
          ? `${exit.end}, ${exit.state ?? 'unknown'}`
          : exit.kind === 'cancelled'
            ? exit.reason
            : exit.failure.kind;
      return `${label}: ${both({ exit, draining: true })}`;
    });
    // The core itself told it to stop for the shutdown, so that an error is taken as the interruption it is.
    expect(table).toEqual([
      'turns_used_up, Todo: succeeded (normal) → attempt 1 stored (continuation, 0 failed)  |  succeeded (normal) → the handoff stored (continuation, 0 failed)',
      'turns_used_up, Done: succeeded (normal) → release: terminal',
      'turns_used_up, Backlog: succeeded (normal) → release: not active',
      'state_unknown, unknown: succeeded (normal) → attempt 1 stored (continuation, 0 failed)',
      'status_blocked, Todo: blocked (normal) → park blocked, then attempt 1',
      'status_needs_human_review, Todo: needs_human_review (normal) → park needs_human_review, then attempt 1  |  needs_human_review (normal) → the handoff for review stored (continuation, 0 failed)',
      'shutdown: interrupted (cancelled) → attempt 1 stored (continuation, 0 failed)',
      'terminal: interrupted (cancelled) → attempt 1 stored (continuation, 0 failed)',
      'turn_failed: interrupted (cancelled) → attempt 1 stored (continuation, 0 failed)',
      'agent_not_found: interrupted (cancelled) → attempt 1 stored (continuation, 0 failed)',
    ]);
  });

  it('never forgets a claim: every exit under every stop is released or has a place in the store', () => {
    const exits: readonly RunExit[] = [
      ...ERRORS.map((kind) => failed(kind)),
      ...AGENT_FAILURE_REASONS.map((reason) => failed('turn_failed', { reason })),
      { kind: 'normal', end: 'turns_used_up', state: 'Todo', evidence: NOTHING_DONE },
      ...REASONS.map(cancelled),
      normal('turns_used_up', 'Todo'),
      normal('status_blocked', 'Todo'),
      normal('state_unknown', null),
    ];
    const places =
      /^(release: .+|clean, then release|handoff, refused: \w+|park .+|attempt 1 .+|the handoff stored .+)$/;
    for (const exit of exits) {
      for (const stopping of STOPS) {
        for (const handoff of [true, false]) {
          for (const draining of [true, false]) {
            const line = outcome({ exit, stopping, handoff, draining });
            expect(line.slice(line.indexOf('→ ') + 2), JSON.stringify({ exit, stopping })).toMatch(places);
          }
        }
      }
    }
  });
});
