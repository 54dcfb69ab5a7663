// Drives the built program from outside: its command line, its signals, its HTTP API, its files. Each test has a
// folder of its own; what it starts it ends, and `close` fails when a process of it is left.

import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { mkdtemp, readFile, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { stringify } from 'yaml';

export const MAIN = resolve(import.meta.dirname, '../../dist/src/main.js');

export interface ExitStatus {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface Program {
  readonly child: ChildProcess;
  readonly exit: Promise<ExitStatus>;
  stdout(): string;
  stderr(): string;
  /** Resolves with the daemon's URL once it has started. */
  url(): Promise<string>;
}

export interface Folder {
  readonly path: string;
  /** Ends what was started here and removes the folder; returns the pids that had been left. */
  close(): Promise<readonly number[]>;
  file(name: string): string;
  write(name: string, text: string): Promise<void>;
  writeWorkflow(settings: object, prompt?: string): Promise<void>;
  writeIssues(issues: readonly object[]): Promise<void>;
  issues(): Promise<TrackerRecord[]>;
  start(args?: readonly string[], env?: Readonly<Record<string, string>>): Program;
  /** Starts, waits for the end, gives everything. */
  run(
    args: readonly string[],
    env?: Readonly<Record<string, string>>,
  ): Promise<ExitStatus & { stdout: string; stderr: string }>;
}

export interface TrackerRecord {
  readonly id: string;
  readonly identifier: string;
  readonly state: string;
  readonly [key: string]: unknown;
}

export async function makeFolder(): Promise<Folder> {
  if (!existsSync(MAIN)) throw new Error(`${MAIN} is missing: run npm run build first`);
  const path = await realpath(await mkdtemp(join(tmpdir(), 'sortie-e2e-')));
  const programs: Program[] = [];
  const file = (name: string): string => join(path, name);
  // All at once: a daemon that reads meanwhile sees the old text or the new one.
  const replace = async (name: string, text: string): Promise<void> => {
    await writeFile(file(`${name}.new`), text);
    await rename(file(`${name}.new`), file(name));
  };

  function start(args: readonly string[] = [], env: Readonly<Record<string, string>> = {}): Program {
    const program = startProgram(path, args, env);
    programs.push(program);
    return program;
  }

  return {
    path,
    file,
    write: (name, text) => writeFile(file(name), text),
    writeWorkflow: (settings, prompt = 'Work on {{ issue.identifier }}.') =>
      replace('WORKFLOW.md', `---\n${stringify(settings)}---\n${prompt}\n`),
    writeIssues: (issues) => replace('issues.json', `${JSON.stringify(issues, null, 2)}\n`),
    issues: async () => JSON.parse(await readFile(file('issues.json'), 'utf8')) as TrackerRecord[],
    start,
    async run(args, env) {
      const program = start(args, env);
      const status = await program.exit;
      return { ...status, stdout: program.stdout(), stderr: program.stderr() };
    },
    async close() {
      for (const { child, exit } of programs) {
        if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
        await exit;
      }
      const left = processesIn(path);
      for (const pid of left) killQuietly(pid);
      await rm(path, { recursive: true, force: true, maxRetries: 5 });
      return left;
    },
  };
}

/** Pids of processes whose cwd or environment lies in the folder: agents, hooks and what they started. */
export function processesIn(path: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => pid !== process.pid && belongsTo(pid, path));
}

/** A settings map that most tests start from: fast ticks, own folders, command agent. */
export function baseSettings(folder: Folder, command: string): Record<string, unknown> {
  return {
    tracker: {
      kind: 'file',
      active_states: ['To Do', 'In Progress'],
      terminal_states: ['Done'],
      handoff_state: 'In Review',
    },
    file: { path: './issues.json' },
    polling: { interval_ms: 200 },
    workspace: { root: folder.file('workspaces') },
    agent: {
      kind: 'command',
      command,
      evidence: 'off',
      max_turns: 1,
      stop_grace_ms: 300,
      max_retry_backoff_ms: 500,
    },
  };
}

export function makeIssue(number: number, more: object = {}): object {
  return {
    id: String(number),
    identifier: `E2E-${number}`,
    title: `Issue ${number}`,
    description: 'Do it.',
    state: 'To Do',
    created_at: new Date(Date.UTC(2026, 0, 1) + number * 60_000).toISOString(),
    ...more,
  };
}

/** Polls until the answer is not undefined, null or false; fails with what was waited for. Its limit is only patience. */
export async function until<T>(
  what: string,
  probe: () => T | Promise<T>,
  timeoutMs = 45_000,
): Promise<Exclude<T, undefined | null | false>> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await probe();
    if (value !== undefined && value !== null && value !== false) {
      return value as Exclude<T, undefined | null | false>;
    }
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms for: ${what}`);
    await new Promise((wake) => setTimeout(wake, 20));
  }
}

export async function getJson<T>(url: string): Promise<T> {
  const response = await fetch(url);
  return (await response.json()) as T;
}

/** Linux hands out those from 32768 on to whoever connects: a port of that range may be gone before it is used. */
const PORTS = { first: 10_000, count: 22_000 };
let nextPort = PORTS.first + ((process.pid * 131) % PORTS.count);

/** A port that nobody uses and nobody is given by chance; another one each time. */
export async function freePort(): Promise<string> {
  for (;;) {
    const port = nextPort;
    nextPort = port + 1 < PORTS.first + PORTS.count ? port + 1 : PORTS.first;
    if (await isFree(port)) return String(port);
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  return new Promise((settle) => {
    server.once('error', () => {
      settle(false);
    });
    server.listen(port, '0.0.0.0', () => {
      server.close(() => {
        settle(true);
      });
    });
  });
}

function startProgram(cwd: string, args: readonly string[], env: Readonly<Record<string, string>>): Program {
  // As the bin's first line does it.
  const child = spawn(process.execPath, ['--', MAIN, ...args], {
    cwd,
    env: { ...cleanEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const exit = new Promise<ExitStatus>((settle) => {
    child.once('close', (code, signal) => {
      settle({ code, signal });
    });
  });
  return {
    child,
    exit,
    stdout: () => stdout,
    stderr: () => stderr,
    url: () =>
      until('the daemon to say its address', () => {
        if (child.exitCode !== null) throw new Error(`the daemon ended with ${child.exitCode}: ${stderr}`);
        return /sortie started.*\burl=(\S+)\s/.exec(stderr)?.[1]?.replace(/\/$/, '');
      }),
  };
}

/** A SORTIE_* variable of the machine must not decide a test. */
function cleanEnvironment(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('SORTIE_')));
}

function belongsTo(pid: number, path: string): boolean {
  try {
    if (/\) Z /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'))) return false;
    return environmentOf(pid).includes(`SORTIE_WORKSPACE=${path}`);
  } catch {
    return false;
  }
}

/** In the middle of an `exec` the kernel shows an empty environment, so an empty one is asked for again. */
function environmentOf(pid: number): string {
  for (let tries = 0; tries < 50; tries++) {
    const environment = readFileSync(`/proc/${pid}/environ`, 'utf8');
    if (environment !== '') return environment;
  }
  return '';
}

function killQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}
