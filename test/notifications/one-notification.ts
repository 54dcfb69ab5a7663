// A message as the core queues it; in a file of its own because a process without vitest needs it, too.

import type { StoredNotification } from '../../src/contract/notification.ts';

export function aNotification(destination: string, atMs: number, subject = '1'): StoredNotification {
  return {
    id: `run_finished:${subject}:${destination}`,
    destination,
    event: 'run_finished',
    atMs,
    summary: `Run ${subject} of SHOP-42 succeeded`,
    detail: 'commit on fix/voucher',
    issueId: '10042',
    issueIdentifier: 'SHOP-42',
    issueTitle: 'Checkout forgets the voucher',
    issueUrl: 'https://shop.example/browse/SHOP-42',
    runId: '7a6f8f5e-0f5e-4b0e-9d53-4a4e5f0c2d11',
    code: 'succeeded',
  };
}
