// Puts new content in the place of a file that was read before, unless somebody has changed it since. Normally a
// temporary file in the same folder, fsync, rename: a reader or a crash sees the old content or the new, never
// half. Where no rename can be (a bind-mounted file, a folder that is not ours to write), written in place: only
// there can a crash leave half a file. The last look, the compare and the rename are synchronous and follow at once, so
// that the window in which a change by somebody else is overwritten is some microseconds; no lock could close it,
// because editors take none.
import { randomUUID } from 'node:crypto';
import { fstatSync, ftruncateSync, readFileSync, renameSync, statSync, unlinkSync, writeSync } from 'node:fs';
import { open, readdir, stat, unlink, type FileHandle } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { brokenWrite, errorCode, FileProblem, writeProblem } from './file-problem.ts';
import { sameVersion, type Snapshot } from './source-file.ts';

/** The calls that a test replaces to play a full disk, a bind mount or an editor at the worst moment. */
export interface ReplaceCalls {
  createTemporary(path: string, mode: number): Promise<FileHandle>;
  sync(handle: FileHandle): Promise<void>;
  rename(from: string, to: string): void;
}

export const systemCalls: ReplaceCalls = {
  createTemporary: (path, mode) => open(path, 'wx', mode),
  sync: (handle) => handle.sync(),
  rename: renameSync,
};

/** The file is a mount point, or the folder takes no new file: writing in place may still do. */
const renameImpossible = new Set(['EBUSY', 'EXDEV', 'EPERM', 'EACCES', 'EROFS']);

/** A temporary file of a killed process. No write takes so long, not even one of another container. */
const abandonedAfterMs = 60_000;

export interface Replacement {
  /** Real path: no symlink at its end, or the link itself would be replaced. */
  readonly path: string;
  /** What was read and `content` is made from. */
  readonly seen: Snapshot;
  readonly content: Buffer;
  readonly signal: AbortSignal;
  readonly calls: ReplaceCalls;
}

/** `changed` = nothing was written, read again. Throws FileProblem, or the signal's reason; then nothing changed unless it says so. */
export async function replaceFile(replacement: Replacement): Promise<'written' | 'changed'> {
  const { path, signal, calls } = replacement;
  const temporary = join(dirname(path), `.${basename(path)}.sortie-${randomUUID()}.tmp`);
  try {
    try {
      await writeTemporary(temporary, replacement);
      signal.throwIfAborted();
      if (!isStillAsSeen(replacement)) return 'changed';
      calls.rename(temporary, path);
    } catch (error) {
      signal.throwIfAborted();
      if (errorCode(error) === 'ENOENT') return 'changed';
      if (!renameImpossible.has(errorCode(error))) throw error;
      return await writeInPlace(replacement);
    } finally {
      removeQuietly(temporary);
    }
    await syncFolder(dirname(path));
    return 'written';
  } catch (error) {
    signal.throwIfAborted();
    throw error instanceof FileProblem ? error : writeProblem(error);
  }
}

/** Removes what processes left that were killed between creating a temporary file and renaming it. */
export async function removeAbandoned(path: string): Promise<void> {
  const folder = dirname(path);
  const prefix = `.${basename(path)}.sortie-`;
  for (const name of await readdir(folder).catch(() => [])) {
    if (!name.startsWith(prefix) || !name.endsWith('.tmp')) continue;
    const candidate = join(folder, name);
    const found = await stat(candidate).catch(() => null);
    if (found && Date.now() - found.mtimeMs > abandonedAfterMs)
      await unlink(candidate).catch(() => undefined);
  }
}

async function writeTemporary(path: string, { seen, content, calls }: Replacement): Promise<void> {
  const mode = Number(seen.stat.mode) & 0o7777;
  const handle = await calls.createTemporary(path, 0o600);
  try {
    await handle.writeFile(content);
    if (process.getuid?.() === 0) await handle.chown(Number(seen.stat.uid), Number(seen.stat.gid));
    // After chown, which clears set-id bits, and apart from open, whose mode the umask cuts.
    await handle.chmod(mode);
    await calls.sync(handle);
  } finally {
    await handle.close();
  }
}

/** By content as well: two writes in one tick of the file system's clock have the same times. */
function isStillAsSeen({ path, seen }: Replacement): boolean {
  if (!readFileSync(path).equals(seen.bytes)) return false;
  return sameVersion(statSync(path, { bigint: true }), seen.stat);
}

async function writeInPlace(replacement: Replacement): Promise<'written' | 'changed'> {
  const { path, seen, content, calls } = replacement;
  const handle = await open(path, 'r+');
  try {
    if (!isStillAsSeen(replacement)) return 'changed';
    try {
      overwrite(handle.fd, content);
    } catch (error) {
      // A full disk, most likely: the old content had its space, so that it fits again.
      orBroken(() => overwrite(handle.fd, seen.bytes));
      throw error;
    }
    await calls.sync(handle).catch((error: unknown) => {
      throw brokenWrite(error);
    });
    return 'written';
  } finally {
    await handle.close();
  }
}

function orBroken(write: () => void): void {
  try {
    write();
  } catch (error) {
    throw brokenWrite(error);
  }
}

function overwrite(fd: number, content: Buffer): void {
  for (let at = 0; at < content.length;) at += writeSync(fd, content, at, content.length - at, at);
  if (fstatSync(fd).size > content.length) ftruncateSync(fd, content.length);
}

function removeQuietly(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // Renamed, or never created: what matters is that it is not there.
  }
}

/** Makes the rename itself durable. Some systems cannot open folders; the content is in place all the same. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, 'r');
    await handle.sync().finally(() => handle.close());
  } catch {
    // As above.
  }
}
