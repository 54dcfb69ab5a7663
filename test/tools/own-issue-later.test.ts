// The issue of a run is in scope for it, whatever the settings say of others, and stays so for what it left behind: its
// writes are sent after its end and after a restart, when nobody knows any more whose issue it was.

import { expect, it } from 'vitest';
import { TrackerError } from '../../src/contract/tracker.ts';
import { openDesk, until, type Desk } from './desk.ts';

/** Comments fail, before anything is applied, until it is answered. */
function failing({ site }: Desk): () => void {
  const tracker = site.tracker as unknown as { addKeyedComment: unknown };
  const { addKeyedComment } = tracker;
  tracker.addKeyedComment = async () => {
    const facts = { method: 'POST', path: '/', detail: 'down', applied: 'no' } as const;
    throw new TrackerError({ kind: 'tracker_transport_error', ...facts });
  };
  return () => {
    tracker.addKeyedComment = addKeyedComment;
  };
}

async function leaveOneBehind(): Promise<{ desk: Desk; mend: () => void; end: () => Promise<void> }> {
  const desk = await openDesk({ writeDefault: 'allow', projects: ['OPS'] });
  const mend = failing(desk);
  const run = await desk.run();
  const asked = run.write('add_comment', { issueKey: 'ENG-1', body: 'hello' });
  await until(async () => {
    const { writes } = await desk.store().tools.writes({ limit: 1 });
    return writes[0]?.tries === 1 && writes[0].status === 'waiting';
  });
  return { desk, mend, end: async () => (await run.tools.close(), void (await asked)) };
}

it('sends a write to it after the run has ended', async () => {
  const { desk, mend, end } = await leaveOneBehind();
  await end();
  mend();
  await until(async () => (desk.clock.pass(5_000), (await desk.store().tools.openWrites()).length === 0));
  expect(desk.site.writes).toEqual(['comment ENG-1 hello']);
});

it('sends it after a restart, but not when the issue has been moved meanwhile', async () => {
  for (const moved of [false, true]) {
    const { desk, mend, end } = await leaveOneBehind();
    await end();
    await desk.restart();
    mend();
    if (moved) desk.site.edit('1', { identifier: 'HR-1' });
    await until(async () => (desk.clock.pass(5_000), (await desk.store().tools.openWrites()).length === 0));
    expect(desk.site.writes).toEqual(moved ? [] : ['comment ENG-1 hello']);
  }
});
