// `--dry-run`: what one tick would make of these candidates with nothing running.

import { expect, it } from 'vitest';
import { judgeCandidates } from '../../src/core/dry-run.ts';
import { issue, settings } from './issues.ts';

it('gives every candidate the verdict of a first tick, in dispatch order', () => {
  const agent = { maxConcurrentAgents: 2, maxConcurrentAgentsByState: { todo: 1 } };
  const blockedBy = [{ id: '9', identifier: 'DEMO-9', state: 'Todo' }];
  const issues = [
    issue('1'),
    issue('2'),
    issue('3', { priority: 1, blockedBy }),
    issue('4', { state: 'In Progress' }),
    issue('5', { state: 'In Progress' }),
    issue('6', { priority: 0, state: 'Backlog' }),
  ];
  const listed = [...issues];
  const verdicts = judgeCandidates(issues, settings({ agent }));
  expect(verdicts.map(({ issue: one, verdict, detail }) => `${one.id} ${verdict} ${detail}`.trim())).toEqual([
    '6 state_not_active Backlog',
    '3 blocked_by DEMO-9 (Todo)',
    '1 eligible',
    '2 no_state_slot',
    '4 eligible',
    '5 no_global_slot',
  ]);
  expect(issues).toEqual(listed);
});
