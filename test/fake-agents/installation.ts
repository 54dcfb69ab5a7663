// The folder of one fake program: `bin/NAME` for PATH, and beneath `calls/` one record for each call. Shared by the
// fake CLI agent and the fake protocol server. Nothing outside of the folder is written.

import { readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FakeCall, FakeProcess } from './fake-turn.ts';

/** A fake agent that is installed; see `installFakeAgent` and `installFakeServer`. */
export interface FakeAgent {
  readonly folder: string;
  /** The folder to be put first into PATH. */
  readonly bin: string;
  /** The executable itself. */
  readonly path: string;
  /** The calls that used up a turn, in order. */
  calls(): Promise<FakeCall[]>;
  /** The calls that were answered as probes. */
  probes(): Promise<FakeCall[]>;
  /** Waits until `found` gives something for the calls so far; throws after `timeoutMs` (45 s). */
  until<T>(
    found: (calls: readonly FakeCall[]) => T | null | undefined | false,
    timeoutMs?: number,
  ): Promise<T>;
  /** `base` (default: only PATH, HOME and TMPDIR of this process) with the agent first on PATH. */
  pathEnv(base?: Readonly<Record<string, string | undefined>>): Record<string, string>;
  /** Pids, of all that the calls started, which are still alive. */
  alive(): Promise<FakeProcess[]>;
  /** Removes the folder. Throws when anything is left alive after `patienceMs` (10 s), after ending it. */
  close(patienceMs?: number): Promise<void>;
}

export async function installProgram(name: string, program: string, script: unknown): Promise<FakeAgent> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), `fake-${name}-`)));
  const bin = join(folder, 'bin');
  for (const part of ['bin', 'calls', 'probes']) await mkdir(join(folder, part));
  await writeFile(join(folder, 'script.json'), JSON.stringify(script));
  const path = join(bin, name);
  const start = `import(${JSON.stringify(new URL(program, import.meta.url).href)}).then((program) => program.run(${JSON.stringify(folder)}));`;
  await writeFile(path, `#!${process.execPath}\n${start}\n`);
  await chmod(path, 0o755);

  const read = async (part: string): Promise<FakeCall[]> => {
    const calls: FakeCall[] = [];
    for (const number of await readdir(join(folder, part))) {
      // A call that has just begun has its folder and no record yet.
      const text = await readFile(join(folder, part, number, 'call.json'), 'utf8').catch(() => null);
      if (text !== null) calls.push(JSON.parse(text) as FakeCall);
    }
    return calls.sort((a, b) => a.index - b.index);
  };
  const alive = async (): Promise<FakeProcess[]> => {
    const calls = [...(await read('calls')), ...(await read('probes'))];
    return calls.flatMap(({ processes }) => processes).filter(isAlive);
  };

  return {
    folder,
    bin,
    path,
    calls: () => read('calls'),
    probes: () => read('probes'),
    async until(found, timeoutMs = 45_000) {
      const deadline = performance.now() + timeoutMs;
      for (;;) {
        const value = found(await read('calls'));
        if (value !== null && value !== undefined && value !== false) return value;
        if (performance.now() > deadline) {
          throw new Error(
            `fake ${name}: waited ${timeoutMs} ms in vain; ${JSON.stringify(await read('calls'))}`,
          );
        }
        await sleep(15);
      }
    },
    pathEnv(base = { PATH: process.env['PATH'], HOME: process.env['HOME'], TMPDIR: process.env['TMPDIR'] }) {
      const env: Record<string, string> = {};
      for (const [key, value] of Object.entries(base)) if (value !== undefined) env[key] = value;
      const rest = env['PATH'] ?? process.env['PATH'] ?? '';
      return { ...env, PATH: rest === '' ? bin : `${bin}${delimiter}${rest}` };
    },
    alive,
    async close(patienceMs = 10_000) {
      // What was killed a moment ago may still be dying.
      const deadline = performance.now() + patienceMs;
      let left = await alive();
      while (left.length > 0 && performance.now() < deadline) {
        await sleep(20);
        left = await alive();
      }
      for (const { pid } of left) process.kill(pid, 'SIGKILL');
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
      if (left.length > 0) throw new Error(`fake ${name}: left alive: ${JSON.stringify(left)}`);
    },
  };
}

/** The same process, and not a zombie: nobody reaps orphans in some containers. */
function isAlive({ pid, startTime }: FakeProcess): boolean {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[19] === startTime && fields[0] !== 'Z' && fields[0] !== 'X';
  } catch {
    return false;
  }
}
