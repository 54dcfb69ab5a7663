// The `mock:` block: defaults, quoted integers, refusals that name the key, and differences by issue.
import { describe, expect, it } from 'vitest';
import { planFor } from '../../../../adapters/agents/mock/settings.ts';
import { agent } from '../../../../adapters/agents/mock/index.ts';

const defaults = {
  turn_ms: 3000,
  outcome: 'succeed',
  fail_first: 0,
  status: '',
  file: 'NOTES.md',
  input_tokens: 1200,
  output_tokens: 300,
  calls: [],
};

it('needs nothing', () => {
  expect(agent.settingsSchema.parse({})).toEqual({ ...defaults, by_issue: {} });
});

it('takes integers in quotes', () => {
  expect(planFor({ turn_ms: '20', input_tokens: '7' }, 'DEMO-1')).toMatchObject({
    turn_ms: 20,
    input_tokens: 7,
  });
});

it('takes settings that it has checked before', () => {
  const checked = agent.settingsSchema.parse({ turn_ms: '20', by_issue: { 'DEMO-1': { fail_first: '1' } } });
  expect(agent.settingsSchema.parse(checked)).toEqual(checked);
});

it('changes the plan of single issues, and only what is named there', () => {
  const block = { turn_ms: 10, status: 'blocked', by_issue: { 'DEMO-2': { outcome: 'fail', status: '' } } };
  expect(planFor(block, 'DEMO-1')).toEqual({ ...defaults, turn_ms: 10, status: 'blocked' });
  expect(planFor(block, 'DEMO-2')).toEqual({ ...defaults, turn_ms: 10, outcome: 'fail' });
  expect(planFor(block, 'constructor')).toEqual({ ...defaults, turn_ms: 10, status: 'blocked' });
});

describe('refuses', () => {
  it.each([
    [{ turn_ms: -1 }, 'turn_ms'],
    [{ turn_ms: 'soon' }, 'turn_ms'],
    [{ turn_ms: 1.5 }, 'turn_ms'],
    [{ outcome: 'explode' }, 'outcome'],
    [{ fail_first: null }, 'fail_first'],
    [{ status: 'two\nlines' }, 'status'],
    [{ file: '/etc/passwd' }, 'file'],
    [{ file: '../outside' }, 'file'],
    [{ file: 'a/../../outside' }, 'file'],
    [{ file: 'folder/' }, 'file'],
    [{ input_tokens: true }, 'input_tokens'],
    [{ calls: [{ tool: 'no tool' }] }, 'calls.0.tool'],
    [{ calls: [{ tool: 'x', arguments: [] }] }, 'calls.0.arguments'],
    [{ calls: 'x' }, 'calls'],
    [{ by_issue: { 'DEMO-1': { outcome: 'explode' } } }, 'by_issue.DEMO-1.outcome'],
    [{ by_issue: [] }, 'by_issue'],
  ])('%j', (block, place) => {
    const { error } = agent.settingsSchema.safeParse(block);
    expect(error?.issues.map(({ path }) => path.join('.'))).toEqual([place]);
  });
});
