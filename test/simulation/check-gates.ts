// What keeps people's attention and a broken machine from being flooded, kept a second time from the events alone: the
// review limit, under which nothing new is begun, and the breaker, behind which one run at a time tries.

import type { RunErrorKind, RunExit } from '../../src/contract/index.ts';
import type { CoreState } from '../../src/core/state.ts';
import { sameText } from './contract-rules.ts';
import type { ClaimBefore, Fail, Observation } from './observation.ts';

export interface GatesCheck {
  /** First of all checks: the others ask what follows from it. */
  take(observation: Observation): void;
  begin(): void;
  /** How many new issues may be begun by the answer that this step was about. */
  roomFor(observation: Observation): number;
  /** People must know of it. */
  isPaused(state: CoreState): boolean;
  /** In the step that was taken last. */
  hasOpened(): boolean;
}

const LONGEST_MS = 1_800_000;

/** By the words of the brief: what no issue's own content explains. */
const SHARED: ReadonlySet<RunErrorKind> = new Set<RunErrorKind>([
  ...(['workspace_error', 'hook_failed', 'hook_timeout', 'template_render_error', 'worker_crashed'] as const),
  ...(['response_timeout', 'response_error', 'port_exit'] as const),
  ...(['tracker_transport_error', 'tracker_auth_error', 'tracker_api_error'] as const),
  ...(['tracker_missing_end_cursor', 'unsupported_tracker_kind'] as const),
  ...(['missing_tracker_api_key', 'missing_tracker_project'] as const),
]);
/** The agent itself was at work. */
const WORKED: ReadonlySet<RunErrorKind> = new Set<RunErrorKind>([
  ...(['turn_failed', 'turn_timeout', 'turn_cancelled', 'turn_input_required'] as const),
]);
const SILENT_REASONS: ReadonlySet<string> = new Set(['quota', 'authentication', 'session_unknown']);
const SHARED_REASONS: ReadonlySet<string> = new Set(['service_error', 'crash', 'truncated_output']);

export function createGatesCheck(fail: Fail): GatesCheck {
  let count: number | null = null;
  let countedAtMs = 0;
  let askedOf = '';
  let limited = { limit: 0, state: '' };
  let tickBeganMs = 0;
  /** New issues in this tick, before this step and with it. */
  let begun = 0;
  let begunSoFar = 0;
  let canaryBefore: string | null = null;
  let row = { failureClass: '', issueIds: new Set<string>(), sinceMs: 0 };
  let open: { untilMs: number; times: number; canary: string | null } | null = null;
  let opened = false;
  const startedAtMs = new Map<string, number>();

  function reset(): void {
    row = { failureClass: '', issueIds: new Set(), sinceMs: 0 };
    open = null;
  }

  function onEnd(issueId: string, was: ClaimBefore, exit: RunExit, { event, state }: Observation): void {
    const { breakerFailures } = state.settings.agent;
    if (breakerFailures <= 0) return reset();
    if (open !== null && open.canary !== issueId) return;
    const word = wordOf(was, exit);
    if (word === 'well') return reset();
    if (open !== null) {
      open.canary = null;
      if (word === 'silent') return;
      open.times += 1;
      open.untilMs = event.atMs + Math.min(60_000 * 2 ** open.times, LONGEST_MS);
      return;
    }
    if (word === 'silent') return;
    if (row.failureClass !== word)
      row = { failureClass: word, issueIds: new Set(), sinceMs: event.monotonicMs };
    row.issueIds.add(issueId);
    if (row.issueIds.size < breakerFailures) return;
    open = { untilMs: event.atMs + 60_000, times: 0, canary: null };
    opened = true;
  }

  function onTurn(issueId: string, runId: string): void {
    if (open === null) {
      if ((startedAtMs.get(runId) ?? 0) >= row.sinceMs) reset();
    } else if (open.canary === issueId) reset();
  }

  function follow(observation: Observation): void {
    const { event, before } = observation;
    if (event.kind === 'settings_reloaded' && before.mode !== 'recovering') onReload(observation);
    for (const [issueId, was] of before.claims) {
      if (event.kind !== 'run_ended' && event.kind !== 'run_progressed') continue;
      if (was.stage !== 'running' || was.runId !== event.runId) continue;
      if (event.kind === 'run_ended') onEnd(issueId, was, event.exit, observation);
      else if (event.event.kind === 'turn_finished') onTurn(issueId, event.runId);
    }
  }

  function onReload({ event, state }: Observation): void {
    if (event.kind !== 'settings_reloaded') return;
    if (event.endsParks || event.settings.agent.breakerFailures <= 0) reset();
    const { limit, state: handoffState } = limitOf(state);
    if (limit !== limited.limit || !sameText(handoffState, limited.state)) count = null;
  }

  /** While it is open: whoever begins to be looked at is the one that tries. */
  function watchChecks({ event, before, state }: Observation): void {
    if (open === null) return;
    for (const claim of state.claims.values()) {
      if (claim.stage.kind !== 'checking' || before.claims.get(claim.issueId)?.stage === 'checking') continue;
      if (isWaiting(event.atMs)) fail(`${claim.identifier} is looked at while the breaker is open`);
      const other = canaryIn(state);
      if (other !== null && other !== claim.issueId)
        fail(`${claim.identifier} is let through beside ${other}`);
      open.canary = claim.issueId;
    }
  }

  function watchStarts({ event, effects, state }: Observation): void {
    for (const effect of effects) {
      if (effect.kind !== 'start_run') continue;
      const { issue, runId } = effect.spec;
      startedAtMs.set(runId, event.monotonicMs);
      if (open === null) continue;
      const canary = canaryIn(state);
      if (canary !== null && canary !== issue.id) fail(`${issue.identifier} was started beside ${canary}`);
      if (canary === null && isWaiting(event.atMs))
        fail(`${issue.identifier} was started while the breaker is open`);
      open.canary = issue.id;
    }
  }

  /** As after the step; whoever was refused before its start tries no more. */
  function canaryIn(state: CoreState): string | null {
    const stage = state.claims.get(open?.canary ?? '')?.stage.kind;
    return open !== null && (stage === 'checking' || stage === 'running') ? open.canary : null;
  }

  function isWaiting(atMs: number): boolean {
    return open !== null && atMs < open.untilMs && open.untilMs - atMs <= LONGEST_MS;
  }

  function keepCount({ event, effects, before }: Observation): void {
    for (const effect of effects) {
      if (effect.kind === 'tell' && effect.notice.kind === 'handed_off' && count !== null) count += 1;
    }
    if (event.kind !== 'handoff_counted' || before.mode !== 'running' || !before.waitsFor(event.effectId))
      return;
    if (limited.limit <= 0 || !sameText(askedOf, limited.state)) return;
    count = event.count;
    countedAtMs = event.atMs;
  }

  function keepTick({ event, effects, before, state }: Observation): void {
    if (state.tick !== null) tickBeganMs = state.tick.startedAtMs;
    begun = begunSoFar;
    for (const effect of effects) {
      if (effect.kind === 'run_preflight') begunSoFar = 0;
      if (effect.kind === 'count_handoff') askedOf = effect.state;
      const isNew = effect.kind === 'fetch_issue' && !before.claims.has(effect.issueId);
      if (isNew && event.kind === 'candidates_fetched') begunSoFar += 1;
    }
  }

  return {
    hasOpened: () => opened,
    isPaused: ({ settings }) =>
      (open !== null && settings.agent.breakerFailures > 0) ||
      (limited.limit > 0 && count !== null && count >= limited.limit),
    roomFor({ event, before, state }) {
      let room = Infinity;
      if (limited.limit > 0) {
        const handingOff = [...before.claims.values()].filter(({ stage }) => stage === 'handing_off').length;
        const isFresh = count !== null && countedAtMs >= tickBeganMs;
        room = isFresh ? Math.max(0, limited.limit - (count ?? 0) - handingOff - begun) : 0;
      }
      if (open === null) return room;
      const canary = [...before.claims].find(
        ([issueId, { stage }]) =>
          (issueId === canaryBefore && (stage === 'checking' || stage === 'running')) ||
          (stage === 'retry_queued' && state.claims.get(issueId)?.stage.kind === 'checking'),
      );
      return canary !== undefined || isWaiting(event.atMs) ? 0 : Math.min(room, 1);
    },
    begin() {
      reset();
      count = null;
      begunSoFar = 0;
      startedAtMs.clear();
    },
    take(observation) {
      opened = false;
      canaryBefore = open?.canary ?? null;
      follow(observation);
      limited = limitOf(observation.state);
      keepCount(observation);
      keepTick(observation);
      watchChecks(observation);
      watchStarts(observation);
    },
  };
}

function limitOf({ settings }: CoreState): { limit: number; state: string } {
  const { maxInHandoff, handoffState } = settings.tracker;
  return { limit: handoffState === '' ? 0 : maxInHandoff, state: handoffState };
}

/** `well`, `silent`, or in which way it failed that others may share. */
function wordOf({ stopping }: ClaimBefore, exit: RunExit): string {
  if (exit.kind === 'normal') return 'well';
  if (exit.kind === 'cancelled' || stopping !== null) return 'silent';
  const { kind, reason = null } = exit.failure;
  const isShared = SHARED.has(kind);
  if (!isShared && !WORKED.has(kind)) return 'silent';
  const failureClass = reason === null ? kind : `${kind} (${reason})`;
  if (reason === null) return isShared ? failureClass : 'well';
  if (SILENT_REASONS.has(reason)) return 'silent';
  return SHARED_REASONS.has(reason) ? failureClass : 'well';
}
