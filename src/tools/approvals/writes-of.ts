// The rows of an approved proposal, under the run that asked for it: one for each write, in one lane when they are made
// together.

import type { Approval } from '../../contract/approval.ts';
import type { TrackerWrite } from '../../contract/tracker-write.ts';
import type { NewWrite } from '../ports.ts';

export function writesOf(
  approval: Approval,
  { writes, before }: { readonly writes: readonly TrackerWrite[]; readonly before: NewWrite['before'] },
  newUuid: () => string,
): readonly NewWrite[] {
  const ids = writes.map(() => newUuid());
  const own = { id: approval.issueId, identifier: approval.issueIdentifier };
  return writes.map((write, place) => {
    const isNew = write.operation === 'create_issue';
    const issue = isNew ? own : write.issue;
    const id = ids[place] ?? newUuid();
    const lane = isNew ? `new:${ids[0] ?? id}` : `issue:${issue.id}`;
    return { id, lane, runId: approval.runId, issue, approvalId: approval.id, write, before };
  });
}
