// "Why not?" of each kind of issue at once: what runs, waits for a slot, is blocked, parked, held, in another state, or
// unknown to everybody. And `logs` of one that has had no run gives the same reason.

import { afterEach, beforeEach, expect, it } from 'vitest';
import { isWorking, makeStage, names, type Stage } from './commands-stage.ts';
import { makeIssue } from './program.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await makeStage(
    {
      agent: { max_concurrent_agents: 1 },
      tracker: { required_labels: ['agent'] },
      mock: { outcome: 'hang', turn_ms: 60, by_issue: { 'E2E-1': { outcome: 'input_required' } } },
    },
    [
      makeIssue(1, { labels: ['agent'] }),
      makeIssue(2, { labels: ['agent'] }),
      makeIssue(3, { labels: ['agent'] }),
      makeIssue(4, { labels: ['agent'], blocked_by: [{ id: '2', identifier: 'E2E-2', state: 'To Do' }] }),
      makeIssue(5),
      makeIssue(6, { labels: ['agent'], state: 'Backlog' }),
      makeIssue(7, { labels: ['agent'], state: 'Done' }),
      makeIssue(8, { labels: ['agent'] }),
    ],
  );
});
afterEach(async () => {
  await stage.close();
});

it('names the gate, since when, and what would change it', { timeout: 180_000 }, async () => {
  await stage.start();
  await stage.untilStatus(
    'one parked, one running',
    (status) => names(status.parked).includes('E2E-1') && isWorking(status, 'E2E-2'),
  );
  await stage.ok('hold', 'E2E-8');
  const expected: Readonly<Record<string, readonly [verdict: string, detail: RegExp, end: string | null]>> = {
    'E2E-1': ['parked', /input_required/, 'operator'],
    'E2E-2': ['running', /^Attempt 0 is running \(mock, /, 'run_end'],
    'e2e-3': ['no_global_slot', /1 of 1 are used/, 'slot_free'],
    'E2E-4': ['blocked_by', /blocked by E2E-2/, 'blocker_closed'],
    'E2E-5': ['missing_label', /lacks the label agent/, 'label_added'],
    'E2E-6': ['state_not_active', /Backlog/, 'state_change'],
    'E2E-7': ['state_terminal', /Done/, 'state_change'],
    'E2E-8': ['held', /An operator holds it/, 'unhold'],
    'E2E-99': ['not_found', /no such issue/, null],
    '../état/1 ?#%': ['not_found', /no such issue/, null],
  };
  const answers = await Promise.all(Object.keys(expected).map((key) => stage.explain(key)));
  for (const [index, [key, [verdict, detail, end]]] of Object.entries(expected).entries()) {
    expect(answers[index]?.verdict, key).toBe(verdict);
    expect(answers[index]?.detail, key).toMatch(detail);
    if (end === null) expect(answers[index]?.ends_on, key).toEqual([]);
    else expect(answers[index]?.ends_on, key).toContain(end);
  }

  const [first, ...rest] = (await stage.ok('explain', 'E2E-4')).split('\n');
  expect(first).toBe('E2E-4: blocked_by');
  expect(rest[0]).toMatch(/^ {2}It is blocked by E2E-2/);
  expect(rest[1]).toMatch(/^ {2}since 20\d\d-/);
  expect(rest[2]).toMatch(/^ {2}as of 20\d\d-/);
  expect(rest[3]).toMatch(/^ {2}changes with: the end of its blocker; an operator/);

  expect(await stage.refused('logs', 'E2E-4')).toMatch(
    /^E2E-4 has had no run here: blocked_by: It is blocked by /,
  );
  expect(await stage.refused('logs', 'E2E-99')).toMatch(/^E2E-99 has had no run here: not_found: /);
  await stage.stop();
});
