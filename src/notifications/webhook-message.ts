// What a `webhook` destination is sent: JSON with stable keys, and headers to know it by and to check it with. The body
// is the same at every try; the timestamp and with it the signature are those of the try.

import { createHmac } from 'node:crypto';
import type { NotificationSettings, StoredNotification } from '../contract/notification.ts';
import type { PostRequest } from './post.ts';

export type Message = Pick<PostRequest, 'headers' | 'body'>;

export interface Sender {
  readonly version: string;
  /** When it is sent. */
  readonly nowMs: number;
}

const LONGEST_TEXT = 4_000;

/** Keys are only ever added. */
export function webhookMessage(
  notification: StoredNotification,
  { secret }: Pick<NotificationSettings, 'secret'>,
  { version, nowMs }: Sender,
): Message {
  const body = JSON.stringify({
    id: notification.id,
    event: notification.event,
    at: new Date(notification.atMs).toISOString(),
    destination: notification.destination,
    summary: cut(notification.summary),
    detail: cut(notification.detail),
    code: notification.code,
    issue_id: notification.issueId,
    issue_identifier: notification.issueIdentifier,
    issue_title: notification.issueTitle === null ? null : cut(notification.issueTitle),
    issue_url: notification.issueUrl,
    run_id: notification.runId,
    version,
  });
  const timestamp = String(Math.floor(nowMs / 1000));
  return {
    body,
    headers: {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': `sortie/${version}`,
      'x-sortie-event': notification.event,
      'x-sortie-delivery': headerValue(notification.id),
      'x-sortie-timestamp': timestamp,
      ...(secret === '' ? {} : { 'x-sortie-signature': signatureOf(secret, timestamp, body) }),
    },
  };
}

function signatureOf(secret: string, timestamp: string, body: string): string {
  return `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
}

/** Names of destinations and ids of trackers may hold what a header cannot: as in a URL, and so is `%` itself. */
function headerValue(text: string): string {
  return text.toWellFormed().replace(/[^\x21-\x7e]|%/gu, encodeURIComponent);
}

function cut(text: string): string {
  return text.length > LONGEST_TEXT ? `${text.slice(0, LONGEST_TEXT - 1)}…`.toWellFormed() : text;
}
