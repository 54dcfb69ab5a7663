// "Done" with nothing done is the commonest lie: whether what was found of a run's work is enough to hand it off.

import type { Evidence, EvidenceMode } from '../contract/index.ts';

/** What was not looked for is not asked for. */
export function isEnough(evidence: Evidence | null, mode: EvidenceMode): boolean {
  if (evidence === null || mode === 'off') return true;
  if (mode === 'strict') return evidence.commit;
  return (
    evidence.commit || evidence.changes || evidence.toolWrites > 0 || evidence.declared || evidence.unknown
  );
}

/** Why the same work is asked for once more. */
export function describeLack(evidence: Evidence | null, mode: EvidenceMode): string {
  const wanted = mode === 'strict' ? 'no commit was found' : 'no sign of work was found';
  return evidence === null || evidence.summary === '' ? wanted : `${wanted} (found: ${evidence.summary})`;
}
