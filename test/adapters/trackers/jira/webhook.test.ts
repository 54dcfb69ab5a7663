// The webhook: proof over the raw body, deliveries once, nothing believed.
import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { Webhook } from '../../../../adapters/trackers/jira/webhook.ts';

const secret = 'a-long-enough-secret';

function webhook(memory?: number): Webhook {
  const concerns = (key: string): boolean => key.startsWith('PROJ-');
  return new Webhook({ secret, concerns, ...(memory === undefined ? {} : { memory }) });
}

function delivery(payload: unknown, id = 'd1'): [Record<string, string>, Uint8Array] {
  const body = Buffer.from(JSON.stringify(payload));
  const signature = createHmac('sha256', secret).update(body).digest('hex');
  return [{ 'x-hub-signature': `sha256=${signature}`, 'x-atlassian-webhook-identifier': id }, body];
}

const updated = { webhookEvent: 'jira:issue_updated', issue: { id: '10042', key: 'PROJ-42' } };

it('wakes for the issue that it names', () => {
  expect(webhook().take(...delivery(updated))).toEqual({ kind: 'wake', issueIds: ['10042'] });
});

it('wakes for everything when it names none', () => {
  expect(webhook().take(...delivery({ webhookEvent: 'jira:version_released' }))).toEqual({
    kind: 'wake',
    issueIds: [],
  });
});

it('takes Atlassian’s own example of a signature', () => {
  // developer.atlassian.com, "Webhooks", secure admin webhooks.
  const hook = new Webhook({ secret: "It's a Secret to Everybody", concerns: () => true });
  const signature = 'sha256=a4771c39fbe90f317c7824e83ddef3caae9cb3d976c214ace1f2937e133263c9';
  const answer = hook.take({ 'x-hub-signature': signature }, Buffer.from('Hello World!'));
  // The proof holds; only then is the body found to be no notification.
  expect(answer).toMatchObject({ kind: 'refused', detail: expect.stringContaining('JSON') as string });
});

it('takes a delivery once, and as new when it has been forgotten', () => {
  const hook = webhook(2);
  expect(hook.take(...delivery(updated, 'a')).kind).toBe('wake');
  expect(hook.take(...delivery(updated, 'a')).kind).toBe('duplicate');
  for (const id of ['b', 'c']) hook.take(...delivery(updated, id));
  expect(hook.take(...delivery(updated, 'a')).kind).toBe('wake');
});

it('does not let an unproven delivery use up an identifier', () => {
  const hook = webhook();
  const [headers, body] = delivery(updated);
  expect(hook.take({ ...headers, 'x-hub-signature': `sha256=${'0'.repeat(64)}` }, body).kind).toBe('refused');
  expect(hook.take(headers, body).kind).toBe('wake');
});

it('lets another project’s issue wake nobody', () => {
  expect(webhook().take(...delivery({ issue: { id: '1', key: 'OTHER-1' } }))).toEqual({ kind: 'duplicate' });
});

it.each([
  undefined,
  '',
  'sha256=',
  'sha1=abc',
  'sha256=zz',
  `sha256=${'a'.repeat(63)}`,
  `sha512=${'a'.repeat(64)}`,
])('refuses the signature %j', (signature) => {
  const [, body] = delivery(updated);
  expect(webhook().take({ 'x-hub-signature': signature }, body).kind).toBe('refused');
});

it('refuses everything without a secret, even a proof made with an empty one', () => {
  const hook = new Webhook({ secret: '', concerns: () => true });
  const body = Buffer.from('{}');
  const signature = `sha256=${createHmac('sha256', '').update(body).digest('hex')}`;
  expect(hook.enabled).toBe(false);
  expect(hook.take({ 'x-hub-signature': signature }, body).kind).toBe('refused');
});

it('refuses a body of which any byte was changed', () => {
  const [headers, body] = delivery(updated);
  fc.assert(
    fc.property(fc.nat(body.length - 1), fc.integer({ min: 1, max: 255 }), (at, by) => {
      const changed = Uint8Array.from(body);
      changed[at] = ((changed[at] ?? 0) + by) % 256;
      expect(webhook().take(headers, changed).kind).toBe('refused');
    }),
  );
});

it('takes any proven body without throwing', () => {
  fc.assert(
    fc.property(fc.jsonValue(), (payload) => {
      expect(['wake', 'refused', 'duplicate']).toContain(webhook().take(...delivery(payload)).kind);
    }),
  );
});
