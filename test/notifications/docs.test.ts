// docs/notifications.md against what is really sent: the catalogue, the payloads, and the two programs that check
// signatures, which are run as they stand there.

import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { expect, it } from 'vitest';
import { NOTIFICATION_EVENTS } from '../../src/contract/notification.ts';
import type { StoredNotification } from '../../src/contract/notification.ts';
import { slackMessage } from '../../src/notifications/slack-message.ts';
import { webhookMessage } from '../../src/notifications/webhook-message.ts';
import { scratchFolder } from '../workspace/scratch.ts';

const page = readFileSync(new URL('../../docs/notifications.md', import.meta.url), 'utf8');

function codeBlocks(language: string): string[] {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'gm'))].map(
    ([, code = '']) => code,
  );
}

const at = new Date('2026-11-22T10:00:00.000Z').getTime();
const shown: StoredNotification = {
  id: 'issue_parked:10042:1795341600000:ops',
  destination: 'ops',
  event: 'issue_parked',
  atMs: at,
  summary: 'SHOP-42 is parked: blocked: waits for the test account',
  detail: 'waits for the test account',
  issueId: '10042',
  issueIdentifier: 'SHOP-42',
  issueTitle: 'Checkout forgets the voucher',
  issueUrl: 'https://shop.example.com/browse/SHOP-42',
  runId: '7a6f8f5e-0f5e-4b0e-9d53-4a4e5f0c2d11',
  code: 'blocked',
};
const sender = { version: '0.1.0', nowMs: at + 5_000 };

it('names every event, in order, and none besides', () => {
  const rows = [...page.matchAll(/^\| `(\w+)` \| .* \| .* \|$/gm)].map(([, name]) => name);
  expect(rows).toEqual([...NOTIFICATION_EVENTS]);
});

it('shows the payloads as they are sent', () => {
  const [webhook = '', slack = ''] = codeBlocks('json');
  const sent = webhookMessage(shown, { secret: '' }, sender);
  expect(Object.entries(JSON.parse(webhook) as object)).toEqual(
    Object.entries(JSON.parse(sent.body) as object),
  );
  expect(JSON.parse(slack)).toEqual(JSON.parse(slackMessage(shown, sender).body));
});

it('names every header of ours', () => {
  const { headers } = webhookMessage(shown, { secret: 'x' }, sender);
  const ours = Object.keys(headers).filter((name) => name.startsWith('x-sortie-'));
  const named = [...page.matchAll(/^\| `(X-Sortie-\w+)` \|/gm)].map(([, name = '']) => name.toLowerCase());
  expect(named).toEqual(ours);
});

interface Check {
  readonly headers: Record<string, string>;
  readonly body: string;
  readonly secret: string;
  readonly now: number;
}

function checks(): readonly { readonly given: Check; readonly isGood: boolean }[] {
  const { headers, body } = webhookMessage({ ...shown, summary: 'Größe “ok”' }, { secret: 'sécret' }, sender);
  const good: Check = { headers: { ...headers }, body, secret: 'sécret', now: at / 1000 + 10 };
  const { 'x-sortie-signature': _, ...unsigned } = good.headers;
  return [
    { given: good, isGood: true },
    { given: { ...good, body: `${body} ` }, isGood: false },
    { given: { ...good, secret: 'another' }, isGood: false },
    { given: { ...good, now: good.now + 600 }, isGood: false },
    { given: { ...good, headers: { ...headers, 'x-sortie-timestamp': '1' } }, isGood: false },
    { given: { ...good, headers: unsigned }, isGood: false },
  ];
}

it('has a check of signatures in JavaScript that works', async () => {
  const file = join(scratchFolder(), 'check.mjs');
  writeFileSync(file, codeBlocks('js')[0] ?? '');
  const { isFromSortie } = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as {
    isFromSortie: (headers: object, body: Buffer, secret: string, now: number) => boolean;
  };
  for (const { given, isGood } of checks()) {
    const { headers, body, secret, now } = given;
    expect(isFromSortie(headers, Buffer.from(body), secret, now)).toBe(isGood);
  }
});

it('has a check of signatures in Python that works', (ctx) => {
  ctx.skip(spawnSync('python3', ['--version']).status !== 0, 'there is no python3 here');
  const main = `
import json, sys
for c in json.load(sys.stdin):
    print(is_from_sortie(c["headers"], c["body"].encode(), c["secret"], c["now"]))
`;
  const { stdout, stderr } = spawnSync('python3', ['-c', `${codeBlocks('python')[0] ?? ''}${main}`], {
    input: JSON.stringify(checks().map(({ given }) => given)),
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], PYTHONUTF8: '1' },
  });
  expect(stderr).toBe('');
  expect(stdout.trim().split('\n')).toEqual(checks().map(({ isGood }) => (isGood ? 'True' : 'False')));
});
