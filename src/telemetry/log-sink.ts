// Where log lines go: stderr, or whatever the caller hands in. Refuses to let a log that cannot be written (a closed
// pipe, a full disk, a reader that does not read) end or stop the daemon: the line is dropped.

import { fstatSync } from 'node:fs';
import pino from 'pino';
import { stderrPipe } from './stderr-pipe.ts';

/** Anything that takes a line with its newline. */
export interface LogDestination {
  write(line: string): unknown;
}

const STDERR = 2;
/** While stderr cannot be written, at most this much waits for it; then lines are dropped. */
const WAITING_LIMIT_BYTES = 1_048_576;

/** @param onDropped told how many lines were lost, once there is room again. */
export function openSink(onDropped: (lines: number) => void, destination?: LogDestination): LogDestination {
  const target = destination ?? openStderr(onDropped);
  return {
    write: (line) => {
      try {
        target.write(line);
      } catch {
        // Nowhere is left to say so.
      }
    },
  };
}

function openStderr(onDropped: (lines: number) => void): LogDestination {
  if (isPipe()) {
    const pipe = stderrPipe();
    pipe.onDropped(onDropped);
    return pipe;
  }
  // A file or a terminal. sync: nothing waits in memory when the process ends.
  const stream = pino.destination({ dest: STDERR, sync: true, maxLength: WAITING_LIMIT_BYTES });
  stream.on('error', () => {
    // A full disk. Without a listener this would end the daemon.
  });
  return stream;
}

function isPipe(): boolean {
  try {
    const stats = fstatSync(STDERR);
    return stats.isFIFO() || stats.isSocket();
  } catch {
    return false;
  }
}
