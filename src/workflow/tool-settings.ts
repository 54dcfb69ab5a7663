// The keys of `tools`, and a rule of it: what agents may do by themselves, what a person must allow, what nobody may do.
// What only several keys together can get wrong is asked in tool-check.ts.

import { z } from 'zod';
import { TOOL_OPERATIONS } from '../contract/tool-operations.ts';
import { TOOL_DECISIONS, type ConditionField } from '../contract/tool-policy.ts';
import { CONDITIONS_OF, OPERATION_GROUPS } from '../contract/tool-policy-match.ts';
import { list, setting, text, type SettingFacts } from './setting.ts';
import { choice, count } from './setting-shorthand.ts';

const atOnce = 'future calls';
/** What a timer can count. */
const LONGEST_MS = 2_147_483_647;
const HOUR_MS = 3_600_000;
/** Names and groups are read in one line of a log or of a page. */
const oneLine = (value: string): boolean => !/[\p{Cc}\u2028\u2029]/u.test(value);

const shortText = (about: string) =>
  setting(text.max(100).refine(oneLine, 'is not one line').default(''), {
    shape: 'text',
    expects: 'one line of at most 100 characters',
    about,
    takesEffect: atOnce,
    defaultText: 'none',
  });

/** One text, or a list of them. */
const oneOrMore = z.union([
  text
    .min(1)
    .transform((one) => [one])
    .pipe(list),
  list.min(1),
]);

const onlyKnown = (known: readonly string[] | undefined) =>
  oneOrMore.refine((all) => all.every((one) => known?.includes(one) ?? true), 'is not known');

const texts = (about: string, more: Partial<SettingFacts> = {}) =>
  setting(onlyKnown(more.known).optional(), {
    shape: 'texts',
    expects: 'a text, or a list of one or more, none of them empty',
    about,
    takesEffect: atOnce,
    defaultText: 'any',
    ...more,
  });

const known = [...TOOL_OPERATIONS, ...Object.keys(OPERATION_GROUPS)];
const decisions = TOOL_DECISIONS.map((one) => `"${one}"`).join(' or ');

const condition = (field: ConditionField, about: string, more: Partial<SettingFacts> = {}) => {
  const all = TOOL_OPERATIONS.filter((operation) => CONDITIONS_OF[operation].includes(field));
  const where = all.length === TOOL_OPERATIONS.length ? 'every operation' : all.join(', ');
  return texts(`${about} Of ${where}.`, { shownWhenSetOnly: true, ...more });
};

const own = ['own', 'other'] as const;
const when = z.strictObject({
  issue: condition(
    'issue',
    "`own`: the run's issue; `other`: any other, and those that are yet to be made.",
    {
      expects: '"own" or "other", or a list of them',
      known: own,
    },
  ),
  project: condition('project', 'Key of the project.'),
  issue_type: condition('issue_type', 'Name of the issue type.'),
  priority: condition('priority', 'The priority that is given.'),
  labels: condition(
    'labels',
    'The labels that are given: one that is listed is enough, but `allow` needs all of them listed.',
  ),
  components: condition('components', 'The components that are given, as with `labels`.'),
  assignee: condition('assignee', 'Who it would be given to: name, e-mail address or account id.'),
  link_type: condition('link_type', 'The type of the link.'),
  fields: condition(
    'fields',
    'The fields that are given, by the names of the tool or of the site, e.g. `description`, `story points`; as with `labels`.',
  ),
  agent: condition('agent', "The run's agent kind."),
});

const rule = z.strictObject({
  name: shortText("People's word for the rule, shown beside its number; no two have the same."),
  operation: setting(onlyKnown(known), {
    shape: 'texts',
    expects: `one or more of ${known.join(', ')}`,
    about: `What the rule is about: one, a list, or ${Object.keys(OPERATION_GROUPS)
      .map((name) => `\`${name}\``)
      .join(', ')}. \`create_issue\` holds for each issue of \`create_issues\` as well.`,
    takesEffect: atOnce,
    defaultText: 'required',
    required: true,
    known,
  }),
  decision: setting(z.enum(TOOL_DECISIONS), {
    shape: 'text',
    expects: decisions,
    about:
      '`allow`: done at once; `approve`: a person is asked first (writes only); `deny`: refused. The first rule that matches decides.',
    takesEffect: atOnce,
    defaultText: 'required',
    required: true,
    known: TOOL_DECISIONS,
  }),
  group: shortText(
    'With `approve`: who may decide, a group of `server.users`; none = anybody who may use the API.',
  ),
  to: texts(
    'Of `transition_issue` alone: names of the state that it leads to, or of the transition. Without regard to case.',
  ),
  when: when.prefault({}),
  limit: setting(text.regex(/^[1-9]\d{0,5}\s*\/\s*(?:run|hour|day)$/).optional(), {
    shape: 'text',
    expects: 'a count from 1 to 999999 and what it is for, such as 5/run, 20/hour or 100/day',
    about:
      'How often the rule may be used by a run, or in the last hour or day by all. What matches after that is refused.',
    takesEffect: atOnce,
    defaultText: 'none',
  }),
});

const approval = z.strictObject({
  timeout_ms: count(86_400_000, 1, 'After it nobody may decide a proposal any more.', atOnce, {
    most: LONGEST_MS,
  }),
  on_timeout: choice(
    ['expire', 'reject'],
    'expire',
    'What the agent is told of a proposal that nobody decided: that it expired, or that it was rejected.',
    atOnce,
  ),
  wait_ms: count(
    60_000,
    0,
    'How long the call of the agent waits for a person before it answers `pending`; 0 = it does not. Never longer than `tools.approval.timeout_ms`.',
    atOnce,
    { most: HOUR_MS },
  ),
});

const projectKey = /^(?:\*|[A-Za-z][A-Za-z0-9_]{0,79})$/;

export const tools = z.strictObject({
  enabled: setting(z.boolean().default(true), {
    shape: 'flag',
    expects: 'true or false',
    about: 'Agents are given tools with which they may ask for reads and writes of the tracker.',
    takesEffect: atOnce,
    defaultText: '`true`',
    defaultValue: true,
  }),
  default: choice(TOOL_DECISIONS, 'approve', 'For writes that no rule is about.', atOnce),
  read_default: choice(
    ['allow', 'deny'],
    'allow',
    'For reads that no rule is about. Nobody is asked about a read.',
    atOnce,
  ),
  rules: z.array(rule).default([]).describe('Tried in order; the first that matches decides.'),
  projects: setting(list.refine((all) => all.every((one) => projectKey.test(one))).default([]), {
    shape: 'list',
    expects: 'a list of project keys (letters, digits and _, a letter first), or ["*"]',
    about: 'Projects that tools may touch; `[]` = `tracker.project` alone, `["*"]` = all.',
    takesEffect: atOnce,
    defaultText: '`[]`',
    defaultValue: [],
    itemPattern: projectKey.source,
  }),
  approval: approval.prefault({}),
  max_messages_per_run: count(
    5,
    0,
    'Messages to people (`notify_operator`) that a run may send; 0 = none.',
    atOnce,
    { most: 1_000 },
  ),
  calls_per_minute: count(300, 1, 'Calls that a run may make in any minute.', atOnce, { most: 100_000 }),
  audit_retention_days: count(
    365,
    0,
    'Audit entries that are older are forgotten, behind a checkpoint; 0 = kept for ever.',
    'next clean-up',
    { most: 36_500 },
  ),
});

/** It goes into a header as it is. */
const MIN_USER_TOKEN = 16;
const canBeToken = (value: string): boolean => value.length >= MIN_USER_TOKEN && /^[\x21-\x7e]+$/.test(value);

/** One item of `server.users`. */
export const user = z.strictObject({
  name: setting(text.min(1).max(100).refine(oneLine, 'is not one line'), {
    shape: 'text',
    expects: 'one line of 1 to 100 characters',
    about:
      'Who decides, as approvals and the audit show it; no two have the same, and none is `operator` or `sortie`.',
    takesEffect: 'restart',
    defaultText: 'required',
    required: true,
  }),
  // Not a pattern of the JSON Schema: an editor sees `$NAME`.
  token: setting(text.refine(canBeToken, 'cannot be a token'), {
    shape: 'text',
    expects: `${MIN_USER_TOKEN} or more printable ASCII characters without a space`,
    about:
      'Bearer token of this person alone: no two have the same, and none is `server.token`. Write `$NAME`.',
    takesEffect: 'restart',
    defaultText: 'required',
    required: true,
    expand: 'secret',
  }),
  groups: setting(list.default([]), {
    shape: 'list',
    expects: 'a list of texts, none of them empty',
    about: 'Groups that the person is in: `group` of a rule names who may decide. Case matters.',
    takesEffect: 'restart',
    defaultText: '`[]`',
    defaultValue: [],
  }),
});
