// Whoever keeps runs from being started: an agent over its usage limit, an agent that refuses to work, a day that is
// used up. Nobody is started meanwhile, no attempt is burned by a limit, no hold outlives its time, and people are told
// when each begins and ends.

import type { RunFailure, StoredState } from '../../src/contract/index.ts';
import type { CoreState } from '../../src/core/state.ts';
import type { Ledger } from './ledger.ts';
import { told, type ClaimBefore, type Fail, type Observation } from './observation.ts';

export interface PausesCheck {
  take(observation: Observation): void;
  begin(stored: StoredState): void;
  /** Nothing may be started. */
  isPaused(state: CoreState, atMs: number): boolean;
}

const SHORTEST_MS = 30_000;
const LONGEST_MS = 8 * 86_400_000;

/** @param isGated people are told of it as well, though it keeps back only some. */
export function createPausesCheck(
  fail: Fail,
  ledger: Ledger,
  isGated: (state: CoreState) => boolean,
): PausesCheck {
  const quotas = new Map<string, number>();
  /** Agent kind → the issues that were parked for it. */
  const refusals = new Map<string, Set<string>>();
  const toldPaused = new Set<string>();

  function isPaused({ settings, dispatch }: CoreState, atMs: number): boolean {
    // That the core does not forget it is checked by its words.
    if (dispatch.mode !== 'running') return true;
    const { kind, budget } = settings.agent;
    return atMs < (quotas.get(kind) ?? 0) || refusals.has(kind) || ledger.usedUp('day', '', budget, atMs);
  }

  function checkQuota(
    issueId: string,
    agentKind: string,
    was: ClaimBefore,
    failure: RunFailure,
    observation: Observation,
  ): void {
    const { event, effects, state } = observation;
    const claim = state.claims.get(issueId);
    if (claim?.attempt !== was.attempt || claim.failures !== was.failures)
      fail(`a usage limit burned an attempt of ${issueId}`);
    const { stage } = claim ?? {};
    const untilMs = was.isOrdered
      ? waitsOrdered(issueId, observation)
      : stage?.kind === 'parked' && stage.park.reason === 'quota'
        ? stage.park.untilMs
        : null;
    if (untilMs === null) {
      fail(`${issueId} met a usage limit, but does not wait for it`);
      return;
    }
    if (told(effects, 'retry_queued', issueId) !== was.isOrdered)
      fail(`${issueId} does not wait for its usage limit`);
    const before = quotas.get(agentKind) ?? 0;
    const reset = failure.resetAtMs ?? null;
    const waitMs = untilMs - event.atMs;
    if (waitMs < SHORTEST_MS || waitMs > Math.max(LONGEST_MS, before - event.atMs)) {
      fail(`${issueId} waits ${waitMs} ms for its usage limit`);
    }
    // One that has passed, or nearly, is no more than a hint.
    if (reset !== null && before <= event.atMs && reset - event.atMs > SHORTEST_MS) {
      const expected = Math.min(reset - event.atMs, LONGEST_MS);
      if (waitMs !== expected) fail(`${issueId} waits ${waitMs} ms where the agent said ${expected}`);
    }
    for (const effect of effects) {
      if (effect.kind !== 'save') continue;
      for (const write of effect.writes) {
        if (write.kind === 'put_sessions_used') fail(`a usage limit cost ${issueId} a session`);
        if (write.kind === 'run_ended' && write.status !== 'interrupted')
          fail(`a usage limit is ${write.status}`);
      }
    }
    quotas.set(agentKind, untilMs);
  }

  function onEnd(observation: Observation): void {
    const { event, before, state } = observation;
    if (event.kind !== 'run_ended' || event.exit.kind !== 'failed') return;
    for (const [issueId, was] of before.claims) {
      if (was.runId !== event.runId || was.stage !== 'running' || was.stopping !== null) continue;
      const { failure } = event.exit;
      const agentKind = was.agentKind ?? '';
      if (failure.reason === 'quota') checkQuota(issueId, agentKind, was, failure, observation);
      else if (refuses(failure)) {
        const stage = state.claims.get(issueId)?.stage;
        if (refusals.has(agentKind)) {
          // Once for all: whoever meets it later waits.
          if (stage?.kind !== 'retry_queued') fail(`${issueId} does not wait for the agent`);
        } else {
          if (stage?.kind !== 'parked' || stage.park.reason !== 'agent_error')
            fail(`${issueId} is not parked`);
          refusals.set(agentKind, new Set([issueId]));
        }
      }
    }
  }

  function onLeft({ event, before, state }: Observation): void {
    if (event.kind === 'settings_reloaded' && event.endsParks && before.mode === 'running') refusals.clear();
    for (const [issueId, was] of before.claims) {
      if (was.park?.reason !== 'agent_error' || isParkedFor(state, issueId, 'agent_error')) continue;
      for (const [kind, issueIds] of refusals) if (issueIds.has(issueId)) refusals.delete(kind);
    }
  }

  function onEffects({ event, effects, state }: Observation): void {
    for (const effect of effects) {
      if (effect.kind === 'start_run') {
        const { agentKind, issue } = effect.spec;
        if (event.atMs < (quotas.get(agentKind) ?? 0)) fail(`${issue.identifier} was started over the limit`);
        if (refusals.has(agentKind)) fail(`${issue.identifier} was started with an agent that refuses`);
      } else if (effect.kind === 'save') {
        for (const write of effect.writes) {
          if (write.kind !== 'delete_quota') continue;
          if (event.kind !== 'control_requested' && event.atMs < (quotas.get(write.agentKind) ?? 0))
            fail('a usage limit was lifted before its time');
          quotas.delete(write.agentKind);
        }
      } else if (effect.kind === 'tell') tellsTruth(effect.notice);
    }
    // What an agent says is no reason to look at the clock.
    if (state.mode !== 'running' || event.kind === 'run_progressed') return;
    if ((isPaused(state, event.atMs) || isGated(state)) !== toldPaused.size > 0) {
      fail(
        toldPaused.size > 0
          ? 'people think that dispatch is paused'
          : 'nobody was told that dispatch is paused',
      );
    }
  }

  function tellsTruth(notice: { kind: string; reason?: unknown; agentKind?: unknown }): void {
    const key = `${String(notice.reason)} ${String(notice.agentKind)}`;
    if (notice.kind === 'dispatch_paused') {
      if (toldPaused.has(key)) fail(`the pause (${key}) was told twice`);
      toldPaused.add(key);
    } else if (notice.kind === 'dispatch_resumed' && !toldPaused.delete(key)) {
      fail(`the end of a pause (${key}) that nobody knew`);
    }
  }

  return {
    isPaused,
    begin(stored) {
      quotas.clear();
      refusals.clear();
      toldPaused.clear();
      for (const { agentKind, untilMs } of stored.quotas) quotas.set(agentKind, untilMs);
    },
    take(observation) {
      onEnd(observation);
      onLeft(observation);
      onEffects(observation);
    },
  };
}

/** What an operator has ordered waits in the queue, for as long as the limit that was written: a park would forget it. */
function waitsOrdered(issueId: string, { effects, state }: Observation): number | null {
  const stage = state.claims.get(issueId)?.stage;
  if (stage?.kind !== 'retry_queued' || stage.retry.step !== 'ordered') return null;
  for (const effect of effects) {
    if (effect.kind !== 'save') continue;
    for (const write of effect.writes) if (write.kind === 'put_quota') return write.quota.untilMs;
  }
  return null;
}

function isParkedFor({ claims }: CoreState, issueId: string, reason: string): boolean {
  const stage = claims.get(issueId)?.stage;
  return stage?.kind === 'parked' && stage.park.reason === reason;
}

function refuses({ kind, reason = null }: RunFailure): boolean {
  if (reason === 'authentication') return true;
  const kindDecides = reason === null || ['service_error', 'crash', 'truncated_output'].includes(reason);
  return kindDecides && (kind === 'agent_not_found' || kind === 'agent_config_error');
}
