// Unpacks a body that was packed for the way, and never lets it grow over a limit: a few kilobytes can hold gigabytes.
// Node's zlib stops as soon as its output passes the limit. What cannot be unpacked is told.
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, inflate, inflateRaw } from 'node:zlib';

export interface Unpacked {
  /** With a problem: empty. */
  readonly bytes: Buffer;
  /** null = none; else `too_large` or one line. */
  readonly problem: string | null;
  readonly cause?: unknown;
}

const gunzipAsync = promisify(gunzip);
const inflateAsync = promisify(inflate);
const inflateRawAsync = promisify(inflateRaw);
const brotliAsync = promisify(brotliDecompress);

/** RFC 1950: the compression method that zlib streams name first. */
const zlibMark = 8;

/** More than one coding is allowed by HTTP; nobody needs more than two. */
const codingsLimit = 2;

/** `encoding` is the header Content-Encoding. Never throws. */
export async function unpack(
  packed: Buffer,
  encoding: string | string[] | undefined,
  limit: number,
): Promise<Unpacked> {
  const codings = String(encoding ?? '')
    .toLowerCase()
    .split(',')
    .map((coding) => coding.trim())
    .filter((coding) => coding !== '' && coding !== 'identity')
    .reverse();
  if (codings.length > codingsLimit) return refuse(`is packed ${codings.length} times`);
  // 204 and HEAD may name a coding and have no body.
  if (packed.length === 0) return { bytes: packed, problem: null };
  let bytes = packed;
  for (const coding of codings) {
    try {
      const next = await unpackOnce(bytes, coding, limit);
      if (next === null)
        return refuse(`is packed with ${JSON.stringify(coding.slice(0, 40))}, which was not asked for`);
      bytes = next;
    } catch (cause) {
      if (cause instanceof Error && 'code' in cause && cause.code === 'ERR_BUFFER_TOO_LARGE') {
        return { bytes: Buffer.alloc(0), problem: 'too_large', cause };
      }
      return refuse(`is not valid ${coding}`, cause);
    }
  }
  return { bytes, problem: null };
}

async function unpackOnce(bytes: Buffer, coding: string, limit: number): Promise<Buffer | null> {
  const options = { maxOutputLength: limit };
  switch (coding) {
    case 'gzip':
    case 'x-gzip':
      return await gunzipAsync(bytes, options);
    case 'deflate':
      // The standard says zlib; some servers send bare deflate. The low bits of a zlib stream's first byte are 8.
      return ((bytes[0] ?? 0) & 0x0f) === zlibMark
        ? await inflateAsync(bytes, options)
        : await inflateRawAsync(bytes, options);
    case 'br':
      return await brotliAsync(bytes, options);
    default:
      return null;
  }
}

function refuse(what: string, cause?: unknown): Unpacked {
  return { bytes: Buffer.alloc(0), problem: `the body ${what}`, cause };
}
