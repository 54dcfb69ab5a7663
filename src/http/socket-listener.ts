// A Unix socket beside the port, for the same routes: only the daemon's own user may open it. A file that a dead daemon
// left is replaced; one that somebody listens on, or that is no socket, is left alone. The file goes when it closes, if
// it is still ours: Node would remove whatever stands under the name, so it is given another name to remove.

import { randomBytes } from 'node:crypto';
import { chmodSync, lstatSync, renameSync, unlinkSync } from 'node:fs';
import type { Server } from 'node:http';
import { connect } from 'node:net';
import { dirname, join } from 'node:path';
import { isMainThread } from 'node:worker_threads';
import { HttpServerError } from './http-server-error.ts';

/** `sun_path` of Linux holds 107 bytes, that of macOS and the BSDs 103. */
const LONGEST_PATH_BYTES = 103;
const PROBE_MS = 1_000;

/**
 * Gives what removes the file, to be called before the server is closed: then the file may be another's. Throws
 * HttpServerError `socket_in_use` or `listen_failed`.
 */
export async function listenOnSocket(server: Server, path: string): Promise<() => void> {
  if (Buffer.byteLength(path) > LONGEST_PATH_BYTES) {
    throw failed(path, `the path is longer than ${LONGEST_PATH_BYTES} bytes`);
  }
  await clearTheWay(path);
  // Short, because the limit of its length is that of the path.
  const name = join(dirname(path), `.${randomBytes(2).toString('base64url')}`);
  try {
    await listen(server, name);
    const { dev, ino } = lstatSync(name);
    if (lstatSync(path, { throwIfNoEntry: false }) !== undefined) {
      throw inUse(path, 'somebody else has just begun to use it');
    }
    renameSync(name, path);
    return () => removeIfSame(path, dev, ino);
  } catch (error) {
    server.close();
    throw error instanceof HttpServerError ? error : failed(path, (error as Error).message, error);
  }
}

function removeIfSame(path: string, dev: number, ino: number): void {
  try {
    const found = lstatSync(path);
    if (found.dev === dev && found.ino === ino) unlinkSync(path);
  } catch {
    // It is gone, or its folder is: nothing of ours is left there.
  }
}

async function clearTheWay(path: string): Promise<void> {
  let isSocket: boolean;
  try {
    isSocket = lstatSync(path).isSocket();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw failed(path, (error as Error).message, error);
  }
  if (!isSocket) throw inUse(path, 'it is a file of another kind');
  if (!(await isAbandoned(path))) throw inUse(path, 'another program listens on it');
  try {
    unlinkSync(path);
  } catch (error) {
    throw failed(path, (error as Error).message, error);
  }
}

/** Only a refused connection says that nobody listens; anything else may be somebody who is busy or not ours. */
function isAbandoned(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const settle = (abandoned: boolean): void => {
      clearTimeout(limit);
      socket.destroy();
      resolve(abandoned);
    };
    const limit = setTimeout(() => settle(false), PROBE_MS);
    socket.once('connect', () => settle(false));
    socket.on('error', ({ code }: NodeJS.ErrnoException) =>
      settle(code === 'ECONNREFUSED' || code === 'ENOENT'),
    );
  });
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    // The file is made within `listen`: with this mask nobody else can open it, not even for a moment. Threads have
    // no mask of their own, so there the mode follows at once.
    const mask = isMainThread ? process.umask(0o177) : null;
    try {
      server.listen(path);
    } finally {
      if (mask !== null) process.umask(mask);
    }
    if (!server.listening) return;
    try {
      chmodSync(path, 0o600);
    } catch (error) {
      // Whom the file lets in is not known: nobody may get in, and the file goes with the server.
      server.close(() => reject(error as Error));
      return;
    }
    server.once('listening', () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function inUse(path: string, why: string): HttpServerError {
  return new HttpServerError('socket_in_use', `${path}: ${why}; set server.socket to another path`);
}

function failed(path: string, why: string, cause?: unknown): HttpServerError {
  return new HttpServerError('listen_failed', `cannot listen on the socket ${path}: ${why}`, cause);
}
