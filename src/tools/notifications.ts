// One row for each destination that lists an event, in the same transaction as the fact, in the form of
// src/core/notify.ts: the id is made of what it is about, so that each is told once, whatever is repeated after a crash.

import type { NotificationFacts, NotificationSettings } from '../contract/notification.ts';
import type { LedgerChange } from '../contract/tool-ledger.ts';
import { oneLine } from './one-line.ts';

/** Of each text. */
const TEXT_LIMIT = 300;

export function notificationRows(
  destinations: readonly NotificationSettings[],
  subject: string,
  facts: NotificationFacts,
): readonly LedgerChange[] {
  const { event } = facts;
  return destinations
    .filter(({ events }) => events.includes(event))
    .map(({ name }) => ({
      kind: 'queue_notification',
      notification: {
        ...facts,
        id: `${event}:${subject}:${name}`,
        destination: name,
        summary: oneLine(facts.summary, TEXT_LIMIT),
        detail: oneLine(facts.detail, TEXT_LIMIT),
        code: oneLine(facts.code, TEXT_LIMIT),
        issueIdentifier: facts.issueIdentifier === null ? null : oneLine(facts.issueIdentifier, TEXT_LIMIT),
        issueTitle: facts.issueTitle === null ? null : oneLine(facts.issueTitle, TEXT_LIMIT),
      },
    }));
}
