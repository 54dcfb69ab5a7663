// Bytes to text for WORKFLOW.md and the .env file: bounded, UTF-8 or nothing, BOM and CRLF gone. It never
// opens what is not a regular file, because a named pipe would hold the daemon for ever. What it throws
// says the line where the bytes stop being text.

import { createHash } from 'node:crypto';
import { open, stat } from 'node:fs/promises';
import { oneLine } from './workflow-error.ts';

/** A file of settings and one prompt; a larger one is a mistake. */
export const FILE_LIMIT_BYTES = 1024 * 1024;

export interface ReadText {
  /** With `\n` line ends only. */
  readonly text: string;
  /** SHA-256 of the bytes as they are on disk. */
  readonly hash: string;
}

/** `missing`: no such file. `unreadable`: a folder, no permission, an I/O error. `not_text`: bytes, size. */
export class FileReadError extends Error {
  override readonly name = 'FileReadError';
  readonly reason: 'missing' | 'unreadable' | 'not_text';
  readonly line: number | undefined;
  readonly hash: string | null;

  constructor(
    reason: FileReadError['reason'],
    text: string,
    facts: { line?: number | undefined; hash?: string | null; cause?: unknown } = {},
  ) {
    super(text, { cause: facts.cause });
    this.reason = reason;
    this.line = facts.line;
    this.hash = facts.hash ?? null;
  }
}

export async function readTextFile(path: string): Promise<ReadText> {
  const bytes = await readBounded(path);
  const hash = createHash('sha256').update(bytes).digest('hex');
  if (bytes.length > FILE_LIMIT_BYTES) {
    throw new FileReadError('not_text', `the file is over ${FILE_LIMIT_BYTES} bytes; make it smaller`, {
      hash,
    });
  }
  return { text: decode(bytes, hash).replaceAll('\r\n', '\n'), hash };
}

async function readBounded(path: string): Promise<Buffer> {
  try {
    const facts = await stat(path);
    if (!facts.isFile()) {
      const found = facts.isDirectory() ? 'a folder' : 'not a regular file';
      throw new FileReadError('unreadable', `this is ${found}; name a file`);
    }
    const file = await open(path, 'r');
    try {
      // One byte past the limit tells "too large" from "exactly full" even while somebody appends.
      const buffer = Buffer.alloc(Math.min(facts.size, FILE_LIMIT_BYTES) + 1);
      let length = 0;
      while (length < buffer.length) {
        const { bytesRead } = await file.read(buffer, length, buffer.length - length, length);
        if (bytesRead === 0) break;
        length += bytesRead;
      }
      return buffer.subarray(0, length);
    } finally {
      await file.close();
    }
  } catch (error) {
    if (error instanceof FileReadError) throw error;
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (code === 'ENOENT' || code === 'ENOTDIR') {
      throw new FileReadError('missing', 'there is no such file; create it or name another', {
        cause: error,
      });
    }
    const detail = code === '' ? oneLine(String(error)) : code;
    throw new FileReadError('unreadable', `cannot be read (${detail}); check its permissions`, {
      cause: error,
    });
  }
}

function decode(bytes: Buffer, hash: string): string {
  const nul = bytes.indexOf(0);
  if (nul !== -1) {
    const text = 'holds a NUL byte, so it is binary or half-written; save it again as UTF-8 text';
    throw new FileReadError('not_text', text, { line: countLines(bytes, nul), hash });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    const text = 'is not UTF-8; save it again as UTF-8 text';
    throw new FileReadError('not_text', text, { line: firstBadLine(bytes), hash, cause });
  }
}

/** No UTF-8 sequence holds a line feed, so each line can be judged alone. */
function firstBadLine(bytes: Buffer): number {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  let line = 1;
  for (let start = 0; start <= bytes.length; line += 1) {
    const end = bytes.indexOf(0x0a, start);
    const stop = end === -1 ? bytes.length : end;
    try {
      decoder.decode(bytes.subarray(start, stop));
    } catch {
      return line;
    }
    start = stop + 1;
  }
  return line;
}

function countLines(bytes: Buffer, until: number): number {
  let line = 1;
  for (let at = bytes.indexOf(0x0a); at !== -1 && at < until; at = bytes.indexOf(0x0a, at + 1)) line += 1;
  return line;
}
