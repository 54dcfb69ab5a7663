// A decision counts as told when an agent has read it: a run that dies before its first turn has ended leaves it to the
// next one.

import { expect, it } from 'vitest';
import { decision, openDesk, operator, thePending, until, type Desk } from './desk.ts';

async function decided(desk: Desk, status: 'approved' | 'rejected'): Promise<string> {
  const id = await left(desk);
  await desk.tools().view.decide(id, decision(status, {}, 'why not'), operator);
  return id;
}

/** By a run that has ended. */
async function left(desk: Desk): Promise<string> {
  const run = await desk.run();
  const asked = run.write('add_comment', { issueKey: 'ENG-1', body: 'hello' });
  const id = await thePending(desk);
  desk.clock.pass(60_000);
  await asked;
  await run.tools.close();
  return id;
}

const TOLD = 'by operator (why not)';

it('tells every run until one has heard it', async () => {
  const desk = await openDesk();
  const id = await decided(desk, 'rejected');
  for (const runId of ['dies', 'dies too']) {
    const run = await desk.run({ runId });
    expect(run.tools.briefing).toContain(TOLD);
    await run.tools.close();
  }
  await desk.restart();
  const run = await desk.run({ runId: 'lives' });
  expect(run.tools.briefing).toContain(TOLD);
  await run.tools.heard();
  expect(await desk.store().tools.approval(id)).toMatchObject({ toldRunId: 'lives' });
  expect((await desk.run({ runId: 'next' })).tools.briefing).not.toContain(TOLD);
});

it('counts as heard what the agent has asked about itself', async () => {
  for (const ask of ['sortie_status', 'request_status']) {
    const desk = await openDesk();
    const id = await decided(desk, 'rejected');
    const run = await desk.run({ runId: 'asks' });
    await run.call(ask, ask === 'request_status' ? { id } : {});
    await run.tools.close();
    expect((await desk.run({ runId: 'next' })).tools.briefing).not.toContain(TOLD);
  }
});

it('tells the end of what was still being applied when it was told, also to who had heard that', async () => {
  const desk = await openDesk();
  const id = await left(desk);
  desk.site.down = true;
  await desk.tools().view.decide(id, decision('approved'), operator);
  const run = await desk.run({ runId: 'early' });
  expect(run.tools.briefing).toContain('being applied');
  desk.site.down = false;
  await until(async () => {
    desk.clock.pass(60_000);
    return (await desk.tools().view.approval(id))?.result?.status === 'done';
  });
  await run.tools.heard();
  expect((await desk.run({ runId: 'next' })).tools.briefing).toContain('done: changed ENG-1');
});

it('tells what was not decided yet when the run began to the next one', async () => {
  const desk = await openDesk();
  const id = await left(desk);
  const run = await desk.run({ runId: 'second' });
  await desk.tools().view.decide(id, decision('rejected', {}, 'why not'), operator);
  await run.tools.heard();
  expect((await desk.run({ runId: 'third' })).tools.briefing).toContain(TOLD);
});
