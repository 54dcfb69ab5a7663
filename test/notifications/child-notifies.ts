// The victim of kill.test.ts: a store and a notifier in a process of their own. Queues one message and sends it; never
// ends by itself.

import { writeSync } from 'node:fs';
import { createNotifier } from '../../src/notifications/index.ts';
import { openStore } from '../../src/store/index.ts';
import { tracker } from '../store/rows.ts';
import { aNotification } from './one-notification.ts';

const [path = '', url = ''] = process.argv.slice(2);
const store = await openStore({ path, tracker });
await store.apply([{ kind: 'queue_notification', notification: aNotification('ops', Date.now()) }]);
const silent = (): void => undefined;
const notifier = createNotifier({
  queue: store.notifications,
  settings: () => [{ name: 'ops', kind: 'webhook', url, secret: 's3cret', events: ['run_finished'] }],
  clock: {
    nowMs: Date.now,
    after(delayMs, fire) {
      const timer = setTimeout(fire, delayMs);
      return () => clearTimeout(timer);
    },
  },
  log: { debug: silent, info: silent, warn: silent, error: silent },
  counters: { countNotification: silent },
  version: '1',
  redact: (text) => text,
  signal: new AbortController().signal,
});
notifier.wake();
writeSync(1, 'woken\n');
setInterval(silent, 1_000);
