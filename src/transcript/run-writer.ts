// Writes the transcript of one run: takes lines at any speed, hands them to the disk in batches, one at a time. What
// goes wrong costs lines of the transcript and one warning, never the run; a disk that has room again is used again.

import type { AgentStream } from '../contract/agent.ts';
import type { TranscriptWriter } from '../contract/transcript.ts';
import type { RoomCheck } from './free-space.ts';
import type { LineQueue } from './line-queue.ts';
import { tellFollowers } from './live-run.ts';
import type { LiveRun } from './live-run.ts';
import type { PartFiles } from './part-files.ts';
import type { RunPrompts } from './run-prompts.ts';

const BATCH_CHARACTERS = 256 * 1024;

export interface RunWriterParts {
  readonly queue: LineQueue;
  readonly files: PartFiles;
  readonly prompts: RunPrompts;
  readonly live: LiveRun;
  readonly room: RoomCheck;
  /** Wall clock. */
  readonly nowMs: () => number;
  /** After a failed write, so that a full disk is not tried for every line. */
  readonly retryMs: number;
  /** Something waits: `pump` is to be called soon, or after a moment in which more may come. */
  readonly wantsPump: (how: 'soon' | 'later') => void;
  /** The first failure of the run. */
  readonly onFailure: (error: unknown) => void;
  readonly onClosed: () => Promise<void>;
}

export interface RunWriter extends TranscriptWriter {
  /** Begins to write the next batch unless one is under way. Synchronous up to the disk. */
  pump(): void;
}

export function createRunWriter(parts: RunWriterParts): RunWriter {
  const { queue, files, prompts, live } = parts;
  let seq = 0;
  let writing = false;
  let failed = false;
  let notBeforeMs = -Infinity;
  /** A run that has ended waits for no disk: what that does not take now is lost. */
  let hasGivenUp = false;
  let closed: Promise<void> | null = null;
  let settle: () => void = () => undefined;

  const isEmpty = (): boolean => queue.isEmpty && prompts.isEmpty;

  async function writeNext(): Promise<void> {
    const prompt = prompts.take();
    const batch = prompt === null ? queue.take(BATCH_CHARACTERS) : null;
    try {
      await parts.room();
      if (prompt !== null) await prompts.append(prompt);
      if (batch === null) return;
      await files.append(batch.text, batch.firstSeq);
      live.part = files.part;
      tellFollowers(live);
    } catch (error) {
      live.part = files.part;
      if (batch !== null) queue.lost(batch.lines);
      notBeforeMs = performance.now() + parts.retryMs;
      hasGivenUp = closed !== null;
      if (!failed) parts.onFailure(error);
      failed = true;
    }
  }

  function pump(): void {
    if (writing) return;
    if (closed !== null && (isEmpty() || hasGivenUp)) return settle();
    if (isEmpty()) return;
    if (closed === null && performance.now() < notBeforeMs) return parts.wantsPump('later');
    writing = true;
    void writeNext().then(() => {
      writing = false;
      if (!isEmpty() || closed !== null) {
        parts.wantsPump(closed !== null || queue.size >= BATCH_CHARACTERS ? 'soon' : 'later');
      }
    });
  }

  async function end(): Promise<void> {
    await new Promise<void>((resolve) => {
      settle = resolve;
      parts.wantsPump('soon');
    });
    await files.close();
    await parts.onClosed();
    live.closed = true;
    tellFollowers(live);
  }

  return {
    pump,
    write(turn: number, stream: AgentStream, line: string) {
      if (closed !== null) return;
      seq += 1;
      queue.push({ seq, atMs: parts.nowMs(), turn, stream, line });
      parts.wantsPump(queue.size >= BATCH_CHARACTERS ? 'soon' : 'later');
    },
    prompt(turn: number, text: string) {
      if (closed !== null) return;
      prompts.push(turn, parts.nowMs(), text);
      parts.wantsPump('later');
    },
    close: () => (closed ??= end()),
  };
}
