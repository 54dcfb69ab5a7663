// What was looked up for a proposal, kept with it, so that deciding it as it stands needs no tracker. Opaque to the
// store. A form that is not known (of another version, or none) means that it is all looked up again.

import type { IssueRef } from '../../contract/issue.ts';
import type { JsonMap } from '../../contract/tool-operations.ts';
import type { TrackerWrite } from '../../contract/tracker-write.ts';
import type { ActionFacts, ResolvedAction } from '../ports.ts';

const FORM = 1;

export interface StoredResolution {
  readonly writes: readonly TrackerWrite[];
  readonly target: IssueRef | null;
  readonly facts: readonly ActionFacts[];
  readonly agentKind: string;
}

export function storeResolution({ writes, target, facts }: ResolvedAction, agentKind: string): JsonMap {
  return JSON.parse(JSON.stringify({ form: FORM, writes, target, facts, agentKind })) as JsonMap;
}

export function storedResolution(stored: JsonMap | null | undefined): StoredResolution | null {
  return stored?.['form'] === FORM && Array.isArray(stored['writes'])
    ? (stored as unknown as StoredResolution)
    : null;
}
