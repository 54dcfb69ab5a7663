// One try to deliver one message, and what its end means: done, never, or later. Knows addresses and secrets and lets
// neither out: what it says of a failure was looked through for them.

import type { Dispatcher } from 'undici';
import type { NotificationSettings, QueuedNotification } from '../contract/notification.ts';
import { addressOf, withoutSecrets } from './address.ts';
import { retryAfterOf } from './next-try.ts';
import { plainText } from './plain-text.ts';
import type { NotifierClock } from './ports.ts';
import { post } from './post.ts';
import { slackMessage } from './slack-message.ts';
import { webhookMessage } from './webhook-message.ts';

export interface DeliveryParts {
  readonly dispatcher: Dispatcher;
  readonly clock: NotifierClock;
  readonly version: string;
  /** Takes known secrets out of what is sent. */
  readonly redact: (text: string) => string;
}

export type DeliveryEnd =
  | { readonly kind: 'delivered' }
  /** Another try would end in the same way. */
  | { readonly kind: 'refused'; readonly error: string }
  | {
      readonly kind: 'failed';
      readonly error: string;
      readonly retryAfterMs: number | null;
      /** It is not about this message: the others to the same destination wait, too. */
      readonly holdsOthers: boolean;
    }
  /** Cut off by the signal: nobody knows. */
  | { readonly kind: 'aborted' };

/** From connecting to the last byte that is read. */
const LIMIT_MS = 10_000;
const LONGEST_EXCERPT = 200;
/** "Not now": about time or traffic, though they count as the sender's fault. */
const LATER = new Set([408, 425, 429]);
/** The receiver itself is fine with others, or is not there at all. */
const DOWN = new Set([...LATER, 502, 503, 504]);

/** Never rejects. */
export async function deliver(
  queued: QueuedNotification,
  settings: NotificationSettings,
  { dispatcher, clock, version, redact }: DeliveryParts,
  signal: AbortSignal,
): Promise<DeliveryEnd> {
  const address = addressOf(settings);
  if (address.kind === 'bad') return { kind: 'refused', error: address.error };
  const notification = redacted(queued, redact);
  const nowMs = clock.nowMs();
  const message =
    settings.kind === 'slack'
      ? slackMessage(notification, { version })
      : webhookMessage(notification, settings, { version, nowMs });
  const headers = { ...message.headers, ...address.headers };
  const request = { url: address.url, headers, body: message.body };
  const answer = await post(dispatcher, request, { clock, timeoutMs: LIMIT_MS, signal });
  if (answer.kind === 'aborted') return answer;
  if (answer.kind === 'failed') {
    return { kind: 'failed', error: answer.error, retryAfterMs: null, holdsOthers: true };
  }
  const { status } = answer;
  if (status >= 200 && status < 300) return { kind: 'delivered' };
  const excerpt = plainText(withoutSecrets(redact(answer.text), settings), LONGEST_EXCERPT);
  const said = [`answered ${status}`, adviceOn(status), excerpt].filter((part) => part !== '').join(': ');
  if (status >= 400 && status < 500 && !LATER.has(status)) return { kind: 'refused', error: said };
  const retryAfterMs = retryAfterOf(answer.retryAfter, clock.nowMs());
  return {
    kind: 'failed',
    error: said,
    retryAfterMs,
    holdsOthers: DOWN.has(status) || retryAfterMs !== null,
  };
}

function adviceOn(status: number): string {
  if (status < 300 || status >= 400) return '';
  return 'redirects are not followed; set the final address as the url';
}

/** Everything of it that is free text; ids and codes are ours. */
function redacted(queued: QueuedNotification, redact: (text: string) => string): QueuedNotification {
  return {
    ...queued,
    summary: redact(queued.summary),
    detail: redact(queued.detail),
    issueTitle: queued.issueTitle === null ? null : redact(queued.issueTitle),
    issueUrl: redact(queued.issueUrl),
  };
}
