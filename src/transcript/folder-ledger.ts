// How much the folder of all transcripts holds. Looked at once, counted from then on; over one of its limits, the runs
// that ended longest ago go first, whole. Files that are not ours by their name are neither counted nor touched; runs
// that are still written stay.

import { lstat, mkdir, readdir, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { parseName } from './part-names.ts';

const STATS_AT_ONCE = 64;

interface KeptRun {
  /** Name → bytes. */
  readonly files: Map<string, number>;
  /** Infinity while it is written. */
  endedAtMs: number;
}

export interface FolderLedger {
  /** Makes the folder and looks at it; every later call answers at once. Rejects when it cannot be made. */
  ready(): Promise<void>;
  wrote(runId: string, name: string, bytes: number): void;
  renamed(runId: string, from: string, to: string): void;
  removed(runId: string, name: string): void;
  ended(runId: string, atMs: number): void;
  /** Removes what is too much. Never rejects. */
  prune(): Promise<void>;
}

export interface FolderLimits {
  readonly folderBytes: number;
  /** A run that says next to nothing takes a file all the same. */
  readonly folderRuns: number;
}

export function createFolderLedger(folder: string, limits: FolderLimits): FolderLedger {
  const runs = new Map<string, KeptRun>();
  let total = 0;
  let opening: Promise<void> | null = null;
  let pruning: Promise<void> | null = null;

  const isFull = (): boolean => total > limits.folderBytes || runs.size > limits.folderRuns;

  function runOf(runId: string): KeptRun {
    const known = runs.get(runId) ?? { files: new Map<string, number>(), endedAtMs: Infinity };
    runs.set(runId, known);
    return known;
  }

  function add(runId: string, name: string, bytes: number): void {
    const { files } = runOf(runId);
    files.set(name, (files.get(name) ?? 0) + bytes);
    total += bytes;
  }

  async function lookAtFolder(): Promise<void> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const names = await readdir(folder);
    for (let start = 0; start < names.length; start += STATS_AT_ONCE) {
      await Promise.all(names.slice(start, start + STATS_AT_ONCE).map(lookAtFile));
    }
  }

  async function lookAtFile(name: string): Promise<void> {
    const named = parseName(name);
    const found = named === null ? null : await lstat(join(folder, name)).catch(() => null);
    if (named === null || found?.isFile() !== true) return;
    add(named.runId, name, found.size);
    const run = runOf(named.runId);
    const isFirst = run.endedAtMs === Infinity;
    run.endedAtMs = isFirst ? found.mtimeMs : Math.max(run.endedAtMs, found.mtimeMs);
  }

  async function removeOldest(): Promise<void> {
    const ended = [...runs].filter(([, { endedAtMs }]) => endedAtMs !== Infinity);
    ended.sort(([, a], [, b]) => a.endedAtMs - b.endedAtMs);
    for (const [runId, { files }] of ended) {
      if (!isFull()) return;
      for (const [name, bytes] of files) {
        await unlink(join(folder, name)).catch(() => undefined);
        total -= bytes;
      }
      runs.delete(runId);
    }
  }

  return {
    async ready() {
      opening ??= lookAtFolder();
      try {
        await opening;
      } catch (error) {
        opening = null;
        throw error;
      }
    },
    wrote: add,
    renamed(runId, from, to) {
      const { files } = runOf(runId);
      files.set(to, files.get(from) ?? 0);
      files.delete(from);
    },
    removed(runId, name) {
      const { files } = runOf(runId);
      total -= files.get(name) ?? 0;
      files.delete(name);
    },
    ended(runId, atMs) {
      const run = runs.get(runId);
      if (run !== undefined) run.endedAtMs = atMs;
    },
    async prune() {
      if (!isFull()) return;
      pruning ??= removeOldest().finally(() => (pruning = null));
      await pruning;
    },
  };
}
