// Looks at every entry of a workspace, shallow ones first, up to a number and a time. It only lists and stats:
// no file is opened and no link followed, so nothing that an agent put there can hold it up. What belongs to git,
// to us and to package managers is passed by; repositories are told of.

import type { BigIntStats } from 'node:fs';
import { lstat, opendir } from 'node:fs/promises';
import type { WhyStop } from './git-heads.ts';
import { errorCode } from './workspace-error.ts';

/** A repository that is deeper down is nobody's work of today. */
const REPOSITORY_DEPTH = 4;
const STATS_AT_ONCE = 32;
const SLASH = Buffer.from('/');
const PASSED_BY: ReadonlySet<string> = new Set(['.git', 'node_modules']);
const OUR_FOLDER = '.sortie';

export interface WalkLimits {
  readonly entries: number;
  readonly timeMs: number;
}

export interface Visitor {
  /** Of everything that is no folder. `path` is relative to the root, in bytes. */
  entry(path: Buffer, stats: BigIntStats): void;
  /** A folder that holds a `.git` (a folder or a file); "" = the root itself. */
  repository(folder: Buffer): void;
}

interface Folder {
  readonly path: Buffer;
  readonly depth: number;
}

/** From now on: whether there is time left, and anybody who waits for the answer. */
export function createPatience(timeMs: number, signal?: AbortSignal): WhyStop {
  const deadlineMs = performance.now() + timeMs;
  return () => {
    if (signal?.aborted === true) return 'the run was ended';
    return performance.now() > deadlineMs ? `it took longer than ${timeMs} ms` : null;
  };
}

/** null when everything was seen, otherwise one line that says why not. Never rejects. */
export async function walkTree(
  root: string,
  visitor: Visitor,
  limitEntries: number,
  whyStop: WhyStop,
): Promise<string | null> {
  const top = Buffer.from(`${root}/`);
  const folders: Folder[] = [{ path: Buffer.alloc(0), depth: 0 }];
  let seen = 0;
  let problem: string | null = null;

  async function look({ path, depth }: Folder, names: readonly Buffer[]): Promise<void> {
    const children = names.map((name) => (path.length === 0 ? name : Buffer.concat([path, SLASH, name])));
    const found = await Promise.all(children.map((child) => statOf(Buffer.concat([top, child]))));
    children.forEach((child, index) => {
      const stats = found[index];
      const name = names[index]?.toString('latin1') ?? '';
      if (stats === undefined) return;
      if (name === '.git' && !stats.isSymbolicLink() && depth <= REPOSITORY_DEPTH) visitor.repository(path);
      if (!stats.isDirectory()) {
        if (name !== '.git') visitor.entry(child, stats);
      } else if (!PASSED_BY.has(name) && (depth > 0 || name !== OUR_FOLDER)) {
        folders.push({ path: child, depth: depth + 1 });
      }
    });
  }

  function mayGoOn(): boolean {
    const stop = seen > limitEntries ? `more than ${limitEntries} entries` : whyStop();
    if (stop !== null) problem = stop;
    return stop === null;
  }

  async function visit(folder: Folder): Promise<boolean> {
    let names: Buffer[] = [];
    for await (const name of namesIn(Buffer.concat([top, folder.path]))) {
      names.push(name);
      seen += 1;
      if (names.length < STATS_AT_ONCE) continue;
      if (!mayGoOn()) return false;
      await look(folder, names);
      names = [];
    }
    if (!mayGoOn()) return false;
    await look(folder, names);
    return true;
  }

  // By index: taking the first of a long array away moves all others.
  for (let next = 0; next < folders.length; next += 1) {
    const folder = folders[next];
    if (folder === undefined) break;
    try {
      if (!(await visit(folder))) return problem;
    } catch (error) {
      // A folder that has gone since is none; one that we may not read may hold anything.
      if (!isGone(error)) problem ??= `a folder cannot be read (${errorCode(error) || 'unknown error'})`;
    }
  }
  return problem;
}

/** Node's types do not know that names come as bytes when that is asked for. */
async function* namesIn(path: Buffer): AsyncGenerator<Buffer> {
  const folder = await opendir(path as unknown as string, { encoding: 'buffer' as BufferEncoding });
  for await (const { name } of folder) yield name as unknown as Buffer;
}

async function statOf(path: Buffer): Promise<BigIntStats | undefined> {
  try {
    return await lstat(path, { bigint: true });
  } catch (error) {
    if (isGone(error)) return undefined;
    throw error;
  }
}

function isGone(error: unknown): boolean {
  return errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR';
}
