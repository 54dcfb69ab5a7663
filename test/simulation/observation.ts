// One step as the checks see it: the event, the effects, the state after it and what matters of the state before
// it. State is updated in place, so the part before is copied.

import type { Effect, Event, EffectId, StoredPark, StoredRetry } from '../../src/contract/index.ts';
import type { Claim, CoreState, StageKind } from '../../src/core/state.ts';

export interface ClaimBefore {
  readonly stage: StageKind;
  readonly attempt: number;
  readonly failures: number;
  readonly issueState: string;
  readonly retry: StoredRetry | null;
  readonly waitsForSlot: boolean;
  readonly park: StoredPark | null;
  readonly runId: string | null;
  readonly agentKind: string | null;
  readonly stopping: string | null;
  /** Of the run. */
  readonly isOrdered: boolean;
}

export interface Before {
  readonly mode: CoreState['mode'];
  readonly storeFailing: boolean;
  readonly claims: ReadonlyMap<string, ClaimBefore>;
  readonly waitsFor: (effectId: EffectId) => boolean;
}

export interface Observation {
  readonly event: Event;
  readonly effects: readonly Effect[];
  readonly before: Before;
  /** After the step. */
  readonly state: CoreState;
}

export interface Mover {
  readonly writeId: string;
  readonly runId: string;
}

/** What the checks may ask of the world beside the step itself. */
export interface Truth {
  readonly changesByOthers: (issueId: string) => number;
  /** The agent's write that last moved it; null = it was moved otherwise, or never. */
  readonly movedBy: (issueId: string) => Mover | null;
}

export type Fail = (message: string) => void;

export function lookBefore(state: CoreState, event: Event): Before {
  const claims = new Map<string, ClaimBefore>();
  for (const [issueId, claim] of state.claims) claims.set(issueId, summarise(claim));
  const answered = 'effectId' in event && state.pending.has(event.effectId) ? event.effectId : null;
  return {
    mode: state.mode,
    storeFailing: state.storeFailing,
    claims,
    waitsFor: (effectId) => effectId === answered,
  };
}

function summarise({ stage, attempt, failures, issue }: Claim): ClaimBefore {
  const run = 'run' in stage ? stage.run : null;
  return {
    stage: stage.kind,
    attempt,
    failures,
    issueState: issue?.state ?? '',
    retry: stage.kind === 'retry_queued' ? stage.retry : stage.kind === 'checking' ? stage.queued : null,
    waitsForSlot: stage.kind === 'retry_queued' && stage.waitsForSlot,
    park: stage.kind === 'parked' ? stage.park : null,
    runId: run?.runId ?? null,
    agentKind: run?.agentKind ?? null,
    stopping: run?.stopping ?? null,
    isOrdered: run?.overruled ?? false,
  };
}

/** Whether the step told this about the issue. */
export function told(effects: readonly Effect[], kind: string, issueId: string): boolean {
  return effects.some(
    (effect) =>
      effect.kind === 'tell' &&
      effect.notice.kind === kind &&
      'issueId' in effect.notice &&
      effect.notice.issueId === issueId,
  );
}
