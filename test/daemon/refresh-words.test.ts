// Who asked for a look at the tracker: noted in the operators' log and told, once for each wish, however many of them
// became one tick; the daemon's own looks are nobody's.

import { expect, it } from 'vitest';
import { aDaemon, rest } from './a-daemon.ts';

async function started() {
  const made = aDaemon();
  await made.daemon.start();
  await rest();
  return made;
}

const ada = { by: 'ada', reason: 'a new issue' };
const bob = { by: 'bob', reason: '' };

it('is kept and told with who, when and why, and looks once for all', async () => {
  const { daemon, clock, writes, notices, log, counted, calls } = await started();
  calls.length = 0;
  for (const word of [ada, bob, ada]) expect(daemon.view.refresh(word)?.queued).toBe(true);
  clock.pass(0);
  await rest();
  const asked = writes.filter(({ kind }) => kind === 'operator_action');
  const about = { control: 'refresh', atMs: clock.wallMs, issueId: null, issueIdentifier: null };
  expect(asked).toEqual([
    { kind: 'operator_action', action: { ...about, ...ada } },
    { kind: 'operator_action', action: { ...about, ...bob } },
  ]);
  expect(notices).toContainEqual({ kind: 'operator_acted', control: 'refresh', ...ada, issue: null });
  expect(log.lines).toContainEqual({
    level: 'info',
    message: 'operator acted',
    fields: { control: 'refresh', ...ada },
  });
  expect(counted).toContain('countOperatorAction refresh');
  expect(calls.filter((call) => call === 'candidates')).toHaveLength(1);
});

it('is nobody’s when the daemon looks by itself', async () => {
  const { daemon, clock, writes } = await started();
  daemon.refresh();
  clock.pass(0);
  await rest();
  expect(writes.filter(({ kind }) => kind === 'operator_action')).toEqual([]);
});
