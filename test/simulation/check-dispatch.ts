// Who is started: only after a by-id read that said so, only with a free slot, in the contract's order, with the
// attempt that is next, and with a row that is already durable.

import type { Event, Issue, RunSpec, Verdict } from '../../src/contract/index.ts';
import type { CoreState } from '../../src/core/state.ts';
import { compareByContract, mayRun, mayRunIfOrdered, sameText, stateLimit } from './contract-rules.ts';
import type { LiveRun } from './fake-executor.ts';
import type { MemoryStore } from './memory-store.ts';
import { told, type Fail, type Observation } from './observation.ts';

export interface DispatchCheck {
  take(observation: Observation): void;
  /** A run was really handed to the executor. */
  submitted(spec: RunSpec, state: CoreState, live: ReadonlyMap<string, LiveRun>): void;
  /** A daemon begins: what the store says is what goes on. */
  begin(store: MemoryStore, trusted: boolean): void;
}

const HOUR = 3_600_000;
const OF_THE_ISSUE: ReadonlySet<string> = new Set<Verdict>([
  ...(['missing_field', 'missing_label', 'blocked_by'] as const),
  ...(['state_not_active', 'state_terminal', 'not_found'] as const),
]);

export function createDispatchCheck(
  fail: Fail,
  store: MemoryStore,
  isPaused: (state: CoreState, atMs: number) => boolean,
  roomFor: (observation: Observation) => number,
): DispatchCheck {
  /** What the next run of a claim must be; absent = 0. */
  const nextAttempt = new Map<string, number>();
  let seen = new Set<string>();
  /** Refused by their look though the list said yes: they stand after the others until then (monotonic). */
  const setBack = new Map<string, { times: number; untilMs: number }>();

  function checkStart({ event, effects, before, state }: Observation): void {
    for (const effect of effects) {
      if (effect.kind !== 'start_run') continue;
      const { issue } = effect.spec;
      const who = `${issue.identifier} was started`;
      if (event.kind !== 'issue_fetched' || event.issue?.id !== issue.id) fail(`${who} without a by-id read`);
      else {
        const isOrdered = before.claims.get(issue.id)?.retry?.step === 'ordered';
        const says = isOrdered ? mayRunIfOrdered : mayRun;
        if (!says(event.issue, state.settings)) fail(`${who} though its by-id read said no`);
        if ((effect.spec.labelsOverruled === true) !== isOrdered) fail(`${who} without being ordered`);
      }
      const stage = before.claims.get(issue.id)?.stage;
      if (stage !== 'checking') fail(`${who} from the stage ${stage ?? 'unclaimed'}`);
      if (before.storeFailing) fail(`${who} though the store cannot be written`);
      if (before.mode !== 'running') fail(`${who} while ${before.mode}`);
    }
  }

  /** A crash makes no other run of what an operator has ordered. */
  function checkRecovered({ event, state }: Observation): void {
    if (event.kind !== 'recovered') return;
    const { openRuns, retries, parks } = event.stored;
    for (const { issueId, ordered } of openRuns) {
      if ([...retries, ...parks].some((row) => row.issueId === issueId)) continue;
      const stage = state.claims.get(issueId)?.stage;
      if (stage?.kind === 'retry_queued' && (stage.retry.step === 'ordered') !== ordered)
        fail(`${issueId} forgot in a crash whether it was ordered`);
    }
  }

  /** Replays the contract's order over what was read, and expects exactly these issues to be looked at. */
  function checkOrder(observation: Observation, issues: readonly Issue[]): void {
    const { state, before, effects } = observation;
    const unique = issues.filter(({ id }, index) => issues.findIndex((one) => one.id === id) === index);
    const eligible = unique.filter(
      (issue) => !seen.has(issue.id) && !before.claims.has(issue.id) && mayRun(issue, state.settings),
    );
    for (const issue of issues) {
      if (!seen.has(issue.id) && !mayRun(issue, state.settings)) setBack.delete(issue.id);
      seen.add(issue.id);
    }
    const { monotonicMs } = observation.event;
    const isBack = ({ id }: Issue): boolean => monotonicMs < (setBack.get(id)?.untilMs ?? 0);
    const byStanding = (a: Issue, b: Issue): number => Number(isBack(a)) - Number(isBack(b));
    const used = slotStates(observation);
    const expected: string[] = [];
    const paused = isPaused(state, observation.event.atMs);
    const room = roomFor(observation);
    for (const issue of paused ? [] : eligible.sort(compareByContract).sort(byStanding)) {
      const ofState = used.filter((one) => sameText(one, issue.state)).length;
      if (used.length >= state.settings.agent.maxConcurrentAgents || expected.length >= room) break;
      if (ofState >= stateLimit(issue.state, state.settings)) continue;
      if (told(effects, 'parked', issue.id)) continue;
      used.push(issue.state);
      expected.push(issue.id);
    }
    const looked = effects.flatMap((effect) =>
      effect.kind === 'fetch_issue' && !before.claims.has(effect.issueId) ? [effect.issueId] : [],
    );
    if (looked.join() !== expected.join()) {
      fail(`dispatched [${looked.join()}] where the contract's order is [${expected.join()}]`);
    }
  }

  function followSetbacks({ event, effects, state }: Observation): void {
    const { pollIntervalMs } = state.settings;
    for (const effect of effects) {
      if (effect.kind === 'start_run') setBack.delete(effect.spec.issue.id);
      if (effect.kind !== 'tell' || effect.notice.kind !== 'dispatch_refused') continue;
      if (!OF_THE_ISSUE.has(effect.notice.verdict)) continue;
      const { issueId } = effect.notice;
      for (const [id, { untilMs }] of setBack) if (event.monotonicMs > untilMs + HOUR) setBack.delete(id);
      const times = (setBack.get(issueId)?.times ?? 0) + 1;
      const waitMs = Math.min(16 * pollIntervalMs * 2 ** (times - 1), Math.max(HOUR, 16 * pollIntervalMs));
      setBack.set(issueId, { times, untilMs: event.monotonicMs + waitMs });
    }
  }

  function accepted(event: Event, { before }: Observation): boolean {
    return 'effectId' in event && before.mode === 'running' && before.waitsFor(event.effectId);
  }

  return {
    take(observation) {
      const { event, effects } = observation;
      checkStart(observation);
      followSetbacks(observation);
      checkRecovered(observation);
      if (event.kind === 'candidates_fetched' && accepted(event, observation)) {
        checkOrder(observation, event.issues);
      }
      if (event.kind === 'run_ended' && event.exit.kind === 'failed') {
        // The daemon hands no run to the executor whose agent is not that of the settings any more.
        const busy = event.exit.failure.kind === 'executor_busy';
        for (const [issueId, { runId, attempt }] of observation.before.claims) {
          if (busy && runId === event.runId) nextAttempt.set(issueId, attempt + 1);
        }
      }
      for (const effect of effects) {
        if (effect.kind === 'fetch_candidates' && effect.cursor === null) seen = new Set();
        if (effect.kind !== 'tell') continue;
        const { notice } = effect;
        if (notice.kind === 'released') nextAttempt.delete(notice.issueId);
        // A usage limit burns no attempt.
        if (event.kind === 'run_ended' && notice.kind === 'run_finished' && metLimit(event, observation)) {
          nextAttempt.set(notice.issueId, notice.attempt);
        }
      }
    },
    submitted(spec, state, live) {
      const { runId, issue, attempt, resumeSessionId, recordedWorkspacePath, labelsOverruled } = spec;
      const who = `${issue.identifier} was started`;
      const known = store.issues.get(issue.id);
      const session = known?.sessionAgentKind === state.settings.agent.kind ? known.sessionId : null;
      if (resumeSessionId !== session) fail(`${who} with another session than the store knows`);
      if (recordedWorkspacePath !== (known?.workspacePath ?? null)) fail(`${who} in another folder`);
      if (state.mode !== 'running') fail(`${who} while ${state.mode}`);
      const row = store.openRuns.get(runId);
      if (row === undefined) fail(`${who} before its row was durable`);
      else if (row.ordered !== (labelsOverruled === true))
        fail(`${who}, and its row forgets who asked for it`);
      const { settings } = state;
      let ofState = 0;
      for (const { spec } of live.values()) {
        if (spec.issue.id === issue.id) fail(`${who} twice: run ${spec.runId} still lives`);
        const claim = state.claims.get(spec.issue.id);
        if (sameText(claim?.issue?.state ?? '', issue.state)) ofState += 1;
      }
      if (live.size >= settings.agent.maxConcurrentAgents)
        fail(`${who} as run ${live.size + 1} of the limit`);
      if (ofState >= stateLimit(issue.state, settings)) fail(`${who} beyond the limit of ${issue.state}`);
      const expected = nextAttempt.get(issue.id) ?? 0;
      if (attempt !== expected) fail(`${who} as attempt ${attempt} where ${expected} is next`);
      nextAttempt.set(issue.id, attempt + 1);
    },
    begin(rows, trusted) {
      setBack.clear();
      const stored = new Map<string, number>();
      for (const run of rows.openRuns.values()) stored.set(run.issueId, run.attempt + 1);
      for (const park of rows.parks.values()) {
        stored.set(park.issueId, park.reason === 'handoff_failed' ? park.attempt + 1 : park.attempt);
      }
      for (const retry of rows.retries.values()) {
        const owed = retry.step === 'handoff' || retry.step === 'review';
        stored.set(retry.issueId, owed ? retry.attempt + 1 : retry.attempt);
      }
      for (const [issueId, attempt] of stored) {
        const expected = nextAttempt.get(issueId) ?? 0;
        // What is held begins anew when it is let go.
        if (trusted && expected !== attempt && rows.parks.get(issueId)?.reason !== 'held') {
          fail(`${issueId} goes on as attempt ${attempt} where ${expected} is next`);
        }
      }
      nextAttempt.clear();
      for (const [issueId, attempt] of stored) nextAttempt.set(issueId, attempt);
    },
  };
}

function metLimit(event: Extract<Event, { kind: 'run_ended' }>, { before }: Observation): boolean {
  if (event.exit.kind !== 'failed' || event.exit.failure.reason !== 'quota') return false;
  return [...before.claims.values()].some(
    ({ stage, runId, stopping }) => stage === 'running' && runId === event.runId && stopping === null,
  );
}

/** The states of the issues that held a slot before the step, or waited for one and go first. */
function slotStates({ before, state }: Observation): string[] {
  const states: string[] = [];
  for (const [issueId, { stage, issueState, runId }] of before.claims) {
    // A sweep's cleaning keeps no agent waiting.
    if (stage === 'cleaning' && runId === null) continue;
    const goesFirst = stage === 'retry_queued' && state.claims.get(issueId)?.stage.kind === 'checking';
    if (goesFirst || (stage !== 'parked' && stage !== 'retry_queued')) states.push(issueState);
  }
  return states;
}
