// Where the branches of a repository stand, read from its files. Git itself is never run: configuration in a
// repository that an agent wrote can make it run anything. Every file is read bounded and without following
// links; what is not as git writes it counts as absent.

import { lstat, opendir } from 'node:fs/promises';
import { isAbsolute } from 'node:path';
import { readPlainFile } from './read-plain-file.ts';

const SMALL_FILE_BYTES = 4096;
/** About 60,000 refs. */
const PACKED_REFS_BYTES = 4 * 1024 * 1024;
const LOOSE_REFS = 20_000;
/** Of all repositories of a look: an agent can point a hundred of them at the refs of one, and each would hold them. */
const REFS_TOGETHER = 100_000;
const PACKED_REFS_BYTES_TOGETHER = 8 * 1024 * 1024;
const LOOSE_DEPTH = 12;
const LOG_BYTES = 256 * 1024;
const OBJECT_ID = /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/;
const BRANCHES = 'refs/heads/';

export interface RepositoryHeads {
  /** What can move by a commit here: branch name, or `HEAD` when it is detached → object id. */
  readonly heads: ReadonlyMap<string, string>;
  /** Ids that other refs name: remote branches, tags, and what a linked worktree shares with others. */
  readonly elsewhere: ReadonlySet<string>;
  /** The log of HEAD tells of a commit that was made here. */
  readonly hasOwnCommits: boolean;
  /** Why not everything could be read; null = it could. */
  readonly problem: string | null;
}

/** Says why one has to stop; null = go on. */
export type WhyStop = () => string | null;

/** What is left for the repositories of one look. */
export interface RefsAllowance {
  readonly whyStop: WhyStop;
  refs: number;
  packedBytes: number;
}

export function createRefsAllowance(whyStop: WhyStop): RefsAllowance {
  return { whyStop, refs: REFS_TOGETHER, packedBytes: PACKED_REFS_BYTES_TOGETHER };
}

/** @param folder what holds `.git`. null when that is no repository. Never rejects. */
export async function readRepositoryHeads(
  folder: Buffer,
  allowance: RefsAllowance = createRefsAllowance(() => null),
): Promise<RepositoryHeads | null> {
  try {
    return await readHeads(folder, allowance);
  } catch (error) {
    const problem = `a repository cannot be read: ${error instanceof Error ? error.message : String(error)}`;
    return { heads: new Map(), elsewhere: new Set(), hasOwnCommits: false, problem };
  }
}

async function readHeads(folder: Buffer, allowance: RefsAllowance): Promise<RepositoryHeads | null> {
  const gitFolder = await findGitFolder(folder);
  if (gitFolder === null) return null;
  // In a linked worktree, the branches are those of everybody who shares the repository: only its HEAD is its own.
  const shared = await pointedAt(gitFolder, await textOf(under(gitFolder, 'commondir')));
  const common = shared ?? gitFolder;
  const head = (await textOf(under(gitFolder, 'HEAD'))).trim();
  if (head === '') return null;
  const { refs, peeled, problem } = await readRefs(common, allowance);
  const branch = /^ref: (refs\/heads\/.+)$/.exec(head)?.[1];
  const heads = new Map<string, string>();
  const elsewhere = new Set<string>(peeled);
  for (const [name, id] of refs) {
    const isOwn = name.startsWith(BRANCHES) && (shared === null || name === branch);
    if (isOwn) heads.set(name.slice(BRANCHES.length), id);
    else elsewhere.add(id);
  }
  if (OBJECT_ID.test(head)) heads.set('HEAD', head);
  return { heads, elsewhere, hasOwnCommits: await hasOwnCommits(gitFolder), problem };
}

async function findGitFolder(folder: Buffer): Promise<Buffer | null> {
  const path = under(folder, '.git');
  if (await isFolder(path)) return path;
  const link = /^gitdir: (.+)$/m.exec(await textOf(path))?.[1] ?? '';
  return await pointedAt(folder, link);
}

/** The folder that a file names, relative to where it lies; null when there is none. */
async function pointedAt(from: Buffer, text: string): Promise<Buffer | null> {
  const name = text.trim();
  if (name === '') return null;
  const path = isAbsolute(name) ? Buffer.from(name) : under(from, name);
  return (await isFolder(path)) ? path : null;
}

interface Refs {
  readonly refs: Map<string, string>;
  /** The commits behind annotated tags. */
  readonly peeled: Set<string>;
  problem: string | null;
  /** Loose ones, folders among them. */
  looked: number;
  readonly allowance: RefsAllowance;
}

async function readRefs(common: Buffer, allowance: RefsAllowance): Promise<Refs> {
  const found: Refs = { refs: new Map(), peeled: new Set(), problem: null, looked: 0, allowance };
  if (await isFolder(under(common, 'reftable'))) {
    found.problem = 'a repository keeps its branches in a reftable';
    return found;
  }
  const limitBytes = Math.min(PACKED_REFS_BYTES, allowance.packedBytes);
  const packed = await readPlainFile(under(common, 'packed-refs'), limitBytes);
  allowance.packedBytes -= packed?.bytes.length ?? 0;
  if (packed?.isCut === true) found.problem = 'a repository has too many packed refs';
  for (const line of packed?.bytes.toString('utf8').split('\n') ?? []) {
    const isPeeled = line.startsWith('^');
    const space = line.indexOf(' ');
    const id = isPeeled ? line.slice(1).trim() : line.slice(0, space);
    if (!OBJECT_ID.test(id)) continue;
    if (!mayTakeOneMore(found)) return found;
    if (isPeeled) found.peeled.add(id);
    else found.refs.set(line.slice(space + 1).trim(), id);
  }
  // A loose ref is newer than a packed one of the same name.
  if (await isFolder(under(common, 'refs'))) await readLooseRefs(common, 'refs', found);
  return found;
}

function mayTakeOneMore(found: Refs): boolean {
  found.allowance.refs -= 1;
  const stop = found.allowance.refs < 0 ? 'the repositories have too many refs' : found.allowance.whyStop();
  if (stop !== null) found.problem ??= stop;
  return stop === null;
}

async function readLooseRefs(common: Buffer, name: string, found: Refs): Promise<void> {
  // As bytes, which Node takes and its types do not know: the repository may lie below a name that is no UTF-8.
  const folder = await opendir(under(common, name) as unknown as string).catch(() => null);
  if (folder === null) return;
  // Leaving the loop closes the folder.
  for await (const entry of folder) {
    const path = `${name}/${entry.name}`;
    found.looked += 1;
    if (found.looked > LOOSE_REFS || path.split('/').length > LOOSE_DEPTH) {
      found.problem ??= 'a repository has too many refs';
      return;
    }
    if (!mayTakeOneMore(found)) return;
    if (entry.isDirectory()) await readLooseRefs(common, path, found);
    else if (entry.isFile()) {
      const id = (await textOf(under(common, path))).trim();
      if (OBJECT_ID.test(id)) found.refs.set(path, id);
    }
  }
}

/** `<old> <new> <who> <when>⇥commit: …`, and the like; a clone or a checkout is told of in other words. */
async function hasOwnCommits(gitFolder: Buffer): Promise<boolean> {
  const log = await readPlainFile(under(gitFolder, 'logs/HEAD'), LOG_BYTES).catch(() => null);
  return /\t(?:commit|cherry-pick|merge|rebase|revert|am)\b/.test(log?.bytes.toString('latin1') ?? '');
}

async function textOf(path: Buffer): Promise<string> {
  const file = await readPlainFile(path, SMALL_FILE_BYTES).catch(() => null);
  return file?.bytes.toString('utf8') ?? '';
}

async function isFolder(path: Buffer): Promise<boolean> {
  const found = await lstat(path).catch(() => null);
  return found?.isDirectory() === true;
}

function under(folder: Buffer, name: string): Buffer {
  return Buffer.concat([folder, Buffer.from(`/${name}`)]);
}
