// The issues that were read and are not started, for people: those of the last read first, in the order of the look,
// and no more than a page of them. Costs no more with a backlog of thousands than with one of hundreds.

import type { WaitingEntry } from '../contract/index.ts';
import { recordSinceMs } from './since.ts';
import type { CoreState, VerdictRecord } from './state.ts';
import { waits } from './verdicts.ts';

export const MOST_WAITING = 200;

export interface Waiting {
  readonly waiting: readonly WaitingEntry[];
  readonly waitingTotal: number;
}

export function waitingOf(state: CoreState): Waiting {
  const waiting: WaitingEntry[] = [];
  for (const [issueId, record] of inOrder(state)) {
    if (waiting.length === MOST_WAITING) break;
    if (waits(record) && !state.claims.has(issueId)) waiting.push(entryOf(state, issueId, record));
  }
  return { waiting, waitingTotal: state.waitingVerdicts - claimed(state) };
}

/** Those of earlier reads are of pages further down the backlog, or older. */
function* inOrder({ latestVerdicts, verdicts }: CoreState): Generator<[string, VerdictRecord]> {
  yield* latestVerdicts;
  for (const entry of verdicts) if (!latestVerdicts.has(entry[0])) yield entry;
}

function claimed({ claims, verdicts }: CoreState): number {
  let count = 0;
  for (const issueId of claims.keys()) {
    const record = verdicts.get(issueId);
    if (record !== undefined && waits(record)) count += 1;
  }
  return count;
}

function entryOf(state: CoreState, issueId: string, record: VerdictRecord): WaitingEntry {
  const { identifier, title, verdict, detail, asOfMs } = record;
  const sinceMs = recordSinceMs(state, record);
  return { issueId, issueIdentifier: identifier, title, verdict, detail, sinceMs, asOfMs };
}
