// The built daemon as a process: started from outside, watched through its log, ended by SIGTERM.

import { spawn, type ChildProcess } from 'node:child_process';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';
import { builtMain } from './built.ts';

export const mainPath = fileURLToPath(builtMain);
const LINE_LIMIT_MS = 30_000;

export interface DaemonProcess {
  readonly child: ChildProcess;
  /** Resolves when the log has said `text`, once for all its past and future; rejects when the daemon ends before. */
  said(text: string): Promise<void>;
  /** SIGTERM; rejects when the exit code is not 0. Safe to call twice. */
  stop(): Promise<void>;
}

export function startDaemonProcess(workflowPath: string): DaemonProcess {
  const child = spawn(process.execPath, [mainPath, workflowPath], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: environment(),
  });
  let log = '';
  const waiting = new Set<() => void>();
  const wake = (): void => {
    for (const look of waiting) look();
  };
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    log += text;
    wake();
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('exit', resolve).once('error', reject);
  });
  void ended.then(wake, wake);
  return {
    child,
    said: (text) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => {
          finish(() => {
            reject(new Error(`the daemon did not say "${text}" within ${LINE_LIMIT_MS} ms:\n${log}`));
          });
        }, LINE_LIMIT_MS);
        const finish = (settle: () => void): void => {
          clearTimeout(timer);
          waiting.delete(look);
          settle();
        };
        const look = (): void => {
          if (log.includes(text)) finish(resolve);
          else if (child.exitCode !== null) {
            finish(() => {
              reject(new Error(`the daemon ended before it said "${text}":\n${log}`));
            });
          }
        };
        waiting.add(look);
        look();
      }),
    async stop() {
      child.kill('SIGTERM');
      const code = await ended;
      if (code !== 0) throw new Error(`the daemon ended with ${String(code)}:\n${log}`);
    },
  };
}

/** A SORTIE_* variable of the machine must not decide what is measured. */
export function environment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('SORTIE_')));
}

/** Free a moment ago. */
export async function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  });
}
