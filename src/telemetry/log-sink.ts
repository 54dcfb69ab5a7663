// Where log lines go: stderr, written synchronously, or whatever the caller hands in. Refuses to let a log
// that cannot be written (a closed pipe, a full disk) end the daemon: the line is dropped.

import pino from 'pino';

/** Anything that takes a line with its newline. */
export interface LogDestination {
  write(line: string): unknown;
}

const STDERR = 2;
/** While stderr cannot be written, at most this much waits for it; then lines are dropped. */
const WAITING_LIMIT_BYTES = 1_048_576;

export function openSink(destination?: LogDestination): LogDestination {
  const target = destination ?? openStderr();
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

/** sync: nothing waits in memory when the process ends; sonic-boom also copes with EAGAIN on a full pipe. */
function openStderr(): LogDestination {
  const stream = pino.destination({ dest: STDERR, sync: true, maxLength: WAITING_LIMIT_BYTES });
  stream.on('error', () => {
    // EPIPE: whoever read our log is gone. Without a listener this would end the daemon.
  });
  return stream;
}
