// The process of one part of one scenario: measures, undoes, sends its samples to the parent. A signal, or the
// parent's death, ends it early, and it undoes all the same.

import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Bench, Part, Sample } from './sample.ts';
import { scenarios } from './scenario-list.ts';

const [name = '', part = 'both'] = process.argv.slice(2);
const samples: Sample[] = [];
const undos: (() => Promise<unknown>)[] = [];
let undone: Promise<void> | null = null;

async function undoAll(): Promise<void> {
  for (let undo = undos.pop(); undo !== undefined; undo = undos.pop()) {
    await undo().catch((error: unknown) => {
      console.error(error);
    });
  }
}

function stop(): void {
  void (undone ??= undoAll()).then(() => process.exit(1));
}
process.once('SIGINT', stop).once('SIGTERM', stop).once('disconnect', stop);

const folder = await realpath(await mkdtemp(join(tmpdir(), 'sortie-bench-')));
undos.push(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
const bench: Bench = {
  part: part as Part,
  folder,
  record: (figure, unit, side, value) => samples.push({ figure, unit, side, value }),
  defer: (undo) => undos.push(undo),
};
try {
  const load = scenarios[name];
  if (load === undefined) throw new Error(`no scenario is called ${name}`);
  const { scenario } = await load();
  await scenario.measure(bench);
} catch (error) {
  if (undone === null) console.error(error);
  process.exitCode = 1;
}
await (undone ??= undoAll());
process.off('disconnect', stop);
process.send?.(samples, () => {
  process.disconnect();
});
