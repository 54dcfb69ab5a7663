// Real programs for the tests of this folder, and the certainty that none outlives its test. It asks the kernel
// directly and shares no code with what is tested.

import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { launchProcess } from '../../src/process/index.ts';
import type { LaunchedProcess, LaunchOptions } from '../../src/process/index.ts';

/** Short, so that a test of the hard end takes no longer than it must. */
export const GRACE_MS = 150;

const launched: LaunchedProcess[] = [];
const watchedPids = new Set<number>();

/** The path of a small program under test/fixtures/programs. */
export function programPath(name: string): string {
  return fileURLToPath(new URL(`../fixtures/programs/${name}`, import.meta.url));
}

/** Launches with a fresh mark and a short grace. */
export function launch(options: Partial<LaunchOptions> & Pick<LaunchOptions, 'file'>): LaunchedProcess {
  const child = launchProcess({
    args: [],
    cwd: tmpdir(),
    env: { PATH: process.env['PATH'] ?? '' },
    mark: randomUUID(),
    stdin: null,
    graceMs: GRACE_MS,
    ...options,
  });
  launched.push(child);
  return child;
}

/** Launches `sh -c script`. */
export function launchShell(script: string, options: Partial<LaunchOptions> = {}): LaunchedProcess {
  return launch({ file: 'sh', args: ['-c', script], ...options });
}

/** True while the process runs; a zombie is over. Remembers the pid, to be ended after the test. */
export function isRunning(pid: number): boolean {
  watchedPids.add(pid);
  try {
    const state = /\) ([A-Za-z]) /.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1];
    return state !== undefined && state !== 'Z' && state !== 'X';
  } catch {
    return false;
  }
}

/** Collects lines, and lets a test wait for the first one that matches. */
export function lineCollector(): {
  readonly lines: string[];
  readonly take: (line: string) => void;
  readonly first: (pattern: RegExp) => Promise<string>;
} {
  const lines: string[] = [];
  let waiting: { pattern: RegExp; resolve: (line: string) => void }[] = [];
  return {
    lines,
    take(line) {
      lines.push(line);
      for (const { pattern, resolve } of waiting) if (pattern.test(line)) resolve(line);
      waiting = waiting.filter(({ pattern }) => !pattern.test(line));
    },
    first: (pattern) =>
      new Promise((resolve) => {
        const line = lines.find((known) => pattern.test(known));
        if (line === undefined) waiting.push({ pattern, resolve });
        else resolve(line);
      }),
  };
}

/** The number after `name=` in the first line that has it. */
export async function pidFrom(collector: ReturnType<typeof lineCollector>, name: string): Promise<number> {
  const line = await collector.first(new RegExp(`^${name}=\\d+`));
  const pid = Number(/=(\d+)/.exec(line)?.[1]);
  watchedPids.add(pid);
  return pid;
}

/** For afterEach: ends what a failed test may have left, and waits for every launch to settle. */
export async function endEverything(): Promise<void> {
  for (const child of launched) child.killNow();
  for (const pid of watchedPids) if (isRunning(pid)) process.kill(pid, 'SIGKILL');
  await Promise.all(launched.map((child) => child.end('the test is over')));
  launched.length = 0;
  watchedPids.clear();
}
