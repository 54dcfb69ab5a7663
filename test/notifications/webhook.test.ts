// What a webhook receives, and that it can know who sent it.

import { webcrypto } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { receiver, stage, until, webhook } from './stage.ts';

describe('a webhook', () => {
  it('is posted JSON with stable keys, and headers to know it by', async () => {
    const there = await receiver();
    const { clock, queue, tell, counted } = stage([webhook('ops', `${there.origin}/hook?team=a%20b`)]);
    const { id } = tell('ops');
    await until(() => queue.deliveredIds.length === 1);
    const [request] = there.received;
    expect(request).toMatchObject({ method: 'POST', url: '/hook?team=a%20b' });
    expect(JSON.parse(request?.body ?? '')).toEqual({
      id,
      event: 'run_finished',
      at: new Date(clock.nowMs()).toISOString(),
      destination: 'ops',
      summary: expect.stringContaining('SHOP-42 succeeded') as string,
      detail: 'commit on fix/voucher',
      code: 'succeeded',
      issue_id: '10042',
      issue_identifier: 'SHOP-42',
      issue_title: 'Checkout forgets the voucher',
      issue_url: 'https://shop.example/browse/SHOP-42',
      run_id: '7a6f8f5e-0f5e-4b0e-9d53-4a4e5f0c2d11',
      version: '1.2.3',
    });
    expect(request?.headers).toMatchObject({
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'sortie/1.2.3',
      'x-sortie-event': 'run_finished',
      'x-sortie-delivery': id,
      'x-sortie-timestamp': String(clock.nowMs() / 1000),
    });
    expect(request?.headers).not.toHaveProperty('x-sortie-signature');
    expect(counted).toEqual(['countNotification webhook success']);
  });

  it('can check the signature of timestamp and body', async () => {
    const there = await receiver();
    const { queue, tell } = stage([webhook('ops', there.origin, 's3cret-ü')]);
    tell('ops', { summary: 'Größe “ok” \u2028' });
    await until(() => queue.deliveredIds.length === 1);
    const { headers, body = '' } = there.received[0] ?? {};
    const bytes = new TextEncoder();
    const key = await webcrypto.subtle.importKey(
      'raw',
      bytes.encode('s3cret-ü'),
      { name: 'HMAC', hash: 'SHA-256' },
      false,
      ['verify'],
    );
    const signature = /^sha256=([0-9a-f]{64})$/.exec(String(headers?.['x-sortie-signature']))?.[1] ?? '';
    const signed = `${String(headers?.['x-sortie-timestamp'])}.${body}`;
    const verified = (text: string): Promise<boolean> =>
      webcrypto.subtle.verify('HMAC', key, Buffer.from(signature, 'hex'), bytes.encode(text));
    expect(await verified(signed)).toBe(true);
    expect(await verified(`${signed} `)).toBe(false);
  });

  it('has null where a message is about no issue', async () => {
    const there = await receiver();
    const { queue, tell } = stage([webhook('ops', there.origin)]);
    const nothing = { issueId: null, issueIdentifier: null, issueTitle: null, issueUrl: '', runId: null };
    tell('ops', { ...nothing, event: 'drained', code: '' });
    await until(() => queue.deliveredIds.length === 1);
    expect(JSON.parse(there.received[0]?.body ?? '')).toMatchObject({
      event: 'drained',
      issue_id: null,
      issue_identifier: null,
      issue_title: null,
      issue_url: '',
      run_id: null,
    });
  });

  it('is told ids in a header that any id fits into', async () => {
    const there = await receiver();
    const { queue, tell } = stage([webhook('Büro 1%', there.origin)]);
    const { id } = tell('Büro 1%', { id: 'run_finished:a\r\nb\ud800:Büro 1%' });
    await until(() => queue.deliveredIds.length === 1);
    const header = String(there.received[0]?.headers['x-sortie-delivery']);
    expect(decodeURIComponent(header)).toBe(id.toWellFormed());
  });

  it('is sent the name and the password of its url as a login', async () => {
    const there = await receiver();
    const { queue, tell } = stage([webhook('ops', there.origin.replace('//', '//ada:p%40ss@'))]);
    tell('ops');
    await until(() => queue.deliveredIds.length === 1);
    const login = `Basic ${Buffer.from('ada:p@ss').toString('base64')}`;
    expect(there.received[0]?.headers.authorization).toBe(login);
  });

  it('gets no secret of ours and no megabytes, whatever the texts hold', async () => {
    const there = await receiver();
    const redact = (text: string): string => text.replaceAll('hunter2', '[redacted]');
    const { queue, tell } = stage([webhook('ops', there.origin)], { redact });
    const text = `hunter2 ${'x'.repeat(1_000_000)}`;
    tell('ops', { summary: text, detail: text, issueTitle: text });
    await until(() => queue.deliveredIds.length === 1);
    const { body = '' } = there.received[0] ?? {};
    expect(body).not.toContain('hunter2');
    expect(body).toContain('[redacted]');
    expect(body.length).toBeLessThan(20_000);
  });
});
