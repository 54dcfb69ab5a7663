// The wait of a call for what it began: the end of its writes, a person's decision and what followed from it. It ends
// with the patience that is configured; the writes and proposals go on without it.

import type { JsonMap } from '../../contract/tool-operations.ts';
import type { OutboxWrite } from '../../contract/outbox.ts';
import { refused, type Outcome } from './outcome.ts';
import { approvalAnswer, rowsAnswer } from './write-answer.ts';
import type { Begun, WriteCall } from './write-plan.ts';

export async function awaitAnswers(begun: readonly Begun[], call: WriteCall): Promise<Outcome> {
  const answers = await Promise.all(begun.map((one) => answerTo(one, call)));
  const [only] = answers;
  if (answers.length === 1 && only !== undefined) return only;
  const results = answers.map((answer): JsonMap => {
    if (!answer.ok)
      return { status: 'failed', error: { kind: answer.kind, message: answer.message, ...answer.more } };
    return answer.data as JsonMap;
  });
  const bad = answers.find((answer) => !answer.ok);
  if (bad === undefined) return { ok: true, data: { results } };
  return refused(bad.kind, bad.message, { results });
}

async function answerTo(begun: Begun, { parts, run, signal, patience }: WriteCall): Promise<Outcome> {
  const until = AbortSignal.any([signal, patience]);
  if (begun.kind === 'recorded') {
    const rows = await Promise.all(begun.rows.map((row) => endOf(row, until, parts)));
    return rowsAnswer(rows, begun.verdict);
  }
  const { id } = begun.approval;
  const approval = (await parts.approvals.whenSettled(id, until)) ?? begun.approval;
  const rows = approval.status === 'approved' ? await parts.ledger.writesOf(id) : [];
  // A run that has ended hears nothing: its issue's next run is told.
  if (approval.status !== 'pending' && !signal.aborted) await parts.approvals.markTold(id, run.runId);
  return approvalAnswer(approval, rows);
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
