// What the worker is given from outside: adapters, the writer of tracker changes, time and randomness. It
// imports none of them, so that tests and other hosts can put in their own.

import type { AgentAdapter, AgentRegistration } from '../contract/agent.ts';
import type { ToolHost } from '../contract/agent-tools.ts';
import type { RenderPrompt } from '../contract/prompt.ts';
import type { RunSpec, Stop } from '../contract/run.ts';
import type { TrackerAdapter } from '../contract/tracker.ts';
import type { TrackerWriter } from '../contract/tracker-writer.ts';
import type { Transcripts } from '../contract/transcript.ts';
import type { HookResult } from '../workspace/index.ts';

/** One agent kind, ready to be used. */
export interface WorkerAgent {
  readonly adapter: AgentAdapter;
  readonly registration: Pick<AgentRegistration, 'defaultCommand' | 'passEnv' | 'tools'>;
}

export interface WorkerClock {
  /** Calls `fire` once after that many milliseconds, however many; the answer cancels it. */
  after(delayMs: number, fire: () => void): Stop;
}

export interface WorkerDependencies {
  /** null = no such kind: the run fails with `agent_not_found`. */
  readonly agents: (kind: string) => WorkerAgent | null;
  /** The looks after each turn; the caller gives the tracker in force. */
  readonly tracker: Pick<TrackerAdapter, 'fetchIssueById' | 'fetchIssueStatesByIds'>;
  readonly writer: TrackerWriter;
  readonly renderPrompt: RenderPrompt;
  /** The daemon's own environment; hooks and agents get a selection of it. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /**
   * An absolute folder outside of every workspace; made (0700) when missing. Each run has a folder named after
   * its run id in it while it lasts; whatever a dead daemon left in it may be removed at start.
   */
  readonly privateRoot: string;
  /** Where each run gets its TMPDIR, `sortie-<run id>`; absent = the system's folder for such. */
  readonly temporaryRoot?: string | undefined;
  /** Absent: agents get no tools of ours. */
  readonly tools?: ToolHost | undefined;
  readonly transcripts: Pick<Transcripts, 'open'>;
  readonly clock: WorkerClock;
  readonly newUuid: () => string;
  /** Called after each hook, for one log line; failures are reported as warnings of the run as well. */
  readonly hookEnded?: (spec: RunSpec, result: HookResult) => void;
}
