// Keeps the beginning and the end of an output, whatever its length, and says how much lies between. The
// beginning tells what was started, the end tells why it failed. Memory stays under the limit that was given.

import { createGrowingBuffer } from './growing-buffer.ts';

/** Enough for a stack trace and what led to it; 200 agents keep 25 MB at most. */
export const DEFAULT_OUTPUT_LIMIT_BYTES = 64 * 1024;

/** A head and a tail of what was appended. */
export interface BoundedText {
  append(chunk: Uint8Array): void;
  /** The whole text while it fits; else head, a line that says how many bytes were left out, tail. */
  text(): string;
}

/** Half of the limit goes to the head, half to the tail. */
export function createBoundedText(limitBytes: number): BoundedText {
  const headLimit = Math.ceil(limitBytes / 2);
  const tailLimit = limitBytes - headLimit;
  const head = createGrowingBuffer();
  // Holds up to twice the tail, so that the older half is dropped once per `tailLimit` bytes and not per chunk.
  const tail = createGrowingBuffer();
  let droppedBytes = 0;

  const keepEnd = (limit: number): void => {
    const excess = tail.length - limit;
    if (excess <= 0) return;
    tail.dropFirst(excess);
    droppedBytes += excess;
  };

  return {
    append(chunk) {
      const toHead = chunk.subarray(0, headLimit - head.length);
      if (toHead.length > 0) head.append(toHead);
      const rest = chunk.subarray(toHead.length);
      const ofInterest = rest.subarray(Math.max(0, rest.length - tailLimit));
      droppedBytes += rest.length - ofInterest.length;
      if (rest.length > ofInterest.length) {
        droppedBytes += tail.length;
        tail.clear();
      }
      if (ofInterest.length > 0) tail.append(ofInterest);
      if (tail.length > 2 * tailLimit) keepEnd(tailLimit);
    },
    text() {
      keepEnd(tailLimit);
      if (droppedBytes === 0) return Buffer.concat([head.view(), tail.view()]).toString('utf8');
      const headText = withoutCutEnd(head.view());
      const tailText = withoutCutStart(tail.view());
      const leftOut = droppedBytes + (head.length - headText.length) + (tail.length - tailText.length);
      return `${headText.toString('utf8')}\n[... ${leftOut} bytes left out ...]\n${tailText.toString('utf8')}`;
    },
  };
}

function isContinuation(byte: number | undefined): boolean {
  return byte !== undefined && (byte & 0xc0) === 0x80;
}

/** Drops the first bytes of a character whose end was left out; at most three, so noise stays as it is. */
function withoutCutEnd(bytes: Buffer): Buffer {
  for (let back = 1; back <= Math.min(3, bytes.length); back += 1) {
    const byte = bytes[bytes.length - back];
    if (isContinuation(byte)) continue;
    const needed = byte === undefined || byte < 0xc0 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
    return needed > back ? bytes.subarray(0, bytes.length - back) : bytes;
  }
  return bytes;
}

/** Drops the last bytes of a character whose beginning was left out; at most three. */
function withoutCutStart(bytes: Buffer): Buffer {
  let start = 0;
  while (start < 3 && isContinuation(bytes[start])) start += 1;
  return bytes.subarray(start);
}
