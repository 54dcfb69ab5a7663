// One row for each destination that lists an event, in the same transaction as the fact, in the form of
// src/core/notify.ts: the id is made of what it is about, so that each is told once, whatever is repeated after a crash.

import type { NotificationFacts, NotificationSettings } from '../contract/notification.ts';
import type { LedgerChange } from '../contract/tool-ledger.ts';

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
        summary: oneLine(facts.summary),
        detail: oneLine(facts.detail),
        code: oneLine(facts.code),
        issueIdentifier: facts.issueIdentifier === null ? null : oneLine(facts.issueIdentifier),
        issueTitle: facts.issueTitle === null ? null : oneLine(facts.issueTitle),
      },
    }));
}

/** Never half a character. */
function oneLine(text: string): string {
  const line = text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
  return line.length <= TEXT_LIMIT ? line : `${line.slice(0, TEXT_LIMIT - 1).replace(/\p{Cs}$/u, '')}…`;
}
