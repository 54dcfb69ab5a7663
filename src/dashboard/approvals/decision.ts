// What is sent for a decision: as the API takes it, and only what differs. Pure.

import type { Decision, WireJsonMap } from '../wire-tools.ts';

/** @param modified {} = nothing was changed; of what is rejected no change is sent. */
export function decisionOf(status: Decision['status'], modified: WireJsonMap, note: string): Decision {
  const isChanged = status === 'approved' && Object.keys(modified).length > 0;
  return {
    status,
    ...(isChanged && { modifiedDetails: modified }),
    ...(note.trim() !== '' && { decisionNote: note.trim() }),
  };
}
