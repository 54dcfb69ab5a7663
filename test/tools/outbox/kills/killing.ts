// Kills a victim again and again at points of the dice: when a request has come and nothing is done yet, when it is done
// and not answered, just after the answer, and at any time. What was being done at Jira goes on, sometimes later than
// the next victim starts.

import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import type { LoopbackJira, RecordedRequest } from '../../../loopback-jira/index.ts';

export const KILL_POINTS = ['received', 'applied', 'answered', 'any time'] as const;
export type KillPoint = (typeof KILL_POINTS)[number];

export interface Life {
  /** Where it was killed; null = it came to its end. */
  readonly killedAt: KillPoint | null;
  readonly code: number | null;
  readonly stderr: string;
}

export interface LifeParts {
  readonly program: string;
  readonly ordersPath: string;
  readonly jira: LoopbackJira;
  /** 0 ≤ x < 1. */
  readonly random: () => number;
  /** null = it is let live. */
  readonly killAt: KillPoint | null;
}

const START = resolve(import.meta.dirname, 'start.mjs');

const alive = new Map<ChildProcess, Promise<unknown>>();

/** Whatever still lives, e.g. after the time limit of a test. */
export async function endAll(): Promise<void> {
  for (const child of alive.keys()) child.kill('SIGKILL');
  await Promise.all(alive.values());
}

const pause = (ms: number): Promise<void> => new Promise((over) => setTimeout(over, ms));

export async function liveAndDie({ program, ordersPath, jira, random, killAt }: LifeParts): Promise<Life> {
  const child: ChildProcess = spawn(process.execPath, [START, program, ordersPath], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stderr = '';
  child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const closed = once(child, 'close').finally(() => alive.delete(child));
  alive.set(child, closed);
  let killedAt: KillPoint | null = null;
  const kill = (): void => {
    if (killAt === null || child.exitCode !== null || child.signalCode !== null) return;
    killedAt ??= killAt;
    child.kill('SIGKILL');
  };

  // Mostly writes; reads only so that looking, too, is cut off.
  let left = 1 + Math.floor(random() * 3);
  const counts = ({ method }: RecordedRequest): boolean => method !== 'GET' || random() < 0.1;
  async function at(point: KillPoint, request: RecordedRequest): Promise<void> {
    if (killAt !== point || left <= 0 || !counts(request)) return;
    left -= 1;
    if (left > 0) return;
    kill();
    // The server finishes what it has begun, at once or a little later.
    if (random() < 0.5) await pause(random() * 200);
  }
  jira.hooks.received = (request) => at('received', request);
  jira.hooks.applied = async (request) => {
    await at('applied', request);
    if (killAt !== 'answered' || left <= 0 || !counts(request)) return;
    left -= 1;
    if (left === 0) setTimeout(kill, random() * 4);
  };
  let timer: NodeJS.Timeout | undefined;
  child.stdout?.once('data', () => {
    if (killAt === 'any time') timer = setTimeout(kill, random() * 150);
  });
  await closed;
  clearTimeout(timer);
  jira.hooks.received = undefined;
  jira.hooks.applied = undefined;
  return { killedAt, code: child.exitCode, stderr };
}
