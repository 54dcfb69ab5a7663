// When a run counts as told of what people have decided: not when its prompt is written, since an agent that dies at its
// start has read nothing, but when a turn has ended well or the agent asks by itself.

import type { Approvals } from '../approvals/approvals.ts';
import type { RunState } from '../calls/run-state.ts';

/** Never rejects: who is told twice is told the same. */
export async function heard(
  { briefedOf, runId }: Pick<RunState, 'briefedOf' | 'runId'>,
  approvals: Pick<Approvals, 'markTold'>,
): Promise<void> {
  const ids = [...briefedOf];
  briefedOf.clear();
  for (const id of ids) await approvals.markTold(id, runId);
}
