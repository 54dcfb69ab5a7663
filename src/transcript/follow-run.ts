// Reads a run's transcript from its parts, oldest first, and goes on with what is written meanwhile. A part that is
// read keeps its file open, so that rotation takes nothing away from its reader; a part that went before it was
// reached is a gap.

import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { TranscriptLine } from '../contract/transcript.ts';
import { changeOf } from './live-run.ts';
import type { LiveRun } from './live-run.ts';
import { currentName, parseName, partName } from './part-names.ts';
import { openPart } from './read-records.ts';
import type { PartReader } from './read-records.ts';
import { parseLine } from './records.ts';

export interface FollowRequest {
  readonly folder: string;
  /** A UUID. */
  readonly runId: string;
  readonly after: number;
  readonly signal: AbortSignal;
  /** null = nobody writes it any more. */
  readonly live: LiveRun | null;
  /** Whether to wait for more. */
  readonly goesOn: boolean;
}

/** null when there is no transcript of this run. */
export async function followRun(request: FollowRequest): Promise<AsyncIterable<TranscriptLine> | null> {
  const { live } = request;
  const newest = live?.part ?? (await newestPart(request));
  if (newest === null) return null;
  return linesOf(request, newest);
}

async function* linesOf(request: FollowRequest, newest: number): AsyncGenerator<TranscriptLine> {
  const { live, signal, goesOn } = request;
  let seq = request.after;
  let reader = await firstPart(request, newest);
  let part = reader?.head.part ?? newest;
  try {
    while (!signal.aborted) {
      // Looked at before reading: what comes after it is seen in the next round.
      const version = live?.version ?? 0;
      const isLast = part >= (live?.part ?? newest);
      const isOver = live === null || live.closed || !goesOn;
      reader ??= await openNumbered(request, part);
      for await (const text of reader?.lines(signal) ?? []) {
        const line = parseLine(text);
        if (line === null || line.seq <= seq) continue;
        seq = line.seq;
        yield line;
        if (signal.aborted) return;
      }
      if (!isLast) {
        await reader?.close();
        reader = null;
        part += 1;
      } else if (isOver) return;
      else await changeOf(live, version, signal);
    }
  } finally {
    await reader?.close();
  }
}

/** The newest part that begins at or before what is asked for; everything older would be read for nothing. */
async function firstPart(request: FollowRequest, newest: number): Promise<PartReader | null> {
  let found: PartReader | null = null;
  for (let part = newest; part >= 1; part -= 1) {
    const reader = await openNumbered(request, part).catch(async (error: unknown) => {
      await found?.close();
      throw error;
    });
    // The newest may not be there yet; of the others, those before a missing one are gone too.
    if (reader === null && part < newest) break;
    if (reader === null) continue;
    await found?.close();
    found = reader;
    if (reader.head.firstSeq <= request.after + 1) break;
  }
  return found;
}

/** Rotation may give the file another name between two looks; it does so only once in a long time. */
const LOOKS = 3;

async function openNumbered({ folder, runId }: FollowRequest, part: number): Promise<PartReader | null> {
  for (let look = 0; look < LOOKS; look += 1) {
    const full = await openPart(join(folder, partName(runId, part)));
    if (full !== null) return full;
    const current = await openPart(join(folder, currentName(runId)));
    if (current === null || current.head.part === part) return current;
    await current.close();
    // Another one is written by now: ours is full, or gone.
    if (current.head.part < part) return null;
  }
  return null;
}

async function newestPart({ folder, runId }: FollowRequest): Promise<number | null> {
  const current = await openPart(join(folder, currentName(runId)));
  if (current !== null) {
    await current.close();
    return current.head.part;
  }
  // The daemon may have died between two parts.
  const names = await readdir(folder).catch(() => []);
  const parts = names.map(parseName).flatMap((name) => (name?.runId === runId ? [name.part] : []));
  const newest = Math.max(0, ...parts.filter((part) => typeof part === 'number'));
  return newest === 0 ? null : newest;
}
