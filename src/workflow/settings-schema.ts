// Every key of the front matter, once: validation, types, the JSON Schema for editors and the tables of
// docs/workflow.md all come from here. Names are snake_case as users write them. Blocks of adapters are
// not here: each adapter brings its own schema.

import { z } from 'zod';
import { amount, list, setting, text, verbatim, whole, wholeText, type TakesEffect } from './setting.ts';

const optionalText = (
  about: string,
  takesEffect: TakesEffect,
  more: { readonly expand?: 'secret' | 'reference' } = {},
) =>
  setting(text.default(''), {
    shape: 'text',
    expects: 'text',
    about,
    takesEffect,
    defaultText: 'none',
    ...more,
  });

const optionalList = (about: string, takesEffect: TakesEffect) =>
  setting(list.default([]), {
    shape: 'list',
    expects: 'a list of texts, none of them empty',
    about,
    takesEffect,
    defaultText: '`[]`',
    defaultValue: [],
  });

const states = (about: string) =>
  setting(list.optional(), {
    shape: 'list',
    expects: 'a list of state names, none of them empty',
    about,
    takesEffect: 'future ticks',
    defaultText: "the tracker adapter's",
  });

const flag = (about: string) =>
  setting(z.boolean().default(false), {
    shape: 'flag',
    expects: 'true or false',
    about,
    takesEffect: 'future runs',
    defaultText: '`false`',
    defaultValue: false,
  });

const count = (
  value: number,
  least: number,
  about: string,
  takesEffect: TakesEffect,
  more: { readonly most?: number; readonly env?: false; readonly lenient?: true } = {},
) =>
  setting(whole(least, more.most).default(value), {
    shape: 'whole',
    expects: wholeText(least, more.most),
    about,
    takesEffect,
    defaultText: `\`${value}\``,
    defaultValue: value,
    env: more.env,
    lenient: more.lenient,
  });

const choice = <const Values extends readonly [string, ...string[]]>(
  values: Values,
  value: Values[number],
  about: string,
  takesEffect: TakesEffect,
  more: { readonly env?: false } = {},
) =>
  setting((z.enum(values) as z.ZodType<Values[number]>).default(value as never), {
    shape: 'text',
    expects: values.map((one) => `"${one}"`).join(' or '),
    about,
    takesEffect,
    defaultText: `\`${value}\``,
    defaultValue: value,
    ...more,
  });

const path = (defaultText: string, about: string, takesEffect: TakesEffect) =>
  setting(text.optional(), {
    shape: 'text',
    expects: 'a path',
    about,
    takesEffect,
    defaultText,
    expand: 'path',
  });

const script = (about: string) =>
  setting(verbatim.default(''), {
    shape: 'text',
    expects: 'a shell script as text',
    about,
    takesEffect: 'future runs',
    defaultText: 'none',
    env: false,
  });

const comments = z.strictObject({
  on_dispatch: flag('Comment on the issue when an agent starts on it.'),
  on_completion: flag('Comment when a run has ended well.'),
  on_failure: flag('Comment when a run has failed. A cancelled run never comments.'),
  style: choice(
    ['plain', 'living'],
    'plain',
    'A new comment each time, or one that is kept up to date.',
    'future runs',
  ),
});

const tracker = z.strictObject({
  kind: setting(text.default(''), {
    shape: 'text',
    expects: 'the name of a tracker adapter',
    about: 'Which tracker adapter reads and moves the issues. Required.',
    takesEffect: 'restart',
    defaultText: 'required',
  }),
  adapter: optionalText(
    'Module of a tracker adapter that is not built in: a path that starts with `./` or `../`, or a package.',
    'restart',
  ),
  endpoint: optionalText('Base address of the tracker.', 'restart', { expand: 'reference' }),
  project: optionalText('Project whose issues are worked on.', 'restart', { expand: 'reference' }),
  api_key: optionalText(
    'Credential of the tracker; write `$NAME` and keep it in the environment.',
    'future ticks',
    {
      expand: 'secret',
    },
  ),
  query_filter: optionalText(
    "A filter in the tracker's own language, added to the search for candidates.",
    'future ticks',
  ),
  active_states: states('Issues in these states are worked on. Compared without regard to case.'),
  terminal_states: states(
    'Issues in these states are finished: the agent is stopped and the workspace removed.',
  ),
  handoff_state: optionalText(
    'Where an issue is moved after a good run. Neither an active nor a terminal state.',
    'future exits',
    { expand: 'reference' },
  ),
  in_progress_state: optionalText(
    'Where an issue is moved when its run starts. An active state, not terminal, not the handoff state.',
    'future dispatches',
    { expand: 'reference' },
  ),
  required_labels: optionalList(
    'An issue needs all of these labels to be dispatched, and to get another turn. Case does not matter.',
    'future ticks',
  ),
  park_label: setting(text.regex(/^\S*$/, 'holds white space').default(''), {
    shape: 'text',
    expects: 'a label without white space',
    about:
      'Label that an issue carries while it is parked, so that people see it in the tracker. Taking it off ends the park.',
    takesEffect: 'future ticks',
    defaultText: 'none',
  }),
  rich_text: choice(
    ['plain', 'markdown'],
    'plain',
    'What descriptions and comments are given to agents as, where the tracker has rich text.',
    'future ticks',
  ),
  comments: comments.prefault({}),
});

const hooks = z.strictObject({
  after_create: script('Runs in a workspace that was just made. When it fails, the folder is removed again.'),
  before_run: script('Runs before the agent starts. When it fails, the attempt fails.'),
  after_run: script('Runs after every run that had a workspace. A failure is logged.'),
  before_remove: script('Runs before a workspace is removed. A failure is logged.'),
  timeout_ms: count(
    60_000,
    1,
    'A hook that takes longer is killed with everything it started.',
    'future runs',
    {
      env: false,
      lenient: true,
    },
  ),
});

const agent = z.strictObject({
  kind: setting(text.default('claude-code'), {
    shape: 'text',
    expects: 'the name of an agent adapter',
    about: 'Which agent adapter does the work.',
    takesEffect: 'future dispatches',
    defaultText: '`claude-code`',
    defaultValue: 'claude-code',
  }),
  command: setting(text.default(''), {
    shape: 'text',
    expects: 'a command line as text',
    about: 'How the agent is started.',
    takesEffect: 'future dispatches',
    defaultText: "the agent adapter's",
  }),
  env: setting(z.record(z.string(), verbatim).default({}), {
    shape: 'map',
    expects: 'text',
    about: 'More environment variables for the agent.',
    takesEffect: 'future dispatches',
    defaultText: '`{}`',
    defaultValue: {},
    expand: 'secret',
  }),
  pass_env: optionalList(
    "Names of the daemon's own variables that the agent gets as well.",
    'future dispatches',
  ),
  max_turns: count(
    20,
    1,
    'Turns that one run may take: another one follows while the issue is still active. A program that does all its work in one turn wants 1.',
    'future dispatches',
  ),
  max_sessions: count(
    0,
    0,
    'Runs that one issue may use before it is parked; 0 = no limit.',
    'next evaluation',
  ),
  max_concurrent_agents: count(10, 1, 'Runs at the same time.', 'next dispatch'),
  max_concurrent_agents_by_state: setting(z.record(z.string(), whole(1)).default({}), {
    shape: 'map',
    expects: 'a whole number, 1 or more',
    about: 'Runs at the same time for issues in a state. Bad entries are left out with a warning.',
    takesEffect: 'next dispatch',
    defaultText: '`{}`',
    defaultValue: {},
    lenient: true,
  }),
  turn_timeout_ms: count(3_600_000, 1, 'A turn that takes longer is ended.', 'future attempts'),
  read_timeout_ms: count(
    5000,
    1,
    'Longest wait for an answer of an agent that speaks a protocol.',
    'future attempts',
  ),
  stall_timeout_ms: count(
    300_000,
    Number.MIN_SAFE_INTEGER,
    'A turn without any event for this long is stopped and retried; 0 or less = never.',
    'future attempts',
  ),
  stop_grace_ms: count(5000, 0, 'Between the gentle and the hard end of an agent.', 'future attempts'),
  max_retry_backoff_ms: count(300_000, 1, 'Longest delay before a retry.', 'next retry'),
});

const rate = (about: string) =>
  setting(amount.optional(), {
    shape: 'number',
    expects: 'a number, 0 or more',
    about,
    takesEffect: 'restart',
    defaultText: 'not estimated',
  });

const rates = z.strictObject({
  input_per_mtok: rate('USD for a million input tokens.'),
  output_per_mtok: rate('USD for a million output tokens.'),
  cache_read_per_mtok: rate('USD for a million tokens read from the cache.'),
});

const server = z.strictObject({
  port: count(7678, 0, 'Port of the page, the API and the metrics; 0 = off.', 'restart', { most: 65_535 }),
  host: setting(text.default('127.0.0.1'), {
    shape: 'text',
    expects: 'an IP address',
    about: 'Address to listen on. Any that is not a loopback address needs `server.token`.',
    takesEffect: 'restart',
    defaultText: '`127.0.0.1`',
    defaultValue: '127.0.0.1',
  }),
  token: optionalText(
    'Bearer token that callers must show when the host is not a loopback address.',
    'restart',
    {
      expand: 'secret',
    },
  ),
  allowed_hosts: optionalList(
    'Host names, besides `localhost` and IP addresses, under which the page is reached.',
    'restart',
  ),
});

const logging = z.strictObject({
  level: choice(
    ['debug', 'info', 'warn', 'error'],
    'info',
    'The least severe lines that are written.',
    'restart',
    {
      env: false,
    },
  ),
  format: choice(['text', 'json'], 'text', 'logfmt, or one JSON object a line.', 'restart', { env: false }),
});

export const frontMatterSchema = z.object({
  tracker: tracker.prefault({}),
  polling: z
    .strictObject({ interval_ms: count(30_000, 1, 'Time between two ticks.', 'next tick') })
    .prefault({}),
  workspace: z
    .strictObject({
      root: path(
        '`<tmp>/sortie_workspaces`',
        'Folder that holds one workspace for each issue.',
        'future dispatches',
      ),
    })
    .prefault({}),
  hooks: hooks.prefault({}),
  agent: agent.prefault({}),
  db_path: path('`.sortie.db`', 'The database.', 'restart'),
  server: server.prefault({}),
  logging: logging.prefault({}),
  token_rates: z.record(z.string(), rates).default({}).describe('Prices, by agent kind.'),
});

/** Checked values with defaults, still under the names that users write. */
export type FrontMatterValues = z.output<typeof frontMatterSchema>;
