// Transcripts in a folder of the test's own, with small limits, closed and gone after the test.

import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import type { TranscriptHead, TranscriptLine } from '../../src/contract/transcript.ts';
import { createTranscripts } from '../../src/transcript/index.ts';
import type { KeptTranscripts, TranscriptsOptions } from '../../src/transcript/index.ts';
import { scratchFolder } from '../workspace/scratch.ts';

export interface Stage {
  readonly folder: string;
  readonly transcripts: KeptTranscripts;
  readonly warnings: string[];
}

const open: KeptTranscripts[] = [];

afterEach(async () => {
  await Promise.all(open.splice(0).map((transcripts) => transcripts.close()));
});

export function stage(over: Partial<TranscriptsOptions> = {}): Stage {
  const folder = over.folder ?? join(scratchFolder(), 'db.transcripts');
  const warnings: string[] = [];
  const transcripts = createTranscripts({
    folder,
    redact: (text) => text,
    warn: (message, fields) => warnings.push(`${message} ${String(fields['run_id'])}`),
    ...over,
    limits: { gatherMs: 2, ...over.limits },
  });
  open.push(transcripts);
  return { folder, transcripts, warnings };
}

export function headOf(runId: string = randomUUID()): TranscriptHead {
  return { runId, issueId: '1', issueIdentifier: 'A-1', agentKind: 'mock', attempt: 2 };
}

/** The records of one file, parsed; the head first. */
export function recordsIn(folder: string, name: string): Record<string, unknown>[] {
  const text = readFileSync(join(folder, name), 'utf8');
  return text
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);
}

export function filesIn(folder: string): string[] {
  return readdirSync(folder).sort();
}

/** Collects what a reader gives, until it ends or has given `enough`. */
export async function collect(
  lines: AsyncIterable<TranscriptLine> | null,
  enough = Infinity,
): Promise<TranscriptLine[]> {
  const collected: TranscriptLine[] = [];
  for await (const line of lines ?? []) {
    collected.push(line);
    if (collected.length >= enough) break;
  }
  return collected;
}

/** Resolves when everything that was written so far is on the disk. */
export async function written(transcripts: KeptTranscripts, runId: string, seq: number): Promise<void> {
  for await (const line of (await transcripts.follow(runId, seq - 1, new AbortController().signal)) ?? []) {
    if (line.seq >= seq) return;
  }
}

export const never = new AbortController().signal;
