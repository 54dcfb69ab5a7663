// Runs a scenario's parts, each in a process of its own, and gathers their samples. A part that takes too long is
// told to stop, which lets it undo what it began, and killed only when it does not.

import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Part, Sample, Scenario } from './sample.ts';

const program = fileURLToPath(new URL('./scenario-process.ts', import.meta.url));
const UNDO_MS = 20_000;

export async function runScenario(name: string, scenario: Scenario): Promise<Sample[]> {
  const samples: Sample[] = [];
  for (const part of scenario.parts) samples.push(...(await runPart(name, part, scenario.limitMs)));
  return samples;
}

async function runPart(name: string, part: Part, limitMs: number): Promise<Sample[]> {
  const child = fork(program, [name, part], {
    execArgv: ['--import', 'tsx', '--expose-gc'],
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  let samples: Sample[] = [];
  let timedOut = false;
  let kill: NodeJS.Timeout | undefined;
  const limit = setTimeout(() => {
    timedOut = true;
    child.kill('SIGTERM');
    kill = setTimeout(() => child.kill('SIGKILL'), UNDO_MS);
  }, limitMs);
  child.on('message', (message) => (samples = message as Sample[]));
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('exit', resolve).once('error', reject);
  });
  clearTimeout(limit);
  clearTimeout(kill);
  if (timedOut) throw new Error(`scenario ${name} (${part}) took longer than ${limitMs} ms and was ended`);
  if (code !== 0) throw new Error(`scenario ${name} (${part}) failed with exit code ${code}`);
  return samples;
}
