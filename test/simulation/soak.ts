// Plays many seeds, one after the other, for as long as it is told, and stops at the first that fails. For people:
// `npx tsx test/simulation/soak.ts <first seed> <how many> <events each>`.

import { simulate } from './simulate.ts';

const [first = '1', count = '100', events = '5000', goOn = ''] = process.argv.slice(2);
const began = performance.now();
let total = 0;
for (let seed = Number(first); seed < Number(first) + Number(count); seed += 1) {
  const outcome = await simulate(seed, Number(events));
  total += outcome.events;
  if (outcome.violation === '') continue;
  if (goOn === '') process.stdout.write(`${outcome.tail.join('\n')}\n`);
  process.stdout.write(`seed ${seed}, ${outcome.events} events: ${outcome.violation}\n`);
  process.exitCode = 1;
  if (goOn === '') break;
}
const seconds = (performance.now() - began) / 1000;
process.stdout.write(`${total} events in ${seconds.toFixed(1)} s: ${Math.round(total / seconds)} a second\n`);
