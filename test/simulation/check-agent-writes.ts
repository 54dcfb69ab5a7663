// Writes that agents asked for: they end no park and start no agent, nothing that was read before one was confirmed
// decides anything, a run that moves its own issue finishes its turn, and no other run does so on that account. Whose
// change it was is known from the world, never from the core.

import type { EffectId } from '../../src/contract/index.ts';
import type { CoreState } from '../../src/core/state.ts';
import { stateIsActive, stateIsTerminal } from './contract-rules.ts';
import type { Fail, Observation, Truth } from './observation.ts';

export interface AgentWritesCheck {
  take(observation: Observation): void;
  /** The daemon is no more: nothing is asked, and nothing on its way that it will hear of. */
  forget(): void;
}

interface Question {
  readonly number: number;
  /** Others' changes when it was asked, by issue. */
  readonly changes: ReadonlyMap<string, number>;
  /** Who ran then, by issue. */
  readonly runs: ReadonlyMap<string, string | null>;
}

export function createAgentWritesCheck(fail: Fail, truth: Truth): AgentWritesCheck {
  const underWay = new Map<string, string>();
  const asked = new Map<EffectId, Question>();
  /** Issue id → the last question before its last write was confirmed. */
  const outdated = new Map<string, number>();
  /** The same of any write of ours while it runs, by run. */
  const outdatedRuns = new Map<string, number>();
  /** Baseline → others' changes when it was asked for. Kept over restarts: so are baselines. */
  const seen = new Map<string, number>();
  /** Of handoffs that are being looked at. */
  let owed = new Map<string, string | null>();
  /** Write id → the run and its turn in which it was announced. */
  const turnOf = new Map<string, string>();
  /** Runs whose own move was confirmed in this turn of theirs. */
  const moved = new Map<string, string>();
  let questions = 0;

  function keep({ event, effects, state, before }: Observation): void {
    if (event.kind === 'issue_writing') {
      underWay.set(event.writeId, event.issueId);
      turnOf.set(event.writeId, turnNow(state, event.issueId));
    } else if (event.kind === 'issue_written') {
      const isNews = underWay.delete(event.writeId);
      outdated.set(event.issueId, questions);
      const { runId = null } = before.claims.get(event.issueId) ?? {};
      if (runId !== null) outdatedRuns.set(runId, questions);
      const turn = turnNow(state, event.issueId);
      if (isNews && event.state !== null && event.runId !== null && turn.startsWith(`${event.runId} `)) {
        moved.set(event.runId, turn);
      }
    } else if (event.kind === 'run_ended') {
      moved.delete(event.runId);
      outdatedRuns.delete(event.runId);
    } else if (event.kind === 'run_progressed' && event.event.kind === 'tracker_write_confirmed') {
      if (state.runs.has(event.runId)) outdatedRuns.set(event.runId, questions);
    }
    if ('effectId' in event) asked.delete(event.effectId);
    for (const effect of effects) {
      const ids =
        effect.kind === 'fetch_issue'
          ? [effect.issueId]
          : effect.kind === 'fetch_states'
            ? effect.issueIds
            : effect.kind === 'fetch_states_by_identifier'
              ? [...before.claims.keys()]
              : null;
      if (ids === null) continue;
      questions += 1;
      const changes = new Map(ids.map((id) => [id, truth.changesByOthers(id)]));
      const runs = new Map(ids.map((id) => [id, before.claims.get(id)?.runId ?? null]));
      asked.set(effect.id, { number: questions, changes, runs });
    }
  }

  /** What was read into the core's memory by this answer. */
  function learnBaselines({ event, state, before }: Observation): void {
    if (event.kind !== 'issue_fetched' || event.issue === null) return;
    const { id } = event.issue;
    const stage = state.claims.get(id)?.stage;
    const was = before.claims.get(id);
    const now =
      stage?.kind === 'parked'
        ? stage.park.baseline
        : stage?.kind === 'retry_queued'
          ? stage.retry.baseline
          : null;
    const then = was?.park?.baseline ?? was?.retry?.baseline ?? null;
    const changes = asked.get(event.effectId)?.changes.get(id);
    if (now !== null && now !== then && changes !== undefined) seen.set(`${id} ${now}`, changes);
  }

  function checkLooks({ event, effects, before }: Observation): void {
    if (event.kind !== 'issue_fetched' || before.mode !== 'running' || effects.length === 0) return;
    if (!before.waitsFor(event.effectId)) return;
    const question = asked.get(event.effectId);
    const id = [...(question?.changes.keys() ?? [])][0] ?? '';
    if (question !== undefined && question.number <= (outdated.get(id) ?? 0)) {
      fail(`${id} was looked at before an agent's write was confirmed, and the answer was taken`);
    }
  }

  function checkSweep({ event, effects }: Observation): void {
    if (event.kind !== 'states_fetched') return;
    const question = asked.get(event.effectId);
    for (const effect of effects) {
      const id =
        effect.kind === 'remove_workspace'
          ? effect.issueId
          : effect.kind === 'tell' && effect.notice.kind === 'released'
            ? effect.notice.issueId
            : null;
      if (id !== null && question !== undefined && question.number <= (outdated.get(id) ?? 0))
        fail(`${id} was let go by a state from before an agent's write`);
    }
  }

  function checkParks({ effects, state, before }: Observation): void {
    for (const [issueId, { stage, park }] of before.claims) {
      if (stage !== 'parked' || park === null || park.baseline === null) continue;
      const now = state.claims.get(issueId)?.stage;
      if (now?.kind === 'parked' && now.park.parkedAtMs === park.parkedAtMs) continue;
      const byChange = effects.some(
        (effect) =>
          effect.kind === 'tell' &&
          effect.notice.kind === 'park_ended' &&
          effect.notice.issueId === issueId &&
          effect.notice.by === 'issue_change',
      );
      if (byChange && seen.get(`${issueId} ${park.baseline}`) === truth.changesByOthers(issueId)) {
        fail(`the park of ${issueId} ended though nobody but us has changed it since it was looked at`);
      }
    }
  }

  function checkHandoffs({ state, before }: Observation): void {
    for (const [issueId, baseline] of owed) {
      const stage = state.claims.get(issueId)?.stage;
      if (before.claims.get(issueId)?.stage !== 'handing_off' || stage?.kind !== 'retry_queued') continue;
      const { step } = stage.retry;
      if (step === 'handoff' || step === 'review' || state.settings.tracker.handoffState === '') continue;
      if (baseline === null || seen.get(`${issueId} ${baseline}`) === truth.changesByOthers(issueId)) {
        fail(`${issueId} owes a handoff and goes back to the agent though only we have changed it`);
      }
    }
    owed = new Map();
    for (const pending of state.pending.values()) {
      if (pending.kind === 'handoff_look') owed.set(pending.issueId, pending.retry.baseline);
    }
  }

  /** Nobody knows what a difference would mean until the write is answered. */
  function checkMemory({ state }: Observation): void {
    if (state.mode === 'recovering' || state.mode === 'finished') return;
    if (state.writtenEarly.size > 0) fail('writes from before recovery are remembered');
    const same = [...state.agentWrites].every(([writeId, id]) => underWay.get(writeId) === id);
    if (!same || state.agentWrites.size !== underWay.size) {
      fail(`${state.agentWrites.size} writes of agents are remembered where ${underWay.size} are under way`);
    }
    for (const issueId of underWay.values()) {
      const stage = state.claims.get(issueId)?.stage;
      const baseline =
        stage?.kind === 'parked'
          ? stage.park.baseline
          : stage?.kind === 'retry_queued'
            ? stage.retry.baseline
            : (owed.get(issueId) ?? null);
      if (baseline !== null) fail(`${issueId} is compared with how it was before a write that is under way`);
    }
  }

  function checkStops({ event, effects, state, before }: Observation): void {
    if (event.kind !== 'states_fetched' || before.mode !== 'running') return;
    const question = asked.get(event.effectId);
    for (const [issueId, was] of before.claims) {
      const told = Object.hasOwn(event.states, issueId) ? event.states[issueId] : undefined;
      const { runId } = was;
      if (was.stage !== 'running' || runId === null || told === undefined || was.stopping !== null) continue;
      // Of this very run: a sweep asks for no issue that runs.
      if (question?.runs.get(issueId) !== runId) continue;
      if (stateIsActive(told, state.settings) || stateIsTerminal(told, state.settings)) continue;
      const turn = turnNow(state, issueId);
      const stops = effects.some((effect) => effect.kind === 'stop_run' && effect.runId === runId);
      const mover = truth.movedBy(issueId);
      if (stops && turn !== '' && mover?.runId === runId && turnOf.get(mover.writeId) === turn)
        fail(`run ${runId} was stopped in the turn in which it moved its own issue`);
      const isOld = question.number <= (outdatedRuns.get(runId) ?? 0) || !before.waitsFor(event.effectId);
      const mayStay = turn !== '' && (moved.get(runId) === turn || [...underWay.values()].includes(issueId));
      if (!stops && !isOld && !mayStay)
        fail(`run ${runId} goes on in ${told}, to which it has not moved its issue in this turn`);
    }
  }

  return {
    forget() {
      underWay.clear();
      asked.clear();
      outdated.clear();
      outdatedRuns.clear();
      turnOf.clear();
      moved.clear();
      owed.clear();
    },
    take(observation) {
      checkLooks(observation);
      checkSweep(observation);
      checkStops(observation);
      learnBaselines(observation);
      checkParks(observation);
      checkHandoffs(observation);
      keep(observation);
      checkMemory(observation);
    },
  };
}

/** A turn lasts until the next one begins: the worker looks at the state itself in between. "" = none has begun. */
function turnNow(state: CoreState, issueId: string): string {
  const stage = state.claims.get(issueId)?.stage;
  if (stage?.kind !== 'running' || stage.run.turn === 0) return '';
  return `${stage.run.runId} in turn ${stage.run.turn}`;
}
