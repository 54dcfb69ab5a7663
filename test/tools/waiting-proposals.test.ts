// Proposals that wait: how many there may be for an issue, and that nobody who waits for one misses its end.

import { expect, it } from 'vitest';
import type { Approval } from '../../src/contract/approval.ts';
import type { ToolLedger } from '../../src/contract/tool-ledger.ts';
import { ApprovalBook } from '../../src/tools/approvals/book.ts';
import { whenSettled } from '../../src/tools/approvals/when-settled.ts';
import { approval, decided } from '../store/ledger-rows.ts';
import { toolRule } from '../workflow/tool-settings.ts';
import { anIssue } from './an-issue.ts';
import { dataOf, decision, kindOf, openDesk, operator, until } from './desk.ts';

it('lets an issue have a hundred of them, and more only when some were decided', async () => {
  const desk = await openDesk({
    callsPerMinute: 10_000,
    // What is refused for want of room does not count.
    rules: [toolRule({ decision: 'approve', limit: { count: 101, per: 'run' } })],
    approval: { timeoutMs: 86_400_000, onTimeout: 'expire', waitMs: 60_000 },
  });
  const run = await desk.run();
  const ask = (n: number) => run.write('add_comment', { issueKey: 'ENG-1', body: `comment ${n}` });
  const asked = Array.from({ length: 100 }, (_, n) => ask(n));
  while (desk.tools().view.pendingApprovals() < 100) await new Promise((done) => setImmediate(done));
  const refused = await ask(100);
  expect(kindOf(refused)).toBe('limit_exceeded');
  expect(JSON.stringify(refused.body)).toContain('100 proposals for ENG-1 wait');
  const other = await desk.run({ runId: 'other', issue: anIssue({ id: '2', identifier: 'ENG-2' }) });
  const elsewhere = other.write('add_comment', { issueKey: 'ENG-2', body: 'one' });
  while (desk.tools().view.pendingApprovals() < 101) await new Promise((done) => setImmediate(done));
  const [first] = (await desk.tools().view.approvals({ limit: 1 })).approvals;
  await desk.tools().view.decide(first?.id ?? '', decision('rejected'), operator);
  const again = ask(101);
  while (desk.tools().view.pendingApprovals() < 101) await new Promise((done) => setImmediate(done));
  desk.clock.pass(60_000);
  expect(dataOf(await again)).toMatchObject({ status: 'pending' });
  expect(dataOf(await elsewhere)).toMatchObject({ status: 'pending' });
  expect((await Promise.all(asked)).map(kindOf).filter((kind) => kind !== '')).toEqual(['approval_rejected']);
});

it('does not miss the end that comes while it is being looked at', async () => {
  let stored: Approval = approval('a');
  let looked = (): void => undefined;
  const ledger = {
    approval: async () => {
      const seen = stored;
      await new Promise<void>((resolve) => (looked = resolve));
      return seen;
    },
  };
  const book = new ApprovalBook(ledger as unknown as ToolLedger);
  book.take(stored);
  const waiting = whenSettled(book, 'a', new AbortController().signal);
  stored = decided('a', { status: 'rejected' });
  book.take(stored);
  looked();
  await new Promise((done) => setImmediate(done));
  looked();
  expect(await waiting).toMatchObject({ status: 'rejected' });
});

it('expires what has run out while the machine slept', async () => {
  const desk = await openDesk({ approval: { timeoutMs: 86_400_000, onTimeout: 'expire', waitMs: 0 } });
  const run = await desk.run();
  const asked = run.write('add_comment', { issueKey: 'ENG-1', body: 'one' });
  await until(() => desk.tools().view.pendingApprovals() === 1);
  desk.clock.pass(0);
  await asked;
  desk.clock.wallMs += 2 * 86_400_000;
  desk.clock.pass(60_000);
  await until(() => desk.tools().view.pendingApprovals() === 0);
  const [approval] = (await desk.tools().view.approvals({ limit: 1 })).approvals;
  expect(approval).toMatchObject({ status: 'expired', decidedBy: 'sortie' });
});
