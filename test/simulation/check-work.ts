// Whether a run works, and whether it has worked: nobody is stopped as stalled while a tool is at work or the agent has
// spoken, a tool that takes too long is not forgotten, and nothing is handed off that left no evidence.

import type { Evidence, RunEvent, StoredState } from '../../src/contract/index.ts';
import type { CoreState } from '../../src/core/state.ts';
import { stateIsActive } from './contract-rules.ts';
import { told, type Fail, type Observation } from './observation.ts';

export interface WorkCheck {
  take(observation: Observation): void;
  begin(stored: StoredState): void;
}

interface Watched {
  readonly stallTimeoutMs: number;
  readonly toolTimeoutMs: number;
  readonly tools: Map<string, number>;
  heardAtMs: number;
  inTurn: boolean;
}

export function createWorkCheck(fail: Fail): WorkCheck {
  const runs = new Map<string, Watched>();
  const emptyRuns = new Map<string, number>();

  function hear(run: Watched, event: RunEvent, nowMs: number): void {
    if (event.kind === 'agent_event') {
      run.heardAtMs = nowMs;
      if (event.event.kind === 'tool_started')
        run.tools.set(event.event.callId, run.tools.get(event.event.callId) ?? nowMs);
      else if (event.event.kind === 'tool_result') run.tools.delete(event.event.callId ?? '');
    } else if (event.kind === 'turn_started' || event.kind === 'turn_finished') {
      run.inTurn = event.kind === 'turn_started';
      run.heardAtMs = nowMs;
      run.tools.clear();
    } else if (event.kind === 'phase_entered' && event.phase === 'finishing') {
      run.inTurn = false;
      run.tools.clear();
    }
  }

  function isStalled(run: Watched, nowMs: number): boolean {
    if (!run.inTurn) return false;
    if (run.tools.size > 0) {
      return run.toolTimeoutMs > 0 && nowMs - Math.min(...run.tools.values()) > run.toolTimeoutMs;
    }
    return run.stallTimeoutMs > 0 && nowMs - run.heardAtMs > run.stallTimeoutMs;
  }

  function checkStalls({ event, effects, before, state }: Observation): void {
    const nowMs = event.monotonicMs;
    for (const effect of effects) {
      if (effect.kind !== 'stop_run' || effect.reason !== 'stalled') continue;
      const run = runs.get(effect.runId);
      if (run === undefined || !isStalled(run, nowMs))
        fail(`run ${effect.runId} was taken for stalled too early`);
    }
    const ticks = event.kind === 'timer_fired' && event.timer === 'tick';
    const began = effects.some(({ kind }) => kind === 'run_preflight' || kind === 'fetch_states');
    if (!ticks || !began) return;
    for (const [issueId, { runId, stopping }] of before.claims) {
      const run = runId === null ? undefined : runs.get(runId);
      if (run === undefined || stopping !== null || !isStalled(run, nowMs)) continue;
      const stage = state.claims.get(issueId)?.stage;
      if (stage?.kind === 'running' && stage.run.stopping === null)
        fail(`${issueId} is stalled, and nobody minds`);
    }
  }

  function checkEvidence(observation: Observation): void {
    const { event, before, state } = observation;
    if (event.kind !== 'run_ended' || event.exit.kind !== 'normal') return;
    const { end, evidence, state: issueState } = event.exit;
    for (const [issueId, was] of before.claims) {
      if (was.runId !== event.runId || was.stage !== 'running') continue;
      if (was.stopping === 'terminal' || was.stopping === 'not_active' || was.stopping === 'operator')
        continue;
      const { settings } = state;
      const active = issueState === null || stateIsActive(issueState, settings);
      const enough = evidence === null || suffices(evidence, settings.agent.evidence);
      if (enough && evidence !== null) emptyRuns.delete(issueId);
      if (end !== 'turns_used_up' || !active || settings.tracker.handoffState === '' || enough) continue;
      const count = (emptyRuns.get(issueId) ?? 0) + 1;
      emptyRuns.set(issueId, count);
      const stage = state.claims.get(issueId)?.stage;
      if (
        stage?.kind === 'handing_off' ||
        (stage?.kind === 'retry_queued' && stage.retry.step !== 'agent' && stage.retry.step !== 'ordered')
      ) {
        fail(`${issueId} is handed off though nothing was done`);
      }
      const parked = stage?.kind === 'parked' && stage.park.reason === 'no_evidence';
      if (parked !== count >= settings.agent.maxEmptyRuns)
        fail(`${issueId} after ${count} empty runs: ${stage?.kind}`);
    }
  }

  function forget({ effects, before, state }: Observation): void {
    for (const [issueId, was] of before.claims) {
      const leftPark =
        was.park?.reason === 'no_evidence' && state.claims.get(issueId)?.stage.kind !== 'parked';
      if (leftPark || told(effects, 'released', issueId)) emptyRuns.delete(issueId);
    }
    for (const effect of effects) {
      if (effect.kind === 'tell' && effect.notice.kind === 'released')
        emptyRuns.delete(effect.notice.issueId);
    }
  }

  function begin(state: CoreState, { effects, event }: Observation): void {
    for (const effect of effects) {
      if (effect.kind !== 'start_run') continue;
      const { runId, issue, emptyRuns: said } = effect.spec;
      const { stallTimeoutMs, toolTimeoutMs } = state.settings.agent;
      runs.set(runId, {
        stallTimeoutMs,
        toolTimeoutMs,
        tools: new Map(),
        heardAtMs: event.monotonicMs,
        inTurn: false,
      });
      const expected = emptyRuns.get(issue.id) ?? 0;
      if (said !== expected)
        fail(`${issue.identifier} is told of ${said} empty runs where it had ${expected}`);
    }
  }

  return {
    begin(stored) {
      runs.clear();
      emptyRuns.clear();
      for (const { issueId, emptyRuns: count } of stored.issues) if (count > 0) emptyRuns.set(issueId, count);
    },
    take(observation) {
      const { event, state } = observation;
      checkEvidence(observation);
      forget(observation);
      checkStalls(observation);
      begin(state, observation);
      if (event.kind === 'run_ended') runs.delete(event.runId);
      if (event.kind === 'run_progressed') {
        const run = runs.get(event.runId);
        if (run !== undefined) hear(run, event.event, event.monotonicMs);
      }
    },
  };
}

function suffices(evidence: Evidence, mode: string): boolean {
  const { commit, changes, toolWrites, declared, unknown } = evidence;
  if (mode === 'strict') return commit;
  return mode === 'off' || [commit, changes, toolWrites > 0, declared, unknown].includes(true);
}
