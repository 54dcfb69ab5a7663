// Cuts a stream of bytes into lines at the byte `\n` and nowhere else: Node's readline also splits at U+2028,
// which breaks valid JSON. Bytes are gathered until a line is whole and only then decoded, so a character that
// was cut by a chunk's border comes out right. Memory never grows beyond the limit of one line.

import { createGrowingBuffer } from './growing-buffer.ts';

const NEWLINE = 0x0a;
const CARRIAGE_RETURN = 0x0d;

/** The most that one line may hold by default; an agent's largest honest event stays well below. */
export const DEFAULT_LINE_LIMIT_BYTES = 10 * 1024 * 1024;

export interface LineSplitterOptions {
  /** The longest line that is handed over, in bytes without its line end. */
  readonly limitBytes: number;
  /** Gets each line without `\n` and without one `\r` before it. Bytes that are no UTF-8 become U+FFFD. */
  readonly onLine: (line: string) => void;
  /** A line over the limit was skipped; called when it is over, with its true length. */
  readonly onOversized: (bytes: number) => void;
}

/** Takes chunks of any size. */
export interface LineSplitter {
  push(chunk: Uint8Array): void;
  /** Hands over what follows the last `\n`, if anything does, and says whether there was such a rest. */
  end(): { readonly unterminated: boolean };
}

/** A splitter in its first state; one for each stream. */
export function createLineSplitter(options: LineSplitterOptions): LineSplitter {
  const { limitBytes, onLine, onOversized } = options;
  const pending = createGrowingBuffer();
  let skippedBytes = 0;

  const take = (bytes: Uint8Array): void => {
    if (skippedBytes > 0 || pending.length + bytes.length > limitBytes) {
      skippedBytes += pending.length + bytes.length;
      pending.clear();
    } else if (bytes.length > 0) {
      pending.append(bytes);
    }
  };

  const finishLine = (): void => {
    if (skippedBytes > 0) {
      const bytes = skippedBytes;
      skippedBytes = 0;
      onOversized(bytes);
      return;
    }
    const line = decodeLine(pending.view());
    pending.clear();
    onLine(line);
  };

  return {
    push(chunk) {
      let start = 0;
      for (;;) {
        const newline = chunk.indexOf(NEWLINE, start);
        if (newline === -1) break;
        take(chunk.subarray(start, newline));
        finishLine();
        start = newline + 1;
      }
      take(chunk.subarray(start));
    },
    end() {
      const unterminated = skippedBytes > 0 || pending.length > 0;
      if (unterminated) finishLine();
      return { unterminated };
    },
  };
}

function decodeLine(bytes: Buffer): string {
  const end = bytes.at(-1) === CARRIAGE_RETURN ? bytes.length - 1 : bytes.length;
  return bytes.toString('utf8', 0, end);
}
