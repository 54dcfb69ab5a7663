// The head of the audit is kept outside of the database: what does not fit it at the next start is said in the log, in
// the audit and to people. What is older than the retention is forgotten.

import { expect, it } from 'vitest';
import { openDesk, until } from './desk.ts';

const destinations = [
  { name: 'phone', kind: 'webhook', url: 'https://x', secret: '', events: ['audit_broken'] },
] as never;

it('keeps the newest head a moment after the chain has grown, and when it closes', async () => {
  const desk = await openDesk();
  expect(desk.kept.head).toEqual({ seq: 0, hash: '0'.repeat(64) });
  const run = await desk.run();
  await run.call('sortie_status', {});
  expect(desk.kept.head?.seq).toBe(0);
  desk.clock.pass(1_000);
  await until(() => desk.kept.head?.seq === 1);
  await run.call('sortie_status', {});
  await desk.restart();
  expect(desk.kept.head).toEqual(await desk.store().tools.auditHead());
  expect((await desk.audit()).map((one) => one['kind'])).toEqual(['tool_call', 'tool_call']);
});

it.each([
  ['a cut end', (seq: number, hash: string) => ({ seq: seq + 1, hash })],
  ['another entry in its place', (seq: number) => ({ seq, hash: 'f'.repeat(64) })],
  ['an earlier entry that was changed', (seq: number) => ({ seq: seq - 1, hash: 'f'.repeat(64) })],
  ['a head file that is gone', () => null],
])('finds %s, and tells people once', async (_what, forge) => {
  const desk = await openDesk();
  desk.settings.notifications = destinations;
  const run = await desk.run();
  for (let call = 0; call < 3; call += 1) await run.call('sortie_status', {});
  await desk.tools().close();
  const { seq, hash } = await desk.store().tools.auditHead();
  const forged = forge(seq, hash);
  const restarting = desk.restart();
  desk.kept.head = forged;
  await restarting;
  expect((await desk.audit()).at(-1)).toMatchObject({ kind: 'chain_broken', actor: 'daemon' });
  expect(
    desk.log.lines.some(({ level, message }) => level === 'error' && message.startsWith('audit log')),
  ).toBe(true);
  expect(await desk.store().notifications.due(desk.clock.nowMs(), 10)).toHaveLength(1);
  await desk.restart();
  expect((await desk.audit()).filter((one) => one['kind'] === 'chain_broken')).toHaveLength(1);
});

it('forgets once a day what is older than the retention, behind a checkpoint', async () => {
  const desk = await openDesk({ auditRetentionDays: 2 });
  const run = await desk.run();
  await run.call('sortie_status', {});
  desk.clock.pass(86_400_000);
  expect((await desk.audit()).filter((one) => one['kind'] === 'tool_call')).toHaveLength(1);
  await until(async () => {
    desk.clock.pass(86_400_000);
    return (await desk.audit()).some((one) => one['kind'] === 'checkpoint');
  });
  expect((await desk.audit()).filter((one) => one['kind'] === 'tool_call')).toEqual([]);
});

it('forgets nothing when it is told to keep everything', async () => {
  const desk = await openDesk({ auditRetentionDays: 0 });
  const run = await desk.run();
  await run.call('sortie_status', {});
  desk.clock.pass(3 * 365 * 86_400_000);
  await desk.restart();
  expect((await desk.audit()).filter((one) => one['kind'] === 'tool_call')).toHaveLength(1);
});
