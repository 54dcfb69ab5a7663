// The onlooker of reader.test.ts: opens a database that another process writes to and prints what it reads there.
import { writeSync } from 'node:fs';
import { openStoreReader } from '../../src/store/index.ts';
import { tracker } from './rows.ts';

const [path = ''] = process.argv.slice(2);
const reader = await openStoreReader({ path, tracker });
for (;;) {
  const { runs } = await reader.history({ limit: 500 });
  const rows = await reader.stats({ sinceMs: 0, untilMs: 1e15, bucketMs: null, group: 'none' });
  writeSync(1, `${runs.length} ${rows[0]?.runs ?? 0}\n`);
}
