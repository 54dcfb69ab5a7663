// A socket whose mode cannot be set lets nobody in: whom the file would let in is not known.
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { listenOnSocket } from '../../src/http/socket-listener.ts';

vi.mock('node:fs', async (original) => ({
  ...(await original<object>()),
  chmodSync: () => {
    throw new Error('EPERM: this file system knows no modes');
  },
}));

it('ends with an error, nothing listens, and the file is gone', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sortie-mode-'));
  const path = join(folder, 'api.sock');
  const server = createServer();
  try {
    await expect(listenOnSocket(server, path)).rejects.toThrow(
      /cannot listen on the socket .*api\.sock: EPERM/,
    );
    expect([server.listening, existsSync(path)]).toEqual([false, false]);
  } finally {
    server.close();
    rmSync(folder, { recursive: true });
  }
});
