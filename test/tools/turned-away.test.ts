// Requests that never became calls are in the audit too, however many: those of a second share one line.

import { expect, it } from 'vitest';
import { openDesk, until } from './desk.ts';

it('notes a flood of them in one line for each kind, a moment later', async () => {
  const desk = await openDesk();
  const { session } = await desk.run();
  for (let n = 0; n < 5_000; n += 1) session.turnedAway('tracker_api', 'rate_limited');
  session.turnedAway('nobody knows it', 'too_large');
  expect(await desk.audit()).toEqual([]);
  desk.clock.pass(1_000);
  await until(async () => (await desk.audit()).length > 0);
  expect(await desk.audit()).toMatchObject([
    {
      kind: 'tool_call',
      tool: 'tracker_api',
      answer: 'rate_limited',
      run_id: 'run-1',
      details: { count: 5_000 },
    },
    {
      kind: 'tool_call',
      tool: '',
      answer: 'too_large',
      message: 'turned away unread',
      details: { count: 1 },
    },
  ]);
});

it('notes those of the last second when the daemon stops, and those of a run that has ended', async () => {
  const desk = await openDesk();
  const run = await desk.run();
  await run.tools.close();
  run.session.turnedAway('', 'run_ended');
  await desk.restart();
  expect(await desk.audit()).toMatchObject([{ answer: 'run_ended', run_id: 'run-1' }]);
});

it('counts each call of ours once, by the names that we know', async () => {
  const counted: string[] = [];
  const counters = new Proxy({} as never, {
    get: (_target, name) => (tool: string, result: string) =>
      void (name === 'countToolCall' && counted.push(`${tool} ${result}`)),
  });
  const desk = await openDesk({}, { parts: { counters } });
  const run = await desk.run();
  await run.call('sortie_status', {});
  await run.call('tracker_api', { operation: 'nothing' });
  await run.call('a name that an agent made up', {});
  run.session.turnedAway('tracker_api', 'rate_limited');
  expect(counted).toEqual([
    'sortie_status success',
    'tracker_api error',
    'unknown error',
    'tracker_api error',
  ]);
});
