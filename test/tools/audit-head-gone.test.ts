// A log that is gone together with its head file is not begun anew in silence: the next daemon says so, in the log, in the
// audit and to people, before it keeps a new head. A first start has nothing to say.

import { expect, it } from 'vitest';
import type { ToolLedger } from '../../src/contract/tool-ledger.ts';
import { auditGuards } from '../../src/store/migration-0004.ts';
import type { AuditKeeping } from '../../src/tools/index.ts';
import { tamperer } from '../store/audit-chain.ts';
import { openDesk, until, type Desk } from './desk.ts';

const complaints = ({ log }: Desk) =>
  log.lines.filter(
    ({ level, message }) => level === 'error' && message === 'audit log is not what its head says',
  );

const broken = async (desk: Desk) => (await desk.audit()).filter((one) => one['kind'] === 'chain_broken');

async function emptied(desk: Desk, statements: string): Promise<void> {
  const sqlite = await tamperer(desk.store().path);
  sqlite.exec(statements);
  for (const guard of auditGuards) sqlite.exec(guard);
}

it('is quiet at the first start, and at each that finds what the last one left', async () => {
  const desk = await openDesk();
  await desk.restart();
  await desk.restart();
  expect(complaints(desk)).toEqual([]);
  expect(await desk.audit()).toEqual([]);
});

it.each([
  ['before there was an entry', 'select 1'],
  ['with all entries', 'delete from audit'],
  ['with all entries and the mark, while a proposal is left', 'delete from audit; delete from audit_start'],
])('says that the head file is gone %s, once, and verifies as broken for ever', async (_, statements) => {
  const desk = await openDesk();
  if (statements.includes('audit')) {
    const run = await desk.run();
    const asked = run.write('add_comment', { issueKey: 'ENG-1', body: 'x' });
    await run.call('sortie_status', {});
    desk.clock.pass(60_000);
    await run.tools.close();
    await asked;
  }
  await desk.tools().close();
  await emptied(desk, statements);
  const restarting = desk.restart();
  desk.kept.head = null;
  await restarting;
  expect(complaints(desk)).toEqual([
    expect.objectContaining({
      fields: { problem: 'no entry is stored, and no head was kept: its file is gone' },
    }),
  ]);
  expect(await broken(desk)).toMatchObject([{ actor: 'daemon', details: { head: null } }]);
  await desk.restart();
  expect(complaints(desk)).toHaveLength(1);
  expect(await broken(desk)).toHaveLength(1);
  const beside = { kind: 'found', head: await desk.store().tools.auditHead(), at: '' } as const;
  const { verdict } = await desk.store().proveAudit({ beside });
  expect(verdict).toMatchObject({
    kind: 'broken',
    problem: expect.stringContaining('here the daemon') as string,
  });
});

it('says at a start that the triggers are gone', async () => {
  const desk = await openDesk();
  await tamperer(desk.store().path);
  await desk.restart();
  expect(complaints(desk)).toHaveLength(1);
  expect((await broken(desk))[0]?.['message']).toMatch(
    /^the triggers that guard the log .*audit_keeps is gone/,
  );
});

it('keeps no new head over what it found before that is stored', async () => {
  const desk = await openDesk();
  const run = await desk.run();
  for (let call = 0; call < 2; call += 1) await run.call('sortie_status', {});
  await desk.tools().close();
  const forged = { seq: 99, hash: 'f'.repeat(64) };
  const { tools } = desk.store();
  let kept = forged;
  let isSick = true;
  const ledger: ToolLedger = {
    ...tools,
    apply: (changes) => (isSick ? Promise.reject(new Error('the disk is full')) : tools.apply(changes)),
  };
  const audit: AuditKeeping = {
    writeHead: async (head) => void (kept = head),
    readHead: async () => kept,
    verify: async () => ({ kind: 'broken', seq: 0, problem: 'not asked here' }),
  };
  const next = await openDesk({}, { parts: { ledger, audit } });
  expect(kept).toEqual(forged);
  isSick = false;
  await next.tools().close();
  expect((await broken(desk))[0]).toMatchObject({ details: { head: forged } });
  expect(kept).toEqual(await tools.auditHead());
});

it('says that the log was emptied under it while it runs, once', async () => {
  const desk = await openDesk();
  const run = await desk.run();
  for (let call = 0; call < 3; call += 1) await run.call('sortie_status', {});
  desk.clock.pass(1_000);
  await until(() => desk.kept.head?.seq === 3);
  await emptied(desk, 'delete from audit');
  await run.call('sortie_status', {});
  desk.clock.pass(1_000);
  await until(async () => (await broken(desk)).length > 0);
  expect((await broken(desk))[0]).toMatchObject({
    message: 'the head says 3, but the last entry is 1: the end was cut',
    details: { head: { seq: 3 } },
  });
  await run.call('sortie_status', {});
  desk.clock.pass(5_000);
  await desk.restart();
  expect(await broken(desk)).toHaveLength(1);
});
