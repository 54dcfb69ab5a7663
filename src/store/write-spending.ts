// How what was spent, and until when an agent may not be asked, become rows. All figures are absolute: writing the
// same one twice changes nothing.
import type { StoredDay, StoredQuota, StoreWrite } from '../contract/store.ts';
import { amount, count, integer, outsideText } from './storable.ts';
import { noUsage, type Remembered, type WriteContext } from './write-issue.ts';

/** More than a year, so that one can be compared with the last; the oldest are forgotten. */
const daysKept = 400;

export function spendingColumns({
  spending,
  sessionUsage,
}: Extract<StoreWrite, { kind: 'put_spending' }>): Remembered {
  const usage = sessionUsage && {
    session_input_tokens: count(sessionUsage.inputTokens),
    session_output_tokens: count(sessionUsage.outputTokens),
    session_cache_read_tokens: count(sessionUsage.cacheReadTokens),
    session_reported_cost_usd: amount(sessionUsage.reportedCostUsd),
    session_pending_cost_usd: amount(sessionUsage.pendingCostUsd),
  };
  return {
    spent_input_tokens: count(spending.inputTokens),
    spent_output_tokens: count(spending.outputTokens),
    spent_cache_read_tokens: count(spending.cacheReadTokens),
    spent_cost_usd: amount(spending.costUsd),
    ...(usage ?? noUsage),
  };
}

export async function putDay({ db, trackerId }: WriteContext, day: StoredDay): Promise<void> {
  const row = {
    input_tokens: count(day.inputTokens),
    output_tokens: count(day.outputTokens),
    cache_read_tokens: count(day.cacheReadTokens),
    cost_usd: amount(day.costUsd),
  };
  await db
    .insertInto('days')
    .values({ tracker_id: trackerId, day: day.day, ...row })
    .onConflict((conflict) => conflict.columns(['tracker_id', 'day']).doUpdateSet(row))
    .execute();
  await db
    .deleteFrom('days')
    .where('tracker_id', '=', trackerId)
    .where('day', '<', (from) =>
      from
        .selectFrom('days')
        .select('day')
        .where('tracker_id', '=', trackerId)
        .orderBy('day', 'desc')
        .limit(1)
        .offset(daysKept - 1),
    )
    .execute();
}

export async function putQuota({ db, trackerId, redact }: WriteContext, quota: StoredQuota): Promise<void> {
  const row = {
    until_ms: integer(quota.untilMs),
    detail: outsideText(quota.detail, redact),
    hits: count(quota.hits),
  };
  await db
    .insertInto('quotas')
    .values({ tracker_id: trackerId, agent_kind: quota.agentKind, ...row })
    .onConflict((conflict) => conflict.columns(['tracker_id', 'agent_kind']).doUpdateSet(row))
    .execute();
}

export async function deleteQuota({ db, trackerId }: WriteContext, agentKind: string): Promise<void> {
  await db
    .deleteFrom('quotas')
    .where('tracker_id', '=', trackerId)
    .where('agent_kind', '=', agentKind)
    .execute();
}
