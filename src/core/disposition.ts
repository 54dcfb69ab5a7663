// What follows the end of a run: the contract's disposition table, and nothing else. Pure: the same exit under
// the same settings always gives the same answer, and every exit has one, so that no path can forget a claim.

import type {
  CancelReason,
  CoreSettings,
  ExitType,
  NormalEnd,
  RunExit,
  RunStatus,
} from '../contract/index.ts';
import { isActive, isTerminal } from './eligibility.ts';
import { describeLack, isEnough } from './evidence.ts';
import { CANCELS, rowOfFailure, type Next, type Row } from './failures.ts';

export interface Disposition {
  readonly status: RunStatus;
  readonly exitType: ExitType;
  readonly error: string;
  readonly next: Next;
}

/** Why the run was told to stop, if it was. */
export interface Stopping {
  readonly reason: CancelReason;
  /** "" = nothing more is known. */
  readonly detail: string;
}

/**
 * A run that ended by itself in the moment in which it was told to stop has still ended well, but an issue that has
 * left the active states stays left.
 */
export function disposeOf(exit: RunExit, stopping: Stopping | null, settings: CoreSettings): Disposition {
  if (exit.kind === 'cancelled') return cancelled(stopping ?? { reason: exit.reason, detail: '' });
  const reason = stopping?.reason;
  if (stopping !== null && (reason === 'terminal' || reason === 'not_active' || reason === 'operator'))
    return cancelled(stopping);
  if (exit.kind === 'failed') {
    if (stopping !== null) return cancelled(stopping);
    const row = rowOfFailure(exit.failure);
    // Not even a usage limit is a failure: the agent was sent away.
    const exitType = row.next.kind === 'wait_for_quota' ? 'cancelled' : 'error';
    return { ...row, exitType, error: exit.failure.message };
  }
  return { exitType: 'normal', error: '', ...normal(exit, settings) };
}

/** Whether a run that ended so counts against `agent.max_sessions`. */
export function countsAsSession({ status, next }: Pick<Disposition, 'status' | 'next'>): boolean {
  if (status === 'cancelled') return next.kind === 'park' && next.reason === 'budget';
  return status !== 'interrupted';
}

function cancelled({ reason, detail }: Stopping): Disposition {
  const row = CANCELS[reason];
  if (reason !== 'stalled') return { ...row, exitType: 'cancelled', error: detail };
  return {
    ...row,
    exitType: 'error',
    error: `stalled: ${detail === '' ? 'no agent event in time' : detail}`,
  };
}

function normal(exit: Extract<RunExit, { kind: 'normal' }>, settings: CoreSettings): Row {
  const { end, state, evidence } = exit;
  const left = state !== null && !isActive(state, settings);
  if (left || end === 'not_active') {
    const terminal = state !== null && isTerminal(state, settings);
    return {
      status: statusOf(end),
      next: terminal ? { kind: 'clean' } : { kind: 'release', why: 'not active' },
    };
  }
  const handsOff = settings.tracker.handoffState !== '';
  const mode = settings.agent.evidence;
  switch (end) {
    case 'turns_used_up':
      if (!handsOff) return { status: 'succeeded', next: { kind: 'continue' } };
      return {
        status: 'succeeded',
        next: isEnough(evidence, mode)
          ? { kind: 'hand_off', onRefusal: 'retry' }
          : { kind: 'continue_empty', lack: describeLack(evidence, mode) },
      };
    case 'state_unknown':
      return { status: 'succeeded', next: { kind: 'continue' } };
    case 'label_missing':
      // A person took the label off to stop the work: nothing is handed off on their behalf.
      return { status: 'cancelled', next: { kind: 'release', why: 'required label missing' } };
    case 'status_blocked':
      return { status: 'blocked', next: { kind: 'park', reason: 'blocked' } };
    case 'status_needs_human_review':
      return {
        status: 'needs_human_review',
        next: handsOff
          ? { kind: 'hand_off', onRefusal: 'park' }
          : { kind: 'park', reason: 'needs_human_review' },
      };
  }
}

function statusOf(end: NormalEnd): RunStatus {
  if (end === 'status_blocked') return 'blocked';
  if (end === 'status_needs_human_review') return 'needs_human_review';
  return 'succeeded';
}
