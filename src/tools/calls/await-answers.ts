// The wait of a call for what it began: the end of its writes, a person's decision and what followed from it. It ends
// with the patience that is configured; the writes and proposals go on without it.

import type { Approval } from '../../contract/approval.ts';
import type { JsonMap } from '../../contract/tool-operations.ts';
import type { OutboxWrite } from '../../contract/outbox.ts';
import { whatWasDone, wordsFor } from '../what-was-done.ts';
import { refused, type Outcome } from './outcome.ts';
import { approvalAnswer, rowsAnswer } from './write-answer.ts';
import type { Begun, WriteCall } from './write-plan.ts';

interface Answer {
  readonly outcome: Outcome;
  /** For the message of a call of which something else failed: what of this is done and what is not. */
  readonly part: string;
}

export async function awaitAnswers(begun: readonly Begun[], call: WriteCall): Promise<Outcome> {
  const answers = await Promise.all(begun.map((one) => answerTo(one, call)));
  const [only] = answers;
  if (answers.length === 1 && only !== undefined) return only.outcome;
  const results = answers.map(({ outcome }): JsonMap => {
    if (outcome.ok) return outcome.data as JsonMap;
    return { status: 'failed', error: { kind: outcome.kind, message: outcome.message, ...outcome.more } };
  });
  const bad = answers.map(({ outcome }) => outcome).find((outcome) => !outcome.ok);
  if (bad === undefined || bad.ok) return { ok: true, data: { results } };
  // Who reads only that something failed would ask for all of it again.
  return refused(bad.kind, answers.map(({ part }) => part).join('; '), { results });
}

async function answerTo(begun: Begun, { parts, run, signal, patience }: WriteCall): Promise<Answer> {
  const until = AbortSignal.any([signal, patience]);
  if (begun.kind === 'recorded') {
    const rows = await Promise.all(begun.rows.map((row) => endOf(row, until, parts)));
    return { outcome: rowsAnswer(rows, begun.verdict), part: whatWasDone(rows) };
  }
  const { id } = begun.approval;
  const approval = (await parts.approvals.whenSettled(id, until)) ?? begun.approval;
  const rows = approval.status === 'approved' ? await parts.ledger.writesOf(id) : [];
  // A run that has ended hears nothing: its issue's next run is told.
  if (approval.status !== 'pending' && !signal.aborted) await parts.approvals.markTold(id, run.runId);
  const outcome = approvalAnswer(approval, rows, { isRepeated: begun.isOld });
  return { outcome, part: partOf(approval, rows, outcome) };
}

function partOf({ id, action, details }: Approval, rows: readonly OutboxWrite[], outcome: Outcome): string {
  if (rows.length > 0) return whatWasDone(rows);
  const why = outcome.ok ? `a person must allow it (request_status ${id})` : outcome.message;
  const words = `${wordsFor(action, false)}${outcome.ok ? ' yet' : ''}: ${why}`;
  const hasComment = action === 'transition_issue' && 'comment' in details;
  return hasComment ? `${words}; ${wordsFor('add_comment', false)}` : words;
}

/** As it ended, or as it stands when the wait is over. */
async function endOf(
  row: OutboxWrite,
  until: AbortSignal,
  { outbox, ledger }: Pick<WriteCall['parts'], 'outbox' | 'ledger'>,
): Promise<OutboxWrite> {
  try {
    return await outbox.whenEnded(row.id, until);
  } catch {
    return (await ledger.write(row.id)) ?? row;
  }
}
