// Which of an operator's words make sense now. One table by where the issue stands; people are offered exactly what
// would be taken, because both ask here. Changes nothing.

import type { CancelReason, IssueControl, IssueRef, Verdict } from '../contract/index.ts';
import { describeWord, type Refusal } from './operator-words.ts';
import { owesHandoff } from './handoff.ts';
import type { Claim, CoreState, VerdictRecord } from './state.ts';
import { clauseOf, waitOf } from './verdict-words.ts';

/** The issue that a word is about, as far as we know it. */
export interface Subject {
  readonly identifier: string;
  readonly claim: Claim | null;
  /** Of an issue without a claim: its own verdict, by the last look; null = nobody has looked. */
  readonly judged: Pick<VerdictRecord, 'verdict' | 'detail'> | null;
}

type Standing = 'unclaimed' | Claim['stage']['kind'] | 'stopping' | 'held';

const POSSIBLE: Readonly<Record<Standing, readonly IssueControl[]>> = {
  unclaimed: ['dispatch', 'hold'],
  checking: ['cancel'],
  running: ['cancel'],
  stopping: [],
  handing_off: [],
  cleaning: [],
  retry_queued: ['dispatch', 'retry', 'release', 'hold'],
  parked: ['dispatch', 'retry', 'release', 'hold'],
  held: ['unhold'],
};

const IS: Readonly<Record<Standing, string>> = {
  unclaimed: 'is neither running nor queued for a retry nor parked',
  checking: 'is looked at just before its start',
  running: 'runs',
  stopping: 'is being stopped',
  handing_off: 'is being handed off',
  cleaning: 'has ended, and its workspace is being removed',
  retry_queued: 'waits for its next run',
  parked: 'is parked',
  held: 'is held',
};

/** Stopped for these, it would run again: an operator may still say that it must not. */
const RUNS_AGAIN: ReadonlySet<CancelReason> = new Set<CancelReason>(['stalled', 'lost']);

/** What no operator overrules. */
const NEVER_RUNS: ReadonlySet<Verdict> = new Set<Verdict>([
  'missing_field',
  'state_not_active',
  'state_terminal',
  'not_found',
]);

/** What stands in the way of every word; null = nothing. */
export function refusalOfAny({ mode, storeFailing }: CoreState): Refusal | null {
  if (mode === 'recovering') {
    return { code: 'snapshot_unavailable', message: 'the daemon has not recovered yet: try again' };
  }
  if (mode !== 'running') return { code: 'draining', message: 'the daemon is shutting down' };
  if (!storeFailing) return null;
  return {
    code: 'store_failed',
    message: 'nothing was changed: the store cannot be written at present; see the log',
  };
}

/** What may be said of the issue now. */
export function controlsOf(state: CoreState, subject: Subject): IssueControl[] {
  if (refusalOfAny(state) !== null) return [];
  return POSSIBLE[standingOf(subject.claim)].filter((control) => isPossible(state, subject, control));
}

/** null = it is taken. Whatever stands in the way of every word has been asked before. */
export function refusalOf(state: CoreState, subject: Subject, control: IssueControl): Refusal | null {
  if (isPossible(state, subject, control)) return null;
  const possible = controlsOf(state, subject);
  const instead = possible.length === 0 ? 'nothing can be done now' : `possible now: ${possible.join(', ')}`;
  return { code: 'invalid_state', message: `${why(state, subject, control)}; ${instead}` };
}

/** How people are told where it stands. */
function describeStanding(state: CoreState, { identifier, claim, judged }: Subject): string {
  const standing = standingOf(claim);
  const of = claim?.stage.kind === 'parked' && standing === 'parked' ? ` (${claim.stage.park.reason})` : '';
  const why = claim !== null || judged === null ? '' : `: ${describeJudged(state, judged)}`;
  return `${identifier} ${IS[standing]}${of}${why}`;
}

function describeJudged(
  { settings }: CoreState,
  { verdict, detail }: Pick<VerdictRecord, 'verdict' | 'detail'>,
): string {
  return clauseOf(settings, verdict, detail) ?? waitOf(verdict, detail);
}

function isPossible(state: CoreState, subject: Subject, control: IssueControl): boolean {
  if (!POSSIBLE[standingOf(subject.claim)].includes(control)) return false;
  if (control === 'dispatch' && state.dispatch.mode !== 'running') return false;
  if (neverRuns(subject, control) || wouldUndo(subject.claim, control)) return false;
  return !isDueAlready(subject.claim, control);
}

function why(state: CoreState, subject: Subject, control: IssueControl): string {
  const { claim, judged } = subject;
  if (!POSSIBLE[standingOf(claim)].includes(control)) return describeStanding(state, subject);
  if (control === 'dispatch' && state.dispatch.mode !== 'running') {
    return `dispatch is ${state.dispatch.mode} ${describeWord(state.dispatch)}: resume first`;
  }
  if (neverRuns(subject, control) && judged !== null) {
    return `${subject.identifier} cannot run: ${describeJudged(state, judged)}`;
  }
  if (wouldUndo(claim, control)) {
    const { identifier } = subject;
    return `the work of ${identifier} is done and only its handoff is owed, which a hold would forget: wait for it, or release the issue`;
  }
  return `${subject.identifier} is due already and waits for its turn`;
}

function neverRuns({ claim, judged }: Subject, control: IssueControl): boolean {
  return control === 'dispatch' && claim === null && judged !== null && NEVER_RUNS.has(judged.verdict);
}

/** A hold keeps no handoff: after `unhold` the finished work would be done again, from the start. */
function wouldUndo(claim: Claim | null, control: IssueControl): boolean {
  return control === 'hold' && claim?.stage.kind === 'retry_queued' && owesHandoff(claim.stage.retry);
}

/** Saying it again would change nothing. */
function isDueAlready(claim: Claim | null, control: IssueControl): boolean {
  if (claim?.stage.kind !== 'retry_queued' || !claim.stage.waitsForSlot) return false;
  const { retry } = claim.stage;
  return control === 'retry' || (control === 'dispatch' && (retry.step === 'ordered' || owesHandoff(retry)));
}

function standingOf(claim: Claim | null): Standing {
  if (claim === null) return 'unclaimed';
  const { stage } = claim;
  if (stage.kind === 'parked') return stage.park.reason === 'held' ? 'held' : 'parked';
  if (stage.kind !== 'running') return stage.kind;
  const { stopping } = stage.run;
  return stopping === null || RUNS_AGAIN.has(stopping) ? 'running' : 'stopping';
}

/** The issue as people name it, with what we know of it. */
export function subjectOf(state: CoreState, { id, identifier }: IssueRef): Subject {
  const claim = state.claims.get(id) ?? null;
  const judged = claim === null ? (state.verdicts.get(id) ?? null) : null;
  return { identifier: claim?.identifier ?? identifier, claim, judged };
}
