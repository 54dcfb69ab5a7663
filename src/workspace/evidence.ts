// Has anything been done in a workspace? It is looked at twice, before and after, and the two are compared:
// branches for commits that were not there, the tree for files that came, went or differ in size, time or mode.
// Contents are never read. What could not be looked at is said, because "nobody knows" is not "nothing".

import type { BigIntStats } from 'node:fs';
import { lstat } from 'node:fs/promises';
import { createRefsAllowance, readRepositoryHeads } from './git-heads.ts';
import type { RepositoryHeads } from './git-heads.ts';
import { createPatience, walkTree } from './walk-tree.ts';
import type { WalkLimits } from './walk-tree.ts';

const LIMITS: WalkLimits = { entries: 200_000, timeMs: 10_000 };
const REPOSITORIES = 100;
const SHOWN_COMMITS = 3;
const SHOWN_NAME = 60;

export interface LookOptions {
  readonly signal?: AbortSignal | undefined;
  /** For tests. */
  readonly limits?: WalkLimits | undefined;
}

/** A workspace as it was; a few bytes a file. */
export interface Baseline {
  /** Hash of the path and hash of what is known of the file, pairwise. */
  readonly paths: Float64Array;
  readonly files: Float64Array;
  /** Folder relative to the workspace (latin1 of its bytes) → where its branches stood. */
  readonly repositories: ReadonlyMap<string, RepositoryHeads>;
  /** There may be more of them. */
  readonly missesRepositories: boolean;
  /** Why not everything was seen; null = it was. */
  readonly problem: string | null;
}

export interface Difference {
  /** One line for each branch with a new commit, e.g. `commit on main`; [] = none. */
  readonly commits: readonly string[];
  /** Files that were made, changed or removed. */
  readonly changes: number;
  /** Why nobody can be sure; null = everything was seen both times. */
  readonly unknown: string | null;
}

/** Never rejects. */
export async function takeBaseline(workspacePath: string, options: LookOptions = {}): Promise<Baseline> {
  const paths: number[] = [];
  const files: number[] = [];
  const seen = await look(workspacePath, options, (path, file) => {
    paths.push(path);
    files.push(file);
  });
  return { paths: Float64Array.from(paths), files: Float64Array.from(files), ...seen };
}

/** Never rejects. */
export async function compareWorkspace(
  before: Baseline,
  workspacePath: string,
  options: LookOptions = {},
): Promise<Difference> {
  const left = new Map<number, number>();
  before.paths.forEach((path, index) => left.set(path, before.files[index] ?? 0));
  let [changed, added] = [0, 0];
  const now = await look(workspacePath, options, (path, file) => {
    const old = left.get(path);
    if (old === undefined) added += 1;
    else if (old !== file) changed += 1;
    left.delete(path);
  });
  // A file that the first look did not reach is not new, and one that the second did not reach is not gone.
  if (before.problem === null) changed += added;
  if (now.problem === null) changed += left.size;
  return {
    commits: shown(newCommits(before, now.repositories)),
    changes: changed,
    unknown: before.problem ?? now.problem,
  };
}

async function look(
  workspacePath: string,
  { signal, limits = LIMITS }: LookOptions,
  onFile: (path: number, file: number) => void,
): Promise<Pick<Baseline, 'repositories' | 'missesRepositories' | 'problem'>> {
  const folders: Buffer[] = [];
  const visitor = {
    entry: (path: Buffer, stats: BigIntStats) => onFile(hash(path), hash(Buffer.from(lookOf(stats)))),
    repository: (folder: Buffer) => folders.push(folder),
  };
  // Through a link in its place, the work of strangers would be the agent's.
  const top = await lstat(workspacePath).catch(() => null);
  if (top !== null && !top.isDirectory()) {
    const gone = 'the workspace is no longer a folder';
    return { repositories: new Map(), missesRepositories: true, problem: gone };
  }
  const patience = createPatience(limits.timeMs, signal);
  let problem = await walkTree(workspacePath, visitor, limits.entries, patience);
  if (folders.length > REPOSITORIES) problem ??= `more than ${REPOSITORIES} repositories`;
  // With a time of their own: branches say more than files do, and an agent can make any number of refs as well.
  const allowance = createRefsAllowance(createPatience(limits.timeMs, signal));
  const repositories = new Map<string, RepositoryHeads>();
  const missesRepositories = problem !== null;
  for (const folder of folders.slice(0, REPOSITORIES)) {
    const path = Buffer.concat([Buffer.from(`${workspacePath}/`), folder]);
    const heads = await readRepositoryHeads(path, allowance);
    if (heads !== null) repositories.set(folder.toString('latin1'), heads);
    problem ??= heads?.problem ?? null;
  }
  return { repositories, missesRepositories, problem };
}

function lookOf(stats: BigIntStats): string {
  const kind = stats.isFile() ? 'file' : stats.isSymbolicLink() ? 'link' : 'other';
  return `${kind} ${stats.mode} ${stats.size} ${stats.mtimeNs}`;
}

/**
 * Checking out another branch or fetching moves heads too, but to commits that were known. What the first look did not
 * reach is not new.
 */
function newCommits(
  before: Pick<Baseline, 'repositories' | 'missesRepositories'>,
  now: ReadonlyMap<string, RepositoryHeads>,
): string[] {
  const found: string[] = [];
  for (const [folder, { heads, elsewhere, hasOwnCommits }] of now) {
    const old = before.repositories.get(folder);
    if (old === undefined && before.missesRepositories) continue;
    const known = old === undefined ? elsewhere : new Set([...old.heads.values(), ...old.elsewhere]);
    for (const [name, id] of heads) {
      // A clone brings commits that nobody made here, and the agent may have pushed those that it did make.
      const isNew = (old === undefined && hasOwnCommits) || !known.has(id);
      if (!isNew || (old !== undefined && old.problem !== null && !old.heads.has(name))) continue;
      const branch = name === 'HEAD' ? 'a detached HEAD' : clean(name);
      found.push(folder === '' ? `commit on ${branch}` : `commit on ${branch} in ${clean(folder)}`);
    }
  }
  return found;
}

function shown(commits: readonly string[]): string[] {
  if (commits.length <= SHOWN_COMMITS) return [...commits];
  return [...commits.slice(0, SHOWN_COMMITS), `${commits.length - SHOWN_COMMITS} more commits`];
}

/** Names in a repository are the agent's words. */
function clean(name: string): string {
  const text = name.replace(/[^\x20-\x7e]/g, '?');
  return text.length > SHOWN_NAME ? `${text.slice(0, SHOWN_NAME)}…` : text;
}

/** cyrb53: 53 bits, so that 200,000 files meet by chance once in half a million looks. */
function hash(bytes: Buffer): number {
  let high = 0xdeadbeef;
  let low = 0x41c6ce57;
  for (const byte of bytes) {
    high = Math.imul(high ^ byte, 2654435761);
    low = Math.imul(low ^ byte, 1597334677);
  }
  high = Math.imul(high ^ (high >>> 16), 2246822507) ^ Math.imul(low ^ (low >>> 13), 3266489909);
  low = Math.imul(low ^ (low >>> 16), 2246822507) ^ Math.imul(high ^ (high >>> 13), 3266489909);
  return 4294967296 * (2097151 & low) + (high >>> 0);
}
