// What a Slack-compatible receiver is sent: hostile text stays text.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { slackMessage } from '../../src/notifications/slack-message.ts';
import { aNotification } from './one-notification.ts';
import { receiver, slack, stage, until } from './stage.ts';

interface Message {
  readonly text: string;
  readonly mrkdwn: boolean;
  readonly blocks: readonly {
    readonly type: string;
    readonly text?: Text;
    readonly elements?: readonly Text[];
  }[];
}
interface Text {
  readonly type: string;
  readonly text: string;
}

const AT = Date.UTC(2026, 10, 22);

function made(change: Partial<Parameters<typeof slackMessage>[0]> = {}): Message {
  const { body } = slackMessage({ ...aNotification('chat', AT), ...change }, { version: '1' });
  return JSON.parse(body) as Message;
}

function textsOf({ blocks }: Message): Text[] {
  return blocks.flatMap(({ text, elements }) => [...(text === undefined ? [] : [text]), ...(elements ?? [])]);
}

describe('a message for Slack', () => {
  it('is a text and blocks', async () => {
    const there = await receiver();
    const { queue, tell, counted } = stage([slack('chat', `${there.origin}/services/T0/B0/XXXXXXXX`)]);
    tell('chat');
    await until(() => queue.deliveredIds.length === 1);
    const message = JSON.parse(there.received[0]?.body ?? '') as Message;
    expect(message.text).toMatch(
      /^Run \d+ of SHOP-42 succeeded\nSHOP-42: Checkout forgets the voucher\nhttps:\/\/shop\.example\/browse\/SHOP-42$/,
    );
    expect(message.mrkdwn).toBe(false);
    expect(textsOf(message).map(({ type, text }) => `${type}: ${text}`)).toEqual([
      expect.stringMatching(/^plain_text: Run \d+ of SHOP-42 succeeded$/),
      'plain_text: SHOP-42: Checkout forgets the voucher',
      'plain_text: commit on fix/voucher',
      expect.stringMatching(/^plain_text: run_finished · succeeded · 20\d\d-.*Z$/),
      'mrkdwn: <https://shop.example/browse/SHOP-42>',
    ]);
    expect(there.received[0]?.headers).not.toHaveProperty('x-sortie-signature');
    expect(counted).toEqual(['countNotification slack success']);
  });

  it('calls nobody and links nowhere, whatever the title is', () => {
    const hostile =
      '<!channel> <@U123> <https://evil.example|click> *b* & @here \u202eabc\u0007\u001b[31m\n>x';
    const message = made({ summary: hostile, issueTitle: hostile, detail: `${hostile}!`, code: hostile });
    const shown =
      '&lt;!channel&gt; &lt;@U123&gt; &lt;https://evil.example|click&gt; *b* &amp; @here abc [31m &gt;x';
    expect(textsOf(message)[0]).toEqual({ type: 'plain_text', text: shown, emoji: false });
    expect(message.text.split('\n')[0]).toBe(shown.replace('@U', '@\u200bU').replace('@h', '@\u200bh'));
    const marked = textsOf(message).filter(({ type }) => type === 'mrkdwn');
    expect(marked).toEqual([
      { type: 'mrkdwn', text: '<https://shop.example/browse/SHOP-42>', verbatim: true },
    ]);
  });

  it.each([
    'javascript:alert(1)',
    'no url',
    '',
    '/browse/SHOP-42',
    `https://shop.example/${'x'.repeat(1_000)}`,
  ])('has no link to %s', (issueUrl) => {
    const message = made({ issueUrl });
    expect(textsOf(message).some(({ type }) => type === 'mrkdwn')).toBe(false);
    expect(message.text.split('\n')).toHaveLength(2);
  });

  it('has a link that cannot be left', () => {
    const message = made({ issueUrl: 'https://shop.example/a|b>c<!channel>?q=1&r=2#|x>' });
    const [link] = textsOf(message).filter(({ type }) => type === 'mrkdwn');
    expect(link?.text).toBe('<https://shop.example/a%7Cb%3Ec%3C!channel%3E?q=1&amp;r=2#%7Cx%3E>');
  });

  it('says nothing twice', () => {
    const texts = textsOf(made({ summary: 'SHOP-42 is parked: it said so', detail: 'it said so' }));
    expect(texts.filter(({ text }) => text.includes('it said so'))).toHaveLength(1);
  });

  it('has no empty text, which Slack refuses', () => {
    const bare = { issueIdentifier: null, issueTitle: null, issueUrl: '', detail: '', code: '' };
    const message = made({ ...bare, summary: '\u202e\n', event: 'drained' });
    expect(textsOf(message).map(({ text }) => text)).toEqual([
      'drained',
      `drained · ${new Date(AT).toISOString()}`,
    ]);
    expect(message.text).toBe('drained');
  });

  it('fits into what Slack takes, is well-formed and has no control character, whatever comes', () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 700 }),
      fc.constantFrom('&'.repeat(20_000), '😀'.repeat(5_000), '\ud800', '<!here>'),
    );
    fc.assert(
      fc.property(text, text, text, text, (summary, issueTitle, detail, issueUrl) => {
        const message = made({ summary, issueTitle, detail, issueUrl, code: summary });
        for (const { type, text: shown } of [...textsOf(message), { type: 'text', text: message.text }]) {
          expect(shown.length).toBeGreaterThan(0);
          expect(shown.length).toBeLessThanOrEqual(type === 'text' ? 8_000 : 3_000);
          expect(shown.isWellFormed()).toBe(true);
          expect(shown).not.toMatch(/(?!\n)[\p{Cc}\p{Zl}\p{Zp}\p{Bidi_Control}]/u);
          if (type === 'plain_text') expect(shown.replace(/&(?:amp|lt|gt);/g, '')).not.toMatch(/[&<>]/);
        }
      }),
      { numRuns: 30 },
    );
  });
});
