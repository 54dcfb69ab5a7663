// Recordings to play: the real CLI's raw output, and transcripts as the daemon writes them.

import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { agent as claudeCode } from '../../../../adapters/agents/claude-code/index.ts';
import { replayAgent } from '../../../../adapters/agents/replay/index.ts';
import { recordedLines } from '../claude-code/recorded.ts';

/** What adapters/index.ts makes, with one agent whose recordings can be played. */
export const agent = replayAgent([claudeCode]);

export const fixture = (name: string): string => resolve(`test/fixtures/agents/claude-code/${name}.jsonl`);

const folders: string[] = [];

/** For afterEach. */
export async function clearRecordings(): Promise<void> {
  await Promise.all(folders.splice(0).map((folder) => rm(folder, { recursive: true, force: true })));
}

export async function writeRecording(text: string): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'sortie-recording-')));
  folders.push(folder);
  const path = join(folder, 'recording.jsonl');
  await writeFile(path, text);
  return path;
}

interface Record {
  readonly turn?: number;
  readonly stream?: 'stdout' | 'stderr' | 'input';
  /** After the first one. */
  readonly afterMs?: number;
  readonly line: string;
}

/** As src/transcript writes it. */
export function transcriptText(records: readonly Record[], kind = 'claude-code'): string {
  const head = {
    run_id: 'r1',
    issue_id: '1',
    issue_identifier: 'A-1',
    agent_kind: kind,
    attempt: 0,
    part: 1,
    first_seq: 1,
  };
  const lines = records.map(({ turn = 1, stream = 'stdout', afterMs = 0, line }, index) => ({
    seq: index + 1,
    at: new Date(Date.UTC(2026, 0, 1) + afterMs).toISOString(),
    turn,
    stream,
    line,
  }));
  return [head, ...lines].map((record) => `${JSON.stringify(record)}\n`).join('');
}

/** A turn that says something and then nothing for an hour. */
export function hangingTurn(): string {
  const hourMs = 3_600_000;
  return transcriptText(
    turnOf('partial-tool', 1).map((record, index) => ({ ...record, afterMs: index < 8 ? 0 : hourMs })),
  );
}

/** One turn of a recorded fixture, its lines `stepMs` apart. */
export function turnOf(name: string, turn: number, stepMs = 0): Record[] {
  return recordedLines(name).map((line, index) => ({ turn, line, afterMs: index * stepMs }));
}
