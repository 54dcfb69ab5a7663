// YAML that is wrong gets typed errors with the place in the file, all of them; YAML that is hostile gets one
// quickly, and never takes the process with it.
import { expect, it } from 'vitest';
import { lines, loadBad, loadGood, minimal } from './workflow-file.ts';

it.each([
  ['tracker:\n  kind: file\n  kind: jira\n', ['WORKFLOW.md:4:3: the key "kind" stands here a second time']],
  ['a: 1\nb: "open\n', ['WORKFLOW.md:4:1: the front matter is not valid YAML: Missing closing']],
  ['a:\n\t- 1\n', ['WORKFLOW.md:3:1: the front matter is not valid YAML: Tabs are not allowed']],
  ['a: !!js/function x\nb: !secret y\n', ['WORKFLOW.md:2:4: ', 'WORKFLOW.md:3:4: ']],
  [
    'a: 1\n--- x\n',
    ['WORKFLOW.md:3:1: the front matter is not valid YAML: Source contains multiple documents'],
  ],
  ['a: *nobody\n', ['WORKFLOW.md:2:4: the alias *nobody has no anchor above it']],
  ['? [1]\n: 2\n', ['WORKFLOW.md:2:3: the front matter is not valid YAML']],
  ['a: &a [*a]\n', ['WORKFLOW.md:2:7: nested more than 64 levels']],
])('refuses %j with its place', async (yaml, expected) => {
  const result = await loadBad({ yaml });
  expect(result.kind).toBe('workflow_parse_error');
  expect(lines(result.problems)).toEqual(
    expected.map((start): unknown => expect.stringContaining(`workflow_front_matter ${start}`)),
  );
});

it.each([
  ['- a\n- b\n', 'a list'],
  ['just words\n', 'a single value'],
  ['42\n', 'a single value'],
])('refuses the front matter %j, which is not a map', async (yaml, found) => {
  const result = await loadBad({ yaml });
  expect(result.kind).toBe('workflow_front_matter_not_a_map');
  expect(lines(result.problems)[0]).toContain(`WORKFLOW.md:2:1: the front matter is ${found}`);
});

it.each(['', '# nothing but a comment\n', '\n\n', '~\n'])(
  'takes the empty front matter %j as no settings',
  async (yaml) => {
    const env = { SORTIE_TRACKER_KIND: 'file', SORTIE_AGENT_KIND: 'command', SORTIE_AGENT_COMMAND: 'x' };
    expect((await loadGood({ yaml, env })).settings.pollIntervalMs).toBe(30_000);
  },
);

const bomb = Array.from({ length: 9 }, (_, level) => {
  const items = level === 0 ? Array<string>(9).fill('lol') : Array<string>(9).fill(`*a${level - 1}`);
  return `a${level}: &a${level} [${items.join(',')}]`;
}).join('\n');

it.each([
  ['an alias bomb', `${bomb}\n`, 'Excessive alias count'],
  ['flow nesting', `a: ${'['.repeat(20_000)}\n`, 'nested more than 64 levels'],
  ['block nesting', `${'- '.repeat(5000)}\n`, 'nested more than 64 levels'],
  ['blank lines', `a: 1\n${'\n'.repeat(500_000)}b: 2\n`, 'more than 2000 blank characters'],
])('refuses %s in bounded time', async (_name, yaml, message) => {
  const result = await loadBad({ yaml });
  expect(lines(result.problems)[0]).toContain(message);
});

it('reads ten thousand distinct keys without comparing each with each', async () => {
  const keys = Array.from({ length: 10_000 }, (_, index) => `k${index}: 1`).join('\n');
  const workflow = await loadGood({ yaml: `${minimal}${keys}\n` });
  expect(workflow.warnings).toHaveLength(10_000);
});

it('allows the anchors of an honest workflow', async () => {
  const yaml = `${minimal}hooks:\n  before_run: &script |\n    set -e\n    true\n  after_run: *script\n`;
  const { hooks } = (await loadGood({ yaml })).settings;
  expect(hooks).toMatchObject({ beforeRun: 'set -e\ntrue\n', afterRun: 'set -e\ntrue\n' });
});

it('never shows the names of the prototype for keys that are not written', async () => {
  const yaml = `${minimal}__proto__:\n  polluted: 1\nconstructor: 2\ntoString: 3\n`;
  const workflow = await loadGood({ yaml });
  expect(workflow.warnings.map(({ check }) => check)).toEqual(['unknown_key', 'unknown_key', 'unknown_key']);
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false);
  expect(workflow.settings.agent.maxConcurrentAgentsByState['constructor']).toBeUndefined();
});
