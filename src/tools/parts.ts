// What whoever builds the tools hands over beside ToolsParts: figures of runs, the audit's head file and its check, and
// how an agent starts the stdio bridge. All of it small functions, so that this folder knows neither daemon nor store.

import type { AuditHead, AuditVerdict } from '../contract/audit.ts';
import type { BudgetLimit } from '../contract/settings.ts';
import type { ToolListener, ToolsParts } from './ports.ts';

export interface TokenFigures {
  /** input + output. */
  readonly totalTokens: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly cacheReadTokens: number;
}

/** Of a run that is under way. */
export interface RunFigures {
  /** From 1; 0 before the first. */
  readonly turnNumber: number;
  readonly tokens: TokenFigures;
  /** What is left of each limit that is set; never negative. */
  readonly budgetLeft: Readonly<Partial<Record<BudgetLimit, number>>>;
}

/** Of a run that has ended. */
export interface PastRun {
  readonly attempt: number;
  readonly status: string;
  /** "" = none. */
  readonly error: string;
  readonly startedAtMs: number;
  readonly completedAtMs: number | null;
  readonly turnsCompleted: number;
  readonly tokens: TokenFigures;
}

export interface AuditKeeping {
  /** Kept beside the database; replaces the last one. */
  writeHead(head: AuditHead): Promise<void>;
  /** null = there is none yet. Rejects, with what is wrong in one line, when it cannot be understood. */
  readHead(): Promise<AuditHead | null>;
  /** Reads the whole chain. */
  verify(signal: AbortSignal): Promise<AuditVerdict>;
}

export interface CreateToolsParts extends ToolsParts {
  readonly audit: AuditKeeping;
  /** null = no such run is under way. */
  readonly figures: (runId: string) => RunFigures | null;
  /** The newest runs of an issue, the newest first; at most `limit`. */
  readonly history: (identifier: string, limit: number) => Promise<readonly PastRun[]>;
  /** Starts `sortie mcp-server`, for agents that speak stdio only. */
  readonly bridge: { readonly command: string; readonly args: readonly string[] };
  /** Makes a run's token a known secret, until the answer is called. */
  readonly keepSecret: (token: string) => () => void;
  /** Of the program: what clients are told. */
  readonly version: string;
  /** For tests; absent = the MCP server of this folder. */
  readonly listen?: (() => Promise<ToolListener>) | undefined;
}
