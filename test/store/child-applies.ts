// The victim of durability.test.ts: applies batch after batch and prints a batch's number only once the
// store has acknowledged it. Never ends by itself.
import { writeSync } from 'node:fs';
import { openStore } from '../../src/store/index.ts';
import { retry, runStarted, tracker } from './rows.ts';

const [path = '', first = '0'] = process.argv.slice(2);
const store = await openStore({ path, tracker });
for (let batch = Number(first); ; batch += 1) {
  const issueId = String(batch);
  await store.apply([
    runStarted(`run-${batch}`, { issueId, identifier: `DEMO-${issueId}` }),
    { kind: 'put_retry', retry: retry(issueId) },
    { kind: 'put_sessions_used', issueId: 'counter', identifier: 'COUNT-1', sessionsUsed: batch + 1 },
  ]);
  writeSync(1, `${batch}\n`);
}
