// The rows of what an agent asked for and may have: one for each write, in one lane when issues are made together. A
// comment that came with a move names the move's row, so that it is never written without it.

import type { IssueRef } from '../contract/issue.ts';
import type { TrackerWrite } from '../contract/tracker-write.ts';
import type { NewWrite } from './ports.ts';

/** On whose behalf. */
export interface Asker {
  readonly runId: string;
  /** The run's issue: whose rows those of new issues are. */
  readonly own: IssueRef;
  /** null = it needed none. */
  readonly approvalId: string | null;
}

export function newWrites(
  { runId, own, approvalId }: Asker,
  { writes, before }: { readonly writes: readonly TrackerWrite[]; readonly before: NewWrite['before'] },
  newUuid: () => string,
): readonly NewWrite[] {
  const first = newUuid();
  const [main] = writes;
  return writes.map((given, place) => {
    const id = place === 0 ? first : newUuid();
    const belongs = given.operation === 'add_comment' && main?.operation === 'transition_issue';
    const write = belongs ? { ...given, after: first } : given;
    const issue = write.operation === 'create_issue' ? own : write.issue;
    const lane = write.operation === 'create_issue' ? `new:${first}` : `issue:${issue.id}`;
    return { id, lane, runId, issue, runIssue: own, approvalId, write, before };
  });
}
