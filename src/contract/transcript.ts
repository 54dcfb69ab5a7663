// The port to transcripts: each run's raw agent output, kept outside of the workspace. A worker writes one, the
// HTTP server follows it; neither knows where and how it is kept.

import type { AgentStream } from './agent.ts';

/** The first record of every transcript. */
export interface TranscriptHead {
  readonly runId: string;
  readonly issueId: string;
  readonly issueIdentifier: string;
  readonly agentKind: string;
  readonly attempt: number;
}

/** One raw line, secrets redacted. */
export interface TranscriptLine {
  /** Rises by one from line to line of a run, from 1; a gap = lines that were left out or rotated away. */
  readonly seq: number;
  /** Milliseconds since the epoch. */
  readonly atMs: number;
  /** 0 = before the first turn. */
  readonly turn: number;
  readonly stream: AgentStream;
  readonly line: string;
}

export interface TranscriptWriter {
  /** Never throws and never waits; what cannot be kept is counted and said in the transcript. */
  write(turn: number, stream: AgentStream, line: string): void;
  /** The prompt of one turn, as it was sent. Kept beside the lines, up to a limit; never throws, never waits. */
  prompt(turn: number, text: string): void;
  /** Resolves when all is written, or cannot be. Never rejects. */
  close(): Promise<void>;
}

/** What one turn's agent was told, secrets redacted. */
export interface KeptPrompt {
  readonly turn: number;
  readonly atMs: number;
  readonly text: string;
  /** It was longer than is kept. */
  readonly cut: boolean;
}

export interface Transcripts {
  /** Never throws: a folder that cannot be written costs the transcript, not the run. */
  open(head: TranscriptHead): TranscriptWriter;
  /**
   * null = there is none of this run. Lines with a `seq` above `after`, oldest first, and then live until the run's
   * transcript is closed or the signal fires. A reader that is slow costs no memory.
   */
  follow(runId: string, after: number, signal: AbortSignal): Promise<AsyncIterable<TranscriptLine> | null>;
  /** The same of what is kept at this moment: it ends there and waits for nothing. */
  read(runId: string, after: number, signal: AbortSignal): Promise<AsyncIterable<TranscriptLine> | null>;
  /** By turn; null = none are kept of this run. */
  prompts(runId: string): Promise<readonly KeptPrompt[] | null>;
}
