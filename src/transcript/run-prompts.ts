// What one run's agent is told, turn by turn: a file beside the lines, under the same rules. A prompt is cut and
// redacted, so many are kept, and what waits is bounded; a disk that does not take one costs that prompt, never the run.

import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { KeptPrompt } from '../contract/transcript.ts';
import type { FolderLedger } from './folder-ledger.ts';
import type { Backlog } from './line-queue.ts';
import { boundText, finalText } from './long-text.ts';
import type { BoundedText } from './long-text.ts';
import { promptsName } from './part-names.ts';
import { readLines } from './read-records.ts';
import { parsePrompt, promptRecord } from './records.ts';

export interface PromptLimits {
  /** Longer prompts are cut. */
  readonly promptCharacters: number;
  /** Of one run; later ones are not kept. */
  readonly prompts: number;
  /** Of one run's file; a prompt that does not fit any more is not kept. */
  readonly promptsBytes: number;
  readonly queueCharacters: number;
}

export interface RunPromptsParts {
  readonly folder: string;
  readonly runId: string;
  readonly limits: PromptLimits;
  readonly backlog: Backlog;
  readonly ledger: Pick<FolderLedger, 'ready' | 'wrote'>;
  readonly redact: (text: string) => string;
}

export interface RunPrompts {
  push(turn: number, atMs: number, text: string): void;
  /** The next prompt as a record; null when none waits. */
  take(): string | null;
  /** Rejects with the file system's error. */
  append(record: string): Promise<void>;
  readonly isEmpty: boolean;
}

interface Waiting {
  readonly turn: number;
  readonly atMs: number;
  readonly bounded: BoundedText;
}

export function createRunPrompts(parts: RunPromptsParts): RunPrompts {
  const { folder, runId, limits, backlog, ledger } = parts;
  const name = promptsName(runId);
  const waiting: Waiting[] = [];
  let size = 0;
  let pushed = 0;
  let bytes = 0;
  let isMade = false;
  /** A write broke off: what it left must not become the beginning of a record. */
  let isTorn = false;

  return {
    push(turn, atMs, text) {
      const bounded = boundText(text, limits.promptCharacters);
      const { length } = bounded.text;
      const hasRoom = size + length <= limits.queueCharacters && backlog.used + length <= backlog.limit;
      if (pushed >= limits.prompts || !hasRoom) return;
      pushed += 1;
      waiting.push({ turn, atMs, bounded });
      size += length;
      backlog.used += length;
    },
    take() {
      const next = waiting.shift();
      if (next === undefined) return null;
      const { turn, atMs, bounded } = next;
      size -= bounded.text.length;
      backlog.used -= bounded.text.length;
      const text = finalText(bounded, limits.promptCharacters, parts.redact);
      return promptRecord({ turn, atMs, text, cut: bounded.wholeLength !== null });
    },
    async append(record) {
      const buffer = Buffer.from(isTorn ? `\n${record}` : record);
      if (bytes + buffer.length > limits.promptsBytes) return;
      await ledger.ready();
      const { O_WRONLY, O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW } = constants;
      const making = isMade ? 0 : O_CREAT | O_EXCL;
      const handle = await open(join(folder, name), O_WRONLY | O_APPEND | O_NOFOLLOW | making, 0o600);
      isMade = true;
      isTorn = true;
      try {
        await handle.appendFile(buffer);
      } finally {
        await handle.close();
      }
      isTorn = false;
      bytes += buffer.length;
      ledger.wrote(runId, name, buffer.length);
    },
    get isEmpty() {
      return waiting.length === 0;
    },
  };
}

/** By turn; of a turn that was begun twice (a lost session), what it was told last. null = none are kept. */
export async function readPrompts(folder: string, runId: string): Promise<readonly KeptPrompt[] | null> {
  const lines = await readLines(join(folder, promptsName(runId)));
  const byTurn = new Map<number, KeptPrompt>();
  for (const line of lines ?? []) {
    const prompt = parsePrompt(line);
    if (prompt !== null) byTurn.set(prompt.turn, prompt);
  }
  if (byTurn.size === 0) return null;
  return [...byTurn.values()].sort((a, b) => a.turn - b.turn);
}
