// What is remembered of one issue, looked up by the key that people know. An identifier may have passed
// from one issue to another; the one that was written last is meant.
import type { Kysely } from 'kysely';
import type { StoredIssue } from '../contract/store.ts';
import { nothingRemembered, storedIssue } from './stored-rows.ts';
import type { Tables } from './schema.ts';
import { identifierKey } from './storable.ts';

export async function findStoredIssue(
  db: Kysely<Tables>,
  trackerId: number,
  identifier: string,
): Promise<StoredIssue | null> {
  const key = identifierKey(identifier);
  const issue = await db
    .selectFrom('issues')
    .selectAll()
    .where('tracker_id', '=', trackerId)
    .where('identifier_key', '=', key)
    .orderBy('updated_at_ms', 'desc')
    .orderBy('issue_id', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (issue) return storedIssue(issue);
  // An issue that has since taken another identifier is still found by the one it had when it ran.
  const run = await db
    .selectFrom('runs')
    .select(['issue_id', 'identifier'])
    .where('tracker_id', '=', trackerId)
    .where('identifier_key', '=', key)
    .orderBy('started_at_ms', 'desc')
    .limit(1)
    .executeTakeFirst();
  if (!run) return null;
  const renamed = await db
    .selectFrom('issues')
    .selectAll()
    .where('tracker_id', '=', trackerId)
    .where('issue_id', '=', run.issue_id)
    .executeTakeFirst();
  if (renamed) return storedIssue(renamed);
  return { issueId: run.issue_id, identifier: run.identifier, ...nothingRemembered };
}
