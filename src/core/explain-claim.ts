// Why an issue that we have a claim on is where it is: one sentence for each stage, with the figures, names and times
// of this very moment, and what ends it.

import type { RunPhase, StoredPark, StoredRetry, VerdictEnd } from '../contract/index.ts';
import { explainPause, explainSlots, troubleOf, type Reason } from './explain-gate.ts';
import { owesHandoff } from './handoff.ts';
import { minuteAfter, minuteOf } from './minutes.ts';
import { parkEnds } from './park-ends.ts';
import { pauseOf } from './pauses.ts';
import { sentence } from './sentence.ts';
import type { Claim, CoreState, Run } from './state.ts';
import { stageSinceMs, verdictOfStage } from './verdicts.ts';

type Said = Pick<Reason, 'detail' | 'endsOn'>;

/** What a run does in each phase, for a sentence. */
const DOES: Readonly<Record<RunPhase, string>> = {
  checking: 'about to begin',
  dispatch_transition: 'moving the issue on',
  dispatch_comment: 'commenting on the issue',
  preparing_workspace: 'preparing its workspace',
  building_prompt: 'building the prompt',
  launching_agent: 'starting the agent',
  initializing_session: 'opening the session',
  streaming_turn: 'working',
  finishing: 'finishing',
};

export function explainClaim(
  state: CoreState,
  claim: Claim,
  nowMs: number,
): Reason & { readonly sinceMs: number } {
  return {
    verdict: verdictOfStage(claim),
    sinceMs: stageSinceMs(claim),
    ...explainStage(state, claim, nowMs),
  };
}

function explainStage(state: CoreState, claim: Claim, nowMs: number): Said {
  const { stage } = claim;
  switch (stage.kind) {
    case 'checking':
      return say(
        `Attempt ${claim.attempt} has a slot and is looked at once more just before its start.`,
        'operator',
      );
    case 'running':
      return explainRun(claim, stage.run);
    case 'handing_off':
      return say(
        `Its work is done, and it is being moved to ${state.settings.tracker.handoffState}.`,
        'run_end',
      );
    case 'cleaning':
      return say('It is finished, and its workspace is being removed.', 'run_end');
    case 'retry_queued':
      return stage.waitsForSlot
        ? explainWaiting(state, claim, stage.retry, nowMs)
        : explainRetry(state, stage.retry, nowMs);
    case 'parked':
      return explainPark(stage.park);
  }
}

function explainRun(claim: Claim, run: Run): Said {
  const turn = run.turn === 0 ? '' : `, turn ${run.turn}`;
  if (run.stopping !== null) {
    const why = run.stopDetail === '' ? run.stopping : run.stopDetail;
    return say(sentence(`Attempt ${claim.attempt} is being stopped: ${why}`), 'run_end');
  }
  const where = `${run.agentKind}, ${DOES[run.phase]}${turn}`;
  return say(`Attempt ${claim.attempt} is running (${where}).`, 'run_end', 'operator');
}

function explainRetry(state: CoreState, retry: StoredRetry, nowMs: number): Said {
  const due = dueIn(retry, nowMs);
  const after = afterOf(retry);
  if (!owesHandoff(retry)) {
    return say(sentence(`Attempt ${retry.attempt} is due ${due}${after}`), 'retry_due', 'operator');
  }
  const { handoffState } = state.settings.tracker;
  return say(
    sentence(`Its work is done; the move to ${handoffState} is tried again ${due}${after}`),
    'retry_due',
    'operator',
  );
}

function afterOf({ error }: StoredRetry): string {
  return error === '' ? '' : ` after: ${error}`;
}

function explainWaiting(state: CoreState, claim: Claim, retry: StoredRetry, nowMs: number): Said {
  const after = retry.error === '' ? '' : `,${afterOf(retry)}`;
  const attempt = sentence(`Attempt ${retry.attempt} is due and waits${after}`);
  const pause = pauseOf(state, nowMs, claim.issueId);
  const reason =
    (pause === null ? null : explainPause(state, pause)) ??
    explainSlots(state, { state: claim.issue?.state ?? '' }) ??
    troubleOf(state, nowMs);
  if (reason === null) return say(attempt, 'next_tick');
  return { detail: `${attempt} ${reason.detail}`, endsOn: reason.endsOn };
}

function explainPark(park: StoredPark): Said {
  const since = minuteOf(park.parkedAtMs);
  const detail = park.detail === '' ? '' : `: ${park.detail}`;
  const until = park.untilMs === null ? '' : `, until ${minuteAfter(park.untilMs)}`;
  const text =
    park.reason === 'held'
      ? `An operator holds it since ${since}${detail}`
      : `It was parked at ${since}${until} (${park.reason})${detail}`;
  return { detail: sentence(text), endsOn: parkEnds(park) };
}

function dueIn({ dueAtMs }: StoredRetry, nowMs: number): string {
  if (dueAtMs <= nowMs) return 'now';
  return `at ${minuteOf(dueAtMs)} (in ${Math.ceil((dueAtMs - nowMs) / 1000)} s)`;
}

function say(detail: string, ...endsOn: VerdictEnd[]): Said {
  return { detail, endsOn };
}
