// What a Slack-compatible destination is sent. Everything that comes from trackers and agents is plain text: without
// marks that notify people, without markup, escaped and cut. The one link is the issue's own, shown as it is.

import type { StoredNotification } from '../contract/notification.ts';
import { plainText } from './plain-text.ts';
import type { Message, Sender } from './webhook-message.ts';

/** Slack takes 3000 characters a text object; escaping makes at most five of one. */
const LONGEST_SUMMARY = 500;
const LONGEST_TITLE = 300;
const LONGEST_DETAIL = 590;
const LONGEST_CODE = 100;
const LONGEST_URL = 1_000;

export function slackMessage(
  notification: StoredNotification,
  { version }: Pick<Sender, 'version'>,
): Message {
  const { event, issueIdentifier, issueTitle, detail, code, atMs } = notification;
  const summary = plainText(notification.summary, LONGEST_SUMMARY) || event;
  const title = plainText(
    [issueIdentifier ?? '', issueTitle ?? ''].filter(Boolean).join(': '),
    LONGEST_TITLE,
  );
  const url = linkOf(notification.issueUrl);
  const facts = [event, plainText(code, LONGEST_CODE), new Date(atMs).toISOString()].filter(Boolean);
  const blocks = [
    section(summary),
    section(title),
    // Often it is the end of the summary.
    section(notification.summary.includes(detail) ? '' : plainText(detail, LONGEST_DETAIL)),
    {
      type: 'context',
      elements: [
        plain(facts.join(' · ')),
        ...(url === '' ? [] : [{ type: 'mrkdwn', text: `<${escaped(url)}>`, verbatim: true }]),
      ],
    },
  ].filter((block) => block !== null);
  const body = JSON.stringify({
    // What is read aloud, shown on a phone, and all that receivers without blocks show.
    text: escaped(withoutMentions([summary, title, url].filter(Boolean).join('\n'))),
    mrkdwn: false,
    unfurl_links: false,
    unfurl_media: false,
    blocks,
  });
  return {
    body,
    headers: { 'content-type': 'application/json; charset=utf-8', 'user-agent': `sortie/${version}` },
  };
}

/** Slack refuses an empty text. */
function section(text: string): object | null {
  return text === '' ? null : { type: 'section', text: plain(text) };
}

function plain(text: string): object {
  return { type: 'plain_text', text: escaped(text), emoji: false };
}

/** https://docs.slack.dev/messaging/formatting-message-text: these three, and nothing else. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** Slack ignores a bare `@channel`, some that are compatible with it do not: a space of no width parts the two. */
function withoutMentions(text: string): string {
  return text.replace(/@(?=[\p{L}\p{N}])/gu, '@\u200b');
}

/** "" = none that could be followed. What parts a link's address from its label is encoded. */
function linkOf(text: string): string {
  if (text.length > LONGEST_URL || !URL.canParse(text)) return '';
  const url = new URL(text);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return '';
  const plainUrl = url.href.replace(/[|<>]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
  return plainText(plainUrl, 3 * LONGEST_URL);
}
