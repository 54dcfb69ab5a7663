// `tools`: what is read, what it stands for, and where it comes from.
import { expect, it } from 'vitest';
import { TOOL_OPERATIONS, WRITE_OPERATIONS } from '../../src/contract/tool-operations.ts';
import { toolRule, toolSettings } from './tool-settings.ts';
import { lines, loadBad, loadGood, minimal } from './workflow-file.ts';

const withTools = (text: string): string => `${minimal}tools:\n${text.replace(/^(?=.)/gm, '  ')}\n`;

it('reads the rules of the first page of the manual', async () => {
  const yaml = withTools(`default: allow
rules:
  - { operation: create_issue, decision: approve, group: leads, when: { priority: [Highest, High] } }
  - { operation: transition_issue, to: [Done], decision: deny }
  - { operation: add_comment, decision: allow, limit: 5/run }
approval: { timeout_ms: 86400000, on_timeout: expire }`);
  expect((await loadGood({ yaml })).settings.tools).toEqual(
    toolSettings({
      writeDefault: 'allow',
      rules: [
        toolRule({
          number: 1,
          operations: ['create_issue'],
          decision: 'approve',
          group: 'leads',
          when: { priority: ['highest', 'high'] },
        }),
        toolRule({ number: 2, operations: ['transition_issue'], decision: 'deny', to: ['done'] }),
        toolRule({ number: 3, limit: { count: 5, per: 'run' } }),
      ],
    }),
  );
});

it('spells out groups of operations, takes one text for a list, and folds case and repetitions', async () => {
  const yaml = withTools(`projects: [eng, ENG, Ops]
rules:
  - { name: all of them, operation: all, decision: deny, when: { issue: other, agent: [Command, command] } }
  - { operation: [writes, add_comment], decision: approve, when: { project: Eng } }
  - { operation: transition_issue, to: In Review, decision: allow, limit: ' 20 / hour' }`);
  const { projects, rules } = (await loadGood({ yaml })).settings.tools;
  expect(projects).toEqual(['ENG', 'OPS']);
  expect(rules).toMatchObject([
    { name: 'all of them', operations: TOOL_OPERATIONS, when: { issue: ['other'], agent: ['command'] } },
    { operations: WRITE_OPERATIONS, when: { project: ['eng'] } },
    { operations: ['transition_issue'], to: ['in review'], limit: { count: 20, per: 'hour' } },
  ]);
});

it('lets the environment win for what is one value, and for the projects', async () => {
  const yaml = withTools('enabled: true\ndefault: allow\nprojects: [A]\n');
  const env = {
    SORTIE_TOOLS_ENABLED: 'false',
    SORTIE_TOOLS_DEFAULT: 'deny',
    SORTIE_TOOLS_READ_DEFAULT: 'deny',
    SORTIE_TOOLS_PROJECTS: 'eng, ops',
    SORTIE_TOOLS_APPROVAL_WAIT_MS: '0',
    SORTIE_TOOLS_RULES: '[]',
  };
  expect((await loadGood({ yaml, env })).settings.tools).toEqual(
    toolSettings({
      enabled: false,
      writeDefault: 'deny',
      readDefault: 'deny',
      projects: ['ENG', 'OPS'],
      approval: { timeoutMs: 86_400_000, onTimeout: 'expire', waitMs: 0 },
    }),
  );
});

it('shows the rules in force line by line, and of the conditions only those that there are', async () => {
  const yaml = withTools(
    'rules:\n  - { operation: update_issue, decision: deny, when: { fields: [Story Points] } }',
  );
  const { effective } = await loadGood({ yaml });
  expect(
    effective.filter(({ key }) => key.startsWith('tools.rules')).map(({ key, value }) => [key, value]),
  ).toEqual([
    ['tools.rules[0].name', ''],
    ['tools.rules[0].operation', '[update_issue]'],
    ['tools.rules[0].decision', 'deny'],
    ['tools.rules[0].group', ''],
    ['tools.rules[0].to', ''],
    ['tools.rules[0].when.fields', '[Story Points]'],
    ['tools.rules[0].limit', ''],
  ]);
});

it.each([
  ['read_default: approve', 'read_default', /must be "allow" or "deny", found the text "approve"/],
  ['projects: ENG', 'projects', /must be a list of project keys .*, found the text "ENG"; write it between/],
  ['projects: [ENG, "my project"]', 'projects', /found the text "my project" in it/],
  ['projects: ["*", ENG]', 'projects', /holds "\*", which is every project, and others/],
  ['approval: { timeout_ms: 0 }', 'approval.timeout_ms', /from 1 to 2147483647, found the number 0/],
  ['approval: { timeout_ms: 3000000000 }', 'approval.timeout_ms', /from 1 to 2147483647, found/],
  ['approval: { wait_ms: -1 }', 'approval.wait_ms', /from 0 to 3600000, found the number -1/],
  ['approval: { wait_ms: 3600001 }', 'approval.wait_ms', /from 0 to 3600000, found/],
  [
    'approval: { timeout_ms: 1000, wait_ms: 1001 }',
    'approval.wait_ms',
    /1001 is longer than tools.approval.timeout_ms 1000, .*; write at most 1000/,
  ],
  ['approval: { on_timeout: allow }', 'approval.on_timeout', /must be "expire" or "reject"/],
  ['calls_per_minute: 0', 'calls_per_minute', /from 1 to 100000, found the number 0/],
  ['rules: { operation: all }', 'rules', /must be a list, found a map/],
  [
    'deafult: deny',
    'deafult',
    /unknown key "deafult" in tools \(did you mean "default"\?\); correct or remove/,
  ],
])('refuses %s', async (text, field, message) => {
  const { problems } = await loadBad({ yaml: withTools(text) });
  expect(lines(problems)).toEqual([expect.stringMatching(message)]);
  expect(lines(problems)[0]).toMatch(/^config\.tools\.\S+ WORKFLOW\.md:8:\d+: /);
  expect(problems[0]?.check).toBe(`config.tools.${field}`);
});

it('takes all projects, and warns of a wait in which the agent would count as stalled', async () => {
  const yaml = `${minimal}  tool_timeout_ms: 60000\ntools: { projects: ["*"] }\n`;
  const { settings, warnings } = await loadGood({ yaml });
  expect(settings.tools.projects).toEqual(['*']);
  expect(lines(warnings)).toEqual([
    expect.stringMatching(/^config\.tools\.approval\.wait_ms .* 60000 reaches agent\.tool_timeout_ms 60000/),
  ]);
});

it('cuts the wait that nobody asked for to a shorter time in which people may decide', async () => {
  const { settings, effective } = await loadGood({ yaml: withTools('approval: { timeout_ms: 1000 }') });
  expect(settings.tools.approval).toEqual({ timeoutMs: 1000, onTimeout: 'expire', waitMs: 1000 });
  expect(effective).toContainEqual({
    ...{ key: 'tools.approval.wait_ms', value: '1000' },
    ...{ source: 'default', place: '' },
  });
});
