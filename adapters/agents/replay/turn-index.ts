// Where the turns of a recording lie in its file. Our transcripts say it themselves; raw output is read through the
// agent's own reader, which knows a terminal event. Read once and kept until the file changes; what is kept is a pair
// of numbers a turn.

import { stat } from 'node:fs/promises';
import type { OutputReader } from '../../../src/contract/agent.ts';
import { fileLines } from './file-lines.ts';
import { isTranscriptHead, readRaw, readRecord } from './recording.ts';

/** A longer recording is played up to there. */
const TURNS_KEPT = 10_000;
/** More than a list may name: the check at every tick must find all of them here. */
const FILES_KEPT = 2000;

export interface RecordedTurn {
  /** Byte offsets. */
  readonly start: number;
  readonly end: number;
  /** It printed something. */
  readonly hasOutput: boolean;
}

export interface TurnIndex {
  readonly isTranscript: boolean;
  readonly agentKind: string;
  /** Never empty. */
  readonly turns: readonly RecordedTurn[];
}

/** Why a recording cannot be played; one line with the path. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError';
}

export interface TurnIndexes {
  /**
   * @param agentKind of a recording that does not say it itself; "" = not set.
   * @param readerOf null when the output of such an agent cannot be played. Throws RecordingError.
   */
  of(path: string, agentKind: string, readerOf: (kind: string) => OutputReader | null): Promise<TurnIndex>;
}

/** An empty store of indexes. */
export function createTurnIndexes(): TurnIndexes {
  const kept = new Map<string, Promise<TurnIndex>>();
  return {
    async of(path, agentKind, readerOf) {
      const found = await stat(path).catch((error: unknown) => {
        throw unreadable(path, error);
      });
      if (!found.isFile()) throw new RecordingError(`${path} is no file`);
      const key = JSON.stringify([path, agentKind, found.mtimeMs, found.size]);
      const known = kept.get(key);
      if (known !== undefined) return known;
      const index = readIndex(path, agentKind, readerOf);
      kept.set(key, index);
      index.catch(() => kept.delete(key));
      if (kept.size > FILES_KEPT) {
        const oldest = kept.keys().next();
        if (!oldest.done) kept.delete(oldest.value);
      }
      return index;
    },
  };
}

async function readIndex(
  path: string,
  agentKind: string,
  readerOf: (kind: string) => OutputReader | null,
): Promise<TurnIndex> {
  try {
    const head = await firstHead(path);
    const kind = kindOf(path, head, agentKind);
    const reader = readerOf(kind);
    if (reader === null) {
      throw new RecordingError(
        `${path} was recorded from "${kind}", whose output cannot be played; docs/agents/replay.md has those that can`,
      );
    }
    const turns = head === null ? await rawTurns(path, reader) : await transcriptTurns(path);
    if (turns.length === 0) throw new RecordingError(`${path} holds no output of an agent`);
    return { isTranscript: head !== null, agentKind: kind, turns };
  } catch (error) {
    throw error instanceof RecordingError ? error : unreadable(path, error);
  }
}

/** The kind that a transcript's head names; null for raw output. */
async function firstHead(path: string): Promise<string | null> {
  for await (const { text } of fileLines(path)) {
    const record = isTranscriptHead(text) ? readRecord(text) : null;
    return record?.kind === 'head' ? record.agentKind : null;
  }
  throw new RecordingError(`${path} is empty`);
}

function kindOf(path: string, head: string | null, setKind: string): string {
  // What replay recorded are the lines of another agent; only the user can know of which.
  const known = head === null || head === 'replay' ? setKind : head;
  if (known === '')
    throw new RecordingError(`${path} does not say which agent it was recorded from; set replay.agent`);
  if (setKind !== '' && setKind !== known) {
    throw new RecordingError(`${path} was recorded from "${known}", but replay.agent is "${setKind}"`);
  }
  return known;
}

async function transcriptTurns(path: string): Promise<readonly RecordedTurn[]> {
  const turns = new TurnList();
  let turn = 0;
  let runId = '';
  for await (const { text, start, end } of fileLines(path)) {
    const record = readRecord(text);
    if (record?.kind === 'head') {
      // The parts of one run have heads of their own.
      if (record.runId !== runId) turns.cut(start);
      if (record.runId !== runId) turn = 0;
      runId = record.runId;
    } else if (record !== null) {
      const now = record.turn ?? 0;
      // Lines from before the first turn belong to it.
      if (now !== turn && turn !== 0) turns.cut(start);
      turn = now;
      turns.extend(end, record.stream === 'stdout');
    }
    if (turns.isFull()) break;
  }
  return turns.close();
}

async function rawTurns(path: string, reader: OutputReader): Promise<readonly RecordedTurn[]> {
  const turns = new TurnList();
  for await (const { text, end } of fileLines(path)) {
    const record = readRaw(text);
    if (record?.kind !== 'line') continue;
    reader.take(record.text, 0);
    turns.extend(end, true);
    if (!reader.isTurnOver()) continue;
    turns.cut(end);
    reader.endTurn({ exitCode: 0, signal: null, unterminatedLastLine: false, stderrText: '' }, 0);
    if (turns.isFull()) break;
  }
  return turns.close();
}

class TurnList {
  readonly #turns: RecordedTurn[] = [];
  #start = 0;
  #end = 0;
  #hasOutput = false;

  extend(end: number, isOutput: boolean): void {
    this.#end = end;
    this.#hasOutput ||= isOutput;
  }

  cut(at: number): void {
    if (this.#end > this.#start) {
      this.#turns.push({ start: this.#start, end: this.#end, hasOutput: this.#hasOutput });
    }
    this.#start = at;
    this.#end = at;
    this.#hasOutput = false;
  }

  isFull(): boolean {
    return this.#turns.length >= TURNS_KEPT;
  }

  close(): readonly RecordedTurn[] {
    this.cut(this.#end);
    return this.#turns;
  }
}

function unreadable(path: string, error: unknown): RecordingError {
  const why = error instanceof Error ? error.message : String(error);
  return new RecordingError(`${path} cannot be read: ${why}`);
}
