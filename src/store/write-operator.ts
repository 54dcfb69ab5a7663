// How operators' words become rows: the mode that dispatch is in, and the log of everything that was accepted. The
// log is bounded, because a script may be an operator; the oldest words go first.
import type { DispatchControl, OperatorAction } from '../contract/controls.ts';
import { integer, outsideText } from './storable.ts';
import type { WriteContext } from './write-issue.ts';

/** A word every ten minutes for more than two months. */
export const operatorActionsKept = 10_000;
/** They change nothing, and a script that asks each minute must not push out what people decided. */
export const refreshesKept = 1_000;

export async function putDispatch(
  { db, trackerId, redact }: WriteContext,
  dispatch: DispatchControl,
): Promise<void> {
  const row = {
    mode: dispatch.mode,
    said_by: outsideText(dispatch.by, redact),
    reason: outsideText(dispatch.reason, redact),
    since_ms: integer(dispatch.sinceMs),
  };
  await db
    .insertInto('dispatch')
    .values({ tracker_id: trackerId, ...row })
    .onConflict((conflict) => conflict.column('tracker_id').doUpdateSet(row))
    .execute();
}

/** Noting the same word of the same moment again changes nothing. */
export async function addOperatorAction(
  { db, trackerId, redact }: WriteContext,
  action: OperatorAction,
): Promise<void> {
  await db
    .insertInto('operator_actions')
    .values({
      tracker_id: trackerId,
      at_ms: integer(action.atMs),
      control: action.control,
      issue_id: action.issueId,
      identifier: action.issueIdentifier,
      said_by: outsideText(action.by, redact),
      reason: outsideText(action.reason, redact),
    })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
  if (action.control === 'refresh') await forgetOldRefreshes({ db, trackerId });
  await db
    .deleteFrom('operator_actions')
    .where('tracker_id', '=', trackerId)
    .where('seq', '<=', (from) =>
      from
        .selectFrom('operator_actions')
        .select('seq')
        .where('tracker_id', '=', trackerId)
        .orderBy('seq', 'desc')
        .limit(1)
        .offset(operatorActionsKept),
    )
    .execute();
}

async function forgetOldRefreshes({ db, trackerId }: Pick<WriteContext, 'db' | 'trackerId'>): Promise<void> {
  await db
    .deleteFrom('operator_actions')
    .where('tracker_id', '=', trackerId)
    .where('control', '=', 'refresh')
    .where('seq', '<=', (from) =>
      from
        .selectFrom('operator_actions')
        .select('seq')
        .where('tracker_id', '=', trackerId)
        .where('control', '=', 'refresh')
        .orderBy('seq', 'desc')
        .limit(1)
        .offset(refreshesKept),
    )
    .execute();
}
