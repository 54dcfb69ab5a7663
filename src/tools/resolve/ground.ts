// What every look-up of names stands on: the tracker and what is known of it, whose run asks, and what it may touch.

import type { IssueRef } from '../../contract/issue.ts';
import type { TrackerSchema } from '../../contract/tracker-capabilities.ts';
import type { TrackerAdapter } from '../../contract/tracker.ts';
import type { Scope } from '../scope.ts';

export interface Ground {
  readonly tracker: TrackerAdapter;
  /** null = not known: names are passed on as they are, and the tracker judges them. */
  readonly schema: TrackerSchema | null;
  readonly scope: Scope;
  /** The run's issue. */
  readonly own: IssueRef;
  readonly agentKind: string;
  readonly nowMs: number;
  readonly signal: AbortSignal;
}
