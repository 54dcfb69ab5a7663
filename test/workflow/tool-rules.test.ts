// `tools.rules`: whatever is wrong about a rule is said with its place and what to do, and all of it at once.
import { expect, it } from 'vitest';
import type { TrackerAdapter, TrackerRegistration } from '../../src/contract/tracker.ts';
import { validateWorkflow } from '../../src/workflow/index.ts';
import { agent, lines, load, loadBad, loadGood, minimal, optionsFor, tracker } from './workflow-file.ts';

const rulesOf = (...rules: string[]): string =>
  `${minimal}tools:\n  rules:\n${rules.map((rule) => `    - { ${rule} }\n`).join('')}`;

async function problemsOf(yaml: string): Promise<string[]> {
  const result = await load({ yaml });
  return lines(result.ok ? result.workflow.warnings : result.problems);
}

it.each([
  [
    'operation: create_isue, decision: deny',
    /^config\.tools\.rules\[0\]\.operation WORKFLOW\.md:9:20: .* must be one or more of .*, found the text "create_isue" \(did you mean "create_issue"\?\)/,
  ],
  [
    'operation: [add_comment, raeds], decision: deny',
    /^config\.tools\.rules\[0\]\.operation .* found the text "raeds" in it \(did you mean "reads"\?\)/,
  ],
  ['operation: [], decision: deny', /^config\.tools\.rules\[0\]\.operation .* found nothing in it/],
  ['decision: deny', /^config\.tools\.rules\[0\]\.operation WORKFLOW\.md:9:7: .* is not set; set it to one/],
  ['operation: all', /^config\.tools\.rules\[0\]\.decision .* is not set; set it to "allow" or/],
  [
    'operation: all, decision: dney',
    /^config\.tools\.rules\[0\]\.decision WORKFLOW\.md:9:35: tools\.rules\[0\]\.decision \(rule 1\) must be "allow" or "approve" or "deny", found the text "dney" \(did you mean "deny"\?\)/,
  ],
  [
    'operation: add_comment, decision: allow, group: leads',
    /^config\.tools\.rules\[0\]\.group WORKFLOW\.md:9:57: tools\.rules\[0\]\.group \(rule 1\) "leads" is asked by nobody: the decision is allow; remove it, or write decision: approve/,
  ],
  [
    'operation: [transition_issue, add_comment], decision: deny, to: [Done]',
    /^config\.tools\.rules\[0\]\.to WORKFLOW\.md:9:73: .*is for transition_issue alone, and the rule is about add_comment; /,
  ],
  [
    'operation: writes, decision: deny, to: Done',
    /^config\.tools\.rules\[0\]\.to .* and \d+ more; remove it/,
  ],
  [
    'operation: transition_issue, decision: deny, to: []',
    /^config\.tools\.rules\[0\]\.to .* found nothing in it/,
  ],
  [
    'operation: add_comment, decision: deny, when: { link_type: blocks }',
    /^config\.tools\.rules\[0\]\.when\.link_type WORKFLOW\.md:9:68: .* never holds for add_comment, only for link_issues; /,
  ],
  [
    'operation: [update_issue, add_comment], decision: deny, when: { priority: High }',
    /^config\.tools\.rules\[0\]\.when\.priority .* never holds for add_comment, only for create_issue, create_issues, update_issue/,
  ],
  [
    'operation: reads, decision: deny, when: { priority: High }',
    /^config\.tools\.rules\[0\]\.when\.priority .* never holds for reads/,
  ],
  [
    'operation: add_comment, decision: allow, when: { isue: own }',
    /^config\.tools\.rules\[0\]\.when\.isue WORKFLOW\.md:9:58: unknown key "isue" in tools\.rules\[0\]\.when \(rule 1\) \(did you mean "issue"\?\)/,
  ],
  [
    'operation: add_comment, decision: allow, when: { issue: mine }',
    /^config\.tools\.rules\[0\]\.when\.issue .* must be "own" or "other", .*found the text "mine"/,
  ],
  ['operation: writes, decision: deny, when: { labels: [] }', /when\.labels .* found nothing in it/],
  ['operation: writes, decision: deny, when: { labels: [""] }', /when\.labels .* found the text "" in it/],
  [
    'operation: writes, decision: deny, when: all',
    /^config\.tools\.rules\[0\]\.when .* must be a map, found a text/,
  ],
  [
    'operation: add_comment, decision: allow, lmit: 5/run',
    /^config\.tools\.rules\[0\]\.lmit WORKFLOW\.md:9:50: unknown key "lmit" in tools\.rules\[0\] \(rule 1\) \(did you mean "limit"\?\)/,
  ],
  ...['5', '0/run', '5/week', '-1/run', '1.5/day', '5/run/day', 'run', '1000000/run'].map(
    (limit): [string, RegExp] => [
      `operation: add_comment, decision: allow, limit: "${limit}"`,
      /^config\.tools\.rules\[0\]\.limit WORKFLOW\.md:9:57: .* such as 5\/run, 20\/hour or 100\/day, found the text/,
    ],
  ),
  [
    'operation: fetch_issue, decision: approve',
    /^config\.tools\.rules\[0\]\.decision .* approve is for writes alone, and the rule is about fetch_issue too/,
  ],
  ['operation: all, decision: approve', /^config\.tools\.rules\[0\]\.decision .* write operation: writes/],
  ['operation: notify_operator, decision: approve', /approve is for writes alone/],
  [
    'operation: create_issue, decision: deny, when: { issue: own }',
    /^config\.tools\.rules\[0\] WORKFLOW\.md:9:7: .*\(rule 1\) can never match: an issue that is yet to be made is never/,
  ],
  [
    'name: "a\\nb", operation: all, decision: deny',
    /name \(rule 1\) must be one line of at most 100 characters/,
  ],
])('refuses { %s }', async (rule, message) => {
  const { problems } = await loadBad({ yaml: rulesOf(rule) });
  expect(lines(problems)).toEqual([expect.stringMatching(message)]);
  expect(problems[0]?.severity).toBe('error');
});

it.each([
  'operation: writes, decision: deny, when: { priority: High, labels: [a] }',
  'operation: all, decision: deny, when: { issue: other }',
  'operation: [transition_issue], decision: approve, to: [Done, Closed], limit: 3/day',
  'operation: notify_operator, decision: allow, limit: 1/hour',
])('takes { %s }', async (rule) => {
  expect(lines((await loadGood({ yaml: rulesOf(rule) })).warnings)).toEqual([]);
});

it('says which rules shadow one that can never match, by number and name', async () => {
  const yaml = rulesOf(
    'name: mine, operation: writes, decision: allow, when: { issue: own }',
    'operation: writes, decision: deny, when: { issue: other }',
    'operation: add_worklog, decision: allow',
    'operation: reads, decision: deny',
    'operation: get_user, decision: allow',
  );
  expect(await problemsOf(yaml)).toEqual([
    'config.tools.rules[2] WORKFLOW.md:11:7: tools.rules[2] (rule 3) can never match: rules 1 (mine) and 2 come first and together take all that it is about; move it up, narrow those, or remove it',
    'config.tools.rules[4] WORKFLOW.md:13:7: tools.rules[4] (rule 5) can never match: rule 4 comes first and takes all that it is about; move it up, narrow those, or remove it',
  ]);
});

it('finds what is shadowed by a rule in other letters, and still with a limit on that', async () => {
  const yaml = rulesOf(
    'operation: transition_issue, to: [DONE, closed], decision: allow, limit: 1/run',
    'operation: transition_issue, to: Done, decision: deny',
  );
  expect(await problemsOf(yaml)).toEqual([expect.stringMatching(/rule 2\) can never match: rule 1 comes/)]);
});

it('says all that is wrong at once, each by the number that people count', async () => {
  const yaml = rulesOf(
    'operation: nothing, decision: deny',
    'operation: add_comment, decision: allow, group: leads',
    'name: a, operation: add_comment, decision: deny',
    'name: A, operation: add_labels, decision: deny, to: x',
  );
  expect((await problemsOf(yaml)).map((text) => text.split(' ')[0])).toEqual([
    'config.tools.rules[0].operation',
    'config.tools.rules[1].group',
    'config.tools.rules[3].to',
    'config.tools.rules[3].name',
  ]);
});

it('names each rule by its place and by its number, whatever is wrong about it', async () => {
  const yaml = rulesOf(
    'operation: reads, decision: allow, limit: 9/run',
    'operation: nothing, decision: deny',
    'decision: deny',
    'operation: add_comment, decision: allow, lmit: 5/run, group: leads',
    'name: a, operation: add_labels, decision: deny, when: all',
    'name: a, operation: add_labels, decision: deny, to: x',
  );
  const said = await problemsOf(yaml);
  expect(said).toHaveLength(7);
  for (const text of said) {
    const [, place] = /^config\.tools\.rules\[(\d)\]/.exec(text) ?? [];
    expect(text.split(' ').slice(1).join(' ')).toMatch(
      new RegExp(`tools\\.rules\\[${place}\\](\\.[a-z]+)? \\(rule ${Number(place) + 1}\\)`),
    );
    expect(text.replace(/^\S+ /, '')).not.toMatch(/tools\.rules\[\d\][.\w]*(?![.\w]| \(rule)/);
  }
});

it('takes at most 200 rules', async () => {
  const many = Array.from(
    { length: 201 },
    (_, index) => `operation: add_labels, decision: deny, when: { labels: l${index} }`,
  );
  expect(await problemsOf(rulesOf(...many))).toEqual([
    expect.stringMatching(/^config\.tools\.rules WORKFLOW\.md:9:5: .* holds 201 rules, and at most 200/),
  ]);
  expect(await problemsOf(rulesOf(...many.slice(1)))).toEqual([]);
});

it('refuses a group of nobody when there are users, and only warns when there are none', async () => {
  const rule = rulesOf('operation: writes, decision: approve, group: leads');
  const users = (groups: string): string =>
    `${rule}server: { users: [{ name: ann, token: 0123456789abcdefg, groups: ${groups} }] }\n`;
  expect(await problemsOf(rule)).toEqual([
    expect.stringMatching(
      /^config\.tools\.rules\[0\]\.group .*"leads" keeps nobody out while server\.users is empty/,
    ),
  ]);
  expect((await load({ yaml: rule })).ok).toBe(true);
  expect((await load({ yaml: users('[Leads, ops]') })).ok).toBe(false);
  expect(await problemsOf(users('[Leads, ops]'))).toEqual([
    expect.stringMatching(
      /^config\.tools\.rules\[0\]\.group WORKFLOW\.md:9:\d+: .*\(rule 1\) "leads" is a group of nobody in server\.users \(groups: "Leads", "ops"\)/,
    ),
  ]);
  expect(await problemsOf(users('[leads]'))).toEqual([]);
});

it('warns of a limit on what is denied, of an agent that there is not, and of one that takes no tools', async () => {
  expect(
    await problemsOf(rulesOf('operation: all, decision: deny, limit: 1/run, when: { agent: comand }')),
  ).toEqual([
    expect.stringMatching(/rules\[0\]\.limit .* does nothing/),
    expect.stringMatching(/rules\[0\]\.when\.agent .* names "comand", .* \(did you mean "command"\?\)/),
  ]);
  const result = await load({
    yaml: rulesOf('operation: all, decision: deny'),
    options: { agents: [{ ...agent, tools: 'none' }] },
  });
  expect(lines(result.ok ? result.workflow.warnings : [])).toEqual([
    expect.stringMatching(/^config\.tools\.rules .* do nothing: the agent "command" takes no tools/),
  ]);
});

it('warns of operations that the tracker cannot do, but not of whole groups', async () => {
  const able = { addComment: () => 0, searchIssues: () => 0 } as unknown as TrackerAdapter;
  const trackers: TrackerRegistration[] = [{ ...tracker, create: () => able }];
  const agents = [{ ...agent, create: () => ({}) as never }];
  const yaml = `${rulesOf(
    'operation: [add_comment, link_issues, search_issues, add_worklog], decision: deny',
    'operation: [writes, get_user], decision: deny',
  )}`.replace('kind: file', 'kind: file\n  handoff_state: Review');
  const found = await validateWorkflow(optionsFor({ yaml, options: { trackers, agents } }));
  expect(lines(found).filter((text) => text.startsWith('config.tools'))).toEqual([
    expect.stringMatching(
      /^config\.tools\.rules\[0\]\.operation WORKFLOW\.md:10: tools\.rules\[0\]\.operation \(rule 1\): the tracker adapter "file" cannot do add_worklog, link_issues, /,
    ),
    expect.stringMatching(/^config\.tools\.rules\[1\]\.operation .* cannot do get_user, /),
  ]);
});
