// Runs a small program of these tests in a process of its own, collects the lines that it prints and ends
// it with the test. Waits are bounded by the test's own time limit.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';

export interface TestChild {
  readonly lines: readonly string[];
  /** Settles when the child has printed that many lines, or has ended. */
  untilLines(count: number): Promise<void>;
  /** Sends SIGKILL; settles when the process is gone and its output is read to the end. */
  kill(): Promise<void>;
}

export function startChild(program: string, ...parameters: string[]): TestChild {
  const path = fileURLToPath(new URL(program, import.meta.url));
  const child: ChildProcess = spawn(process.execPath, ['--import', 'tsx', path, ...parameters], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const closed = once(child, 'close');
  const lines: string[] = [];
  let rest = '';
  let wake = (): void => undefined;
  child.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
    const parts = (rest + chunk).split('\n');
    rest = parts.pop() ?? '';
    lines.push(...parts);
    wake();
  });
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await closed;
  };
  onTestFinished(kill);
  return {
    lines,
    kill,
    untilLines: async (count) => {
      const enough = new Promise<void>((resolve) => {
        wake = () => {
          if (lines.length >= count) resolve();
        };
      });
      wake();
      await Promise.race([enough, closed]);
    },
  };
}
