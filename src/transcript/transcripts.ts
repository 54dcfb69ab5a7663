// The transcripts of all runs: files in one folder of the daemon's own, written by the worker, followed by the HTTP
// server. Bounded in every direction: a line, a run, the folder, and what waits in memory. Secrets are taken out
// before anything reaches the disk. Nothing here ever makes a run wait or fail.

import { dirname } from 'node:path';
import type { TranscriptHead, Transcripts, TranscriptWriter } from '../contract/transcript.ts';
import { createRoomCheck } from './free-space.ts';
import type { FreeBytes } from './free-space.ts';
import { createFolderLedger } from './folder-ledger.ts';
import { followRun } from './follow-run.ts';
import type { FollowRequest } from './follow-run.ts';
import { createLineQueue } from './line-queue.ts';
import type { Backlog } from './line-queue.ts';
import { createLiveRun } from './live-run.ts';
import type { LiveRun } from './live-run.ts';
import { createPartFiles } from './part-files.ts';
import { isRunId } from './part-names.ts';
import { createPumpRota } from './pump-rota.ts';
import { createRunPrompts, readPrompts } from './run-prompts.ts';
import type { PromptLimits } from './run-prompts.ts';
import { createRunWriter } from './run-writer.ts';

const MIB = 1024 * 1024;

export interface TranscriptLimits extends PromptLimits {
  /** Longer lines are cut. */
  readonly lineCharacters: number;
  /** A run keeps `parts` of them. */
  readonly partBytes: number;
  readonly parts: number;
  /** Beyond either, ended runs go; those that are written stay. */
  readonly folderBytes: number;
  readonly folderRuns: number;
  /** Waiting in memory, of one run and of all together. */
  readonly queueCharacters: number;
  readonly allQueuesCharacters: number;
  /** What comes within this time is written together. */
  readonly gatherMs: number;
  /** From a failed write to the next try. */
  readonly retryMs: number;
}

const LIMITS: TranscriptLimits = {
  lineCharacters: MIB,
  promptCharacters: MIB,
  prompts: 100,
  promptsBytes: 16 * MIB,
  partBytes: 8 * MIB,
  parts: 4,
  folderBytes: 2048 * MIB,
  folderRuns: 20_000,
  queueCharacters: 4 * MIB,
  allQueuesCharacters: 64 * MIB,
  gatherMs: 200,
  retryMs: 5_000,
};

export interface TranscriptsOptions {
  /** Absolute; made (0700) when the first line comes. */
  readonly folder: string;
  /** Takes known secrets out of a text. */
  readonly redact: (text: string) => string;
  readonly warn: (message: string, fields: Readonly<Record<string, unknown>>) => void;
  readonly nowMs?: (() => number) | undefined;
  readonly limits?: Partial<TranscriptLimits> | undefined;
  /** For tests. */
  readonly freeBytes?: FreeBytes | undefined;
}

export interface KeptTranscripts extends Transcripts {
  /** Ends every transcript that is still written. Never rejects. */
  close(): Promise<void>;
}

interface OpenRun {
  readonly live: LiveRun;
  readonly writer: TranscriptWriter;
}

export function createTranscripts(options: TranscriptsOptions): KeptTranscripts {
  const { folder, warn, nowMs = Date.now } = options;
  const redact = (text: string): string => redactOrHide(options.redact, text);
  const limits = { ...LIMITS, ...options.limits };
  const ledger = createFolderLedger(folder, limits);
  const backlog: Backlog = { used: 0, limit: limits.allQueuesCharacters };
  const rota = createPumpRota(limits.gatherMs);
  // The folder itself is made with the first line.
  const room = createRoomCheck(dirname(folder), options.freeBytes);
  const open = new Map<string, OpenRun>();

  function openRun(head: TranscriptHead): OpenRun {
    const { runId } = head;
    const live = createLiveRun();
    const writer = createRunWriter({
      queue: createLineQueue(limits, backlog, redact),
      files: createPartFiles(folder, head, limits, ledger),
      prompts: createRunPrompts({ folder, runId, limits, backlog, ledger, redact }),
      live,
      room,
      nowMs,
      retryMs: limits.retryMs,
      wantsPump: (how) => rota.add(writer.pump, how),
      onFailure: (error) =>
        warn('transcript not written', { run_id: runId, issue_identifier: head.issueIdentifier, error }),
      onClosed: async () => {
        open.delete(runId);
        ledger.ended(runId, nowMs());
        await ledger.prune();
      },
    });
    return { live, writer };
  }

  function readRun(request: Pick<FollowRequest, 'runId' | 'after' | 'signal' | 'goesOn'>) {
    if (!isRunId(request.runId)) return Promise.resolve(null);
    return followRun({ ...request, folder, live: open.get(request.runId)?.live ?? null });
  }

  return {
    open(head) {
      if (!isRunId(head.runId) || open.has(head.runId)) return NO_WRITER;
      const run = openRun(head);
      open.set(head.runId, run);
      void ledger.prune();
      return run.writer;
    },
    follow: (runId, after, signal) => readRun({ runId, after, signal, goesOn: true }),
    read: (runId, after, signal) => readRun({ runId, after, signal, goesOn: false }),
    prompts: (runId) => (isRunId(runId) ? readPrompts(folder, runId) : Promise.resolve(null)),
    async close() {
      await Promise.all([...open.values()].map(({ writer }) => writer.close()));
    },
  };
}

/** A line that cannot be looked through is not written. */
function redactOrHide(redact: (text: string) => string, text: string): string {
  try {
    return redact(text);
  } catch {
    return '[could not be redacted]';
  }
}

const NO_WRITER: TranscriptWriter = {
  write: () => undefined,
  prompt: () => undefined,
  close: () => Promise.resolve(),
};
