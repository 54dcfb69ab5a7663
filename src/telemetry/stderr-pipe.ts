// Stderr when it is a pipe or a socket whose reader may stop reading. A full pipe must not stop the daemon: what it
// does not take waits, bounded, and is tried again; beyond that, lines are dropped and counted. At exit, whatever
// still waits is written as long as the reader takes something.

import { writeSync } from 'node:fs';

const STDERR = 2;
/** Lines that wait for the reader. */
const WAITING_LIMIT_BYTES = 1_048_576;
const RETRY_MS = 50;
/** At exit: a reader that has taken nothing for so long is not reading. */
const LAST_CHANCE_MS = 1_000;
const LAST_CHANCE_STEP_MS = 10;

export interface StderrPipe {
  write(line: string): void;
  /** Called with the number of lines that were dropped, once there is room again. */
  onDropped(listener: (lines: number) => void): void;
}

let opened: StderrPipe | null = null;

/** One for the process, however many loggers there are. */
export function stderrPipe(): StderrPipe {
  opened ??= openStderrPipe();
  return opened;
}

function openStderrPipe(): StderrPipe {
  // Makes the descriptor non-blocking: a full pipe is EAGAIN then. Node's own stream is not written to.
  process.stderr.on('error', () => undefined);
  const waiting: Buffer[] = [];
  let size = 0;
  let dropped = 0;
  let retry: NodeJS.Timeout | null = null;
  const listeners: ((lines: number) => void)[] = [];

  /** Writes what it can; false when something is left. */
  function flush(): boolean {
    while (waiting.length > 0) {
      const [first] = waiting;
      if (first === undefined) break;
      const written = writeSome(first);
      if (written === null) return false;
      size -= written;
      if (written < first.length) waiting[0] = first.subarray(written);
      else waiting.shift();
    }
    return true;
  }

  function flushLater(): void {
    retry ??= setTimeout(() => {
      retry = null;
      if (!flush()) return flushLater();
      const lines = dropped;
      dropped = 0;
      if (lines > 0) for (const listener of listeners) listener(lines);
    }, RETRY_MS).unref();
  }

  process.on('exit', () => {
    let sinceMs = performance.now();
    for (let before = size; !flush(); before = size) {
      if (size < before) sinceMs = performance.now();
      if (performance.now() - sinceMs > LAST_CHANCE_MS) return;
      sleep(LAST_CHANCE_STEP_MS);
    }
  });

  return {
    write(line) {
      const bytes = Buffer.from(line);
      if (size + bytes.length > WAITING_LIMIT_BYTES) {
        dropped += 1;
        return;
      }
      waiting.push(bytes);
      size += bytes.length;
      if (retry === null && !flush()) flushLater();
    },
    onDropped: (listener) => listeners.push(listener),
  };
}

/** null = the pipe is full. */
function writeSome(bytes: Buffer): number | null {
  try {
    return writeSync(STDERR, bytes);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return null;
    // EPIPE: whoever read our log is gone; nowhere is left to say so.
    return bytes.length;
  }
}

function sleep(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}
