// Reads one part of a transcript line by line, also while it grows. Holds one line and one block, however large the
// file is and however slow its reader.

import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { errorCode } from './error-code.ts';
import { parseHead } from './records.ts';
import type { PartHead } from './records.ts';

const BLOCK_BYTES = 64 * 1024;
/** Records are shorter: a line of the agent's is cut, and escaping makes at most six characters of one. */
const LONGEST_RECORD_BYTES = 16 * 1024 * 1024;
const NEWLINE = 10;

export interface PartReader {
  readonly head: PartHead;
  /** What is in the file beyond what was read before; may be called again when there is more. */
  lines(signal: AbortSignal): AsyncGenerator<string>;
  close(): Promise<void>;
}

/** null when there is no such file, or when it has no head (yet). */
export async function openPart(path: string): Promise<PartReader | null> {
  const handle = await openKept(path);
  if (handle === null) return null;
  const lines = createLineReader(handle);
  try {
    // A head that a full disk cut is followed by a whole one.
    for await (const line of lines(new AbortController().signal)) {
      const head = parseHead(line);
      if (head !== null) return { head, lines, close: () => handle.close() };
    }
  } catch (error) {
    await handle.close();
    throw error;
  }
  await handle.close();
  return null;
}

/** All whole lines of a file that needs no head; null when there is no such file. */
export async function readLines(path: string): Promise<readonly string[] | null> {
  const handle = await openKept(path);
  if (handle === null) return null;
  try {
    const found: string[] = [];
    for await (const line of createLineReader(handle)(new AbortController().signal)) found.push(line);
    return found;
  } finally {
    await handle.close();
  }
}

async function openKept(path: string): Promise<FileHandle | null> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  } catch (error) {
    if (errorCode(error) === 'ENOENT' || errorCode(error) === 'ENOTDIR') return null;
    throw error;
  }
}

function createLineReader(handle: FileHandle): PartReader['lines'] {
  const block = Buffer.alloc(BLOCK_BYTES);
  let position = 0;
  /** Bytes after the last line end; null = a record that is too long and is passed over. */
  let rest: Buffer[] | null = [];
  let restBytes = 0;

  function* split(bytes: Buffer): Generator<string> {
    let start = 0;
    for (let end = bytes.indexOf(NEWLINE); end !== -1; end = bytes.indexOf(NEWLINE, start)) {
      if (rest !== null) yield Buffer.concat([...rest, bytes.subarray(start, end)]).toString('utf8');
      rest = [];
      restBytes = 0;
      start = end + 1;
    }
    restBytes += bytes.length - start;
    if (restBytes > LONGEST_RECORD_BYTES) rest = null;
    rest?.push(Buffer.from(bytes.subarray(start)));
  }
  // A reader that stops in the middle of a block goes on there.
  let unread: Generator<string> | null = null;

  return async function* (signal) {
    while (!signal.aborted) {
      if (unread !== null) {
        for (let next = unread.next(); next.done !== true; next = unread.next()) yield next.value;
        unread = null;
      }
      const { bytesRead } = await handle.read(block, 0, BLOCK_BYTES, position);
      if (bytesRead === 0) return;
      position += bytesRead;
      unread = split(block.subarray(0, bytesRead));
    }
  };
}
