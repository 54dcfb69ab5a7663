// One item of `notifications`: a destination outside, and the events that it wants. That names are unique is a question
// of the whole list, and asked in cross-checks.ts.

import { z } from 'zod';
import { isLoopbackHostname } from '../contract/loopback.ts';
import { NOTIFICATION_EVENTS } from '../contract/notification.ts';
import { setting, text } from './setting.ts';
import { optionalText } from './setting-shorthand.ts';

const effect = { takesEffect: 'future notifications', defaultText: 'required', required: true } as const;
const kinds = ['webhook', 'slack'] as const;

/** Ids of messages end in it, and people read it in one line. */
const oneLine = (value: string): boolean => !/[\p{Cc}\u2028\u2029]/u.test(value);

export const notification = z.strictObject({
  name: setting(text.min(1).max(100).refine(oneLine, 'is not one line'), {
    shape: 'text',
    expects: 'one line of 1 to 100 characters',
    about: "People's word for the destination; no two have the same.",
    ...effect,
  }),
  kind: setting(z.enum(kinds), {
    shape: 'text',
    expects: kinds.map((one) => `"${one}"`).join(' or '),
    about:
      'webhook: JSON, signed with `secret`; slack: a message for an incoming webhook of Slack or its like.',
    ...effect,
  }),
  url: setting(text.refine(isAddress, 'is no address that messages can go to'), {
    shape: 'text',
    expects: 'an https address (http only to this machine: localhost, 127.0.0.1 or [::1])',
    about: 'Where messages are sent by POST. Whoever knows it can send there, so it counts as a secret.',
    expand: 'secret',
    ...effect,
  }),
  secret: optionalText('Signs what a webhook is sent; none = unsigned.', 'future notifications', {
    expand: 'secret',
  }),
  events: setting(z.array(z.enum(NOTIFICATION_EVENTS)).min(1), {
    shape: 'list',
    expects: `a list of one or more of ${NOTIFICATION_EVENTS.join(', ')}`,
    about: 'What the destination is told.',
    known: NOTIFICATION_EVENTS,
    ...effect,
  }),
});

function isAddress(value: string): boolean {
  if (/\s/.test(value) || !URL.canParse(value)) return false;
  const url = new URL(value);
  return url.protocol === 'https:' || (url.protocol === 'http:' && isLoopbackHostname(url.hostname));
}
