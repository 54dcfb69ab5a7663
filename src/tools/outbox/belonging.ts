// A write that belongs to another one (a comment that came with a move) goes out only once that one is done. It stands
// behind it in the same lane, and what became of it is read from the ledger, so that a restart changes nothing.

import { hasEnded, type OutboxWrite } from '../../contract/outbox.ts';
import type { ToolLedger } from '../../contract/tool-ledger.ts';
import type { TrackerWrite } from '../../contract/tracker-write.ts';
import type { WriteFailure } from './failures.ts';
import type { Happened } from './next-step.ts';

/** @returns null = it belongs to none, or that is done. Rejects as the ledger does. */
export async function whatComesFirst(
  write: TrackerWrite,
  ledger: Pick<ToolLedger, 'write'>,
): Promise<Happened | null> {
  if (write.operation !== 'add_comment' || write.after === undefined) return null;
  const first = await ledger.write(write.after);
  if (first === null) return { kind: 'unwanted', why: 'the write that it belongs to is not recorded' };
  if (!hasEnded(first)) return { kind: 'failed', failure: NOT_YET };
  return first.status === 'done' ? null : { kind: 'unwanted', why: withoutIt(first) };
}

/** Lanes keep their order: this waits for a mistake of ours to pass, and writes nothing meanwhile. */
const NOT_YET: WriteFailure = {
  kind: 'tracker_transport_error',
  message: 'the write that it belongs to has not ended',
  applied: 'no',
  retryable: true,
  retryAfterMs: undefined,
};

function withoutIt({ write, status, detail }: OutboxWrite): string {
  const what = write.operation === 'transition_issue' ? `the move to ${write.toState}` : 'another write';
  const became = status === 'failed' ? 'failed' : `was ${status}`;
  return `it belongs to ${what}, which ${became}${detail === '' ? '' : `: ${detail}`}`;
}
