// The onlooker of reader.test.ts: opens a database that another process writes to and prints what it reads there,
// again as soon as the line is taken. Never ends by itself.
import { once } from 'node:events';
import { setTimeout } from 'node:timers/promises';
import { openStoreReader } from '../../src/store/index.ts';
import { tracker } from './rows.ts';

const [path = ''] = process.argv.slice(2);
const reader = await openStoreReader({ path, tracker });
for (;;) {
  const { runs } = await reader.history({ limit: 500 });
  const rows = await reader.stats({ sinceMs: 0, untilMs: 1e15, bucketMs: null, group: 'none' });
  if (!process.stdout.write(`${runs.length} ${rows[0]?.runs ?? 0}\n`)) await once(process.stdout, 'drain');
  await setTimeout(1);
}
