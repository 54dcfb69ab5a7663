// A proposal outlives the daemon: what was found when it was asked for is kept with it, so that deciding it as it stands
// needs no tracker, before a restart and after.

import { expect, it } from 'vitest';
import { decision, openDesk, operator, until } from './desk.ts';

it('approves a proposal of an earlier daemon as it stands while the tracker is down, and writes once it is back', async () => {
  const desk = await openDesk({ approval: { timeoutMs: 86_400_000, onTimeout: 'expire', waitMs: 0 } });
  const run = await desk.run();
  const asked = run.write('update_issue', { issueKey: 'ENG-1', assignee: 'sarah@example.com' });
  await until(() => (desk.clock.pass(0), desk.tools().view.pendingApprovals() === 1));
  desk.clock.pass(0);
  await asked;
  await desk.restart();
  desk.site.down = true;
  const [pending] = (await desk.tools().view.approvals({ limit: 1 })).approvals;
  expect(await desk.tools().view.decide(pending?.id ?? '', decision('approved'), operator)).toMatchObject({
    kind: 'decided',
    approval: { result: { status: 'applying' } },
  });
  expect(desk.site.writes).toEqual([]);
  desk.site.down = false;
  await until(() => {
    desk.clock.pass(5_000);
    return desk.site.writes.length > 0;
  });
  expect(desk.site.writes).toEqual(['update 1 {"accountId":"a-1"}']);
});
