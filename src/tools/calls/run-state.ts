// What is remembered of a run while it may call tools: who it is, how often it has called, and what it has on its way.

import type { Issue } from '../../contract/issue.ts';
import type { CallRate } from '../runs/call-rate.ts';

export interface RunState {
  readonly runId: string;
  readonly issue: Issue;
  readonly attempt: number;
  readonly agentKind: string;
  readonly maxTurns: number;
  readonly openedMonotonicMs: number;
  /** Aborted when the run has ended or was cancelled: from then on nothing is begun for it. */
  readonly ended: AbortSignal;
  readonly rate: CallRate;
  /** Of `notify_operator`. */
  messages: number;
  /**
   * Writes that were recorded without a person's word, and have not ended: not sent any more when it is cancelled. Not
   * those that belong to another one: they follow that one.
   */
  readonly openWrites: Set<string>;
  /** Decided proposals that its briefing tells of, as far as nothing follows: told once it was read. Then empty. */
  readonly briefedOf: Set<string>;
}
