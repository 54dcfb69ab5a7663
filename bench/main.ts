// `npm run bench [-- [--json] [scenario …]]`: each figure beside a floor that was measured in the same run. It
// reports and asserts nothing: no figure of a shared machine is a reason for a test to fail.

import { figuresOf } from './figures.ts';
import { describeMachine } from './machine.ts';
import { runScenario } from './run-scenario.ts';
import type { Sample } from './sample.ts';
import { scenarios } from './scenario-list.ts';
import { renderTable } from './table.ts';

// Ctrl-C reaches the scenario as well: it undoes what it began and ends, and no other one is started.
let interrupted = false;
process.on('SIGINT', () => (interrupted = true));

async function main(args: readonly string[]): Promise<number> {
  const asJson = args.includes('--json');
  const wanted = args.filter((arg) => arg !== '--json');
  const unknown = wanted.find((name) => !Object.hasOwn(scenarios, name));
  if (unknown !== undefined) {
    console.error(`error: no scenario ${unknown}; there are ${Object.keys(scenarios).join(', ')}`);
    return 1;
  }
  const machine = describeMachine();
  const samples: Sample[] = [];
  let failures = 0;
  for (const [name, load] of Object.entries(scenarios)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    process.stderr.write(`measuring ${name} …\n`);
    try {
      samples.push(...(await runScenario(name, (await load()).scenario)));
    } catch (error) {
      failures += 1;
      console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
    }
    if (interrupted) return 130;
  }
  const figures = figuresOf(samples);
  console.log(asJson ? JSON.stringify({ machine, figures }, null, 2) : renderTable(figures, machine));
  return failures === 0 ? 0 : 1;
}

process.exitCode = await main(process.argv.slice(2));
