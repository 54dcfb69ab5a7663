// No secret reaches the rows of agents' tools, wherever in a proposal, a write or an audit entry it stands; what will be
// sent is kept whole, what is only read is bounded.
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { Json } from '../../src/contract/tool-operations.ts';
import { verifyLedger } from '../../src/store/index.ts';
import { approval, audited, outboxWrite } from './ledger-rows.ts';
import { openInFolder } from './store-folder.ts';

// JSON spells it in another way than people do.
const secret = 'top"secret\\\u0007né';
const redact = (text: string): string => text.replaceAll(secret, '[redacted]');

test('it is taken out of texts, keys and lists, before JSON spells it', async () => {
  const store = await openInFolder({ redact });
  const details = { body: `a ${secret} b`, [secret]: [secret, { deep: secret }] };
  const seen = { atMs: 1, state: secret, updatedAt: '', fields: { labels: [secret] } };
  const issue = { id: '1', identifier: 'DEMO-1' };
  await store.tools.apply([
    {
      kind: 'add_approval',
      approval: approval('a', {
        summary: secret,
        details,
        before: seen,
        modifiedDetails: details,
        decisionNote: secret,
        decidedBy: secret,
        result: { status: 'failed', message: secret, issues: [] },
      }),
    },
    {
      kind: 'add_write',
      write: outboxWrite('w', {
        write: { operation: 'add_comment', issue, body: secret },
        before: seen,
        detail: secret,
        result: { issue, entryId: '', url: secret, wasThere: false },
      }),
    },
    audited({
      name: secret,
      details,
      before: secret,
      after: [secret],
      message: secret,
      answer: secret,
      tool: secret,
    }),
  ]);
  expect((await store.tools.approval('a'))?.details).toEqual({
    body: 'a [redacted] b',
    '[redacted]': ['[redacted]', { deep: '[redacted]' }],
  });
  expect((await store.tools.write('w'))?.write).toMatchObject({ body: '[redacted]' });
  expect(await verifyLedger(store.tools, await store.tools.auditHead())).toMatchObject({ kind: 'intact' });
  await store.close();
  expect(readFileSync(store.path).includes('secret')).toBe(false);
});

test('what will be sent is whole, however long; what the audit shows of it is cut and says so', async () => {
  const { tools } = await openInFolder();
  const body = 'x'.repeat(200_000);
  const issue = { id: '1', identifier: 'DEMO-1' };
  const many: Json = Array.from({ length: 20 }, () => 'y'.repeat(10_000));
  await tools.apply([
    { kind: 'add_approval', approval: approval('a', { details: { body } }) },
    { kind: 'add_write', write: outboxWrite('w', { write: { operation: 'add_comment', issue, body } }) },
    audited({ details: { body }, before: many }),
  ]);
  expect((await tools.approval('a'))?.details).toEqual({ body });
  expect((await tools.write('w'))?.write).toMatchObject({ body });
  const [entry] = await tools.audit({ afterSeq: 0, limit: 1 });
  const line = JSON.parse(entry?.line ?? '') as { details: { body: string }; before: { cut: string } };
  expect(line.details.body).toBe(`${'x'.repeat(16_383)}…`);
  expect(line.before.cut).toBe('200061 characters of JSON');
});

test('JSON as deep as nobody means it is cut in the audit and refused where it would be sent', async () => {
  const { tools } = await openInFolder();
  let deep: Json = 'bottom';
  for (let n = 0; n < 20_000; n += 1) deep = [deep];
  await tools.apply([audited({ details: deep })]);
  const [entry] = await tools.audit({ afterSeq: 0, limit: 1 });
  expect(entry?.line).toContain('… (nested deeper)');
  const proposal = { kind: 'add_approval', approval: approval('a', { details: { deep } }) } as const;
  await expect(tools.apply([proposal])).rejects.toMatchObject({ kind: 'write_failed' });
});
