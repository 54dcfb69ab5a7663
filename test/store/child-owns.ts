// The rival of ownership.test.ts: tries to own a database, prints `owned` or the refusal, and holds on.
import { writeSync } from 'node:fs';
import { acquireOwnership } from '../../src/store/index.ts';

const [path = ''] = process.argv.slice(2);
try {
  await acquireOwnership(path);
  writeSync(1, 'owned\n');
  setInterval(() => undefined, 60_000);
} catch (error) {
  writeSync(1, `${error instanceof Error ? error.message : String(error)}\n`);
}
