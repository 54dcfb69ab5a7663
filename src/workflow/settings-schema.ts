// Every key of the front matter, once: validation, types, the JSON Schema for editors and the tables of
// docs/workflow.md all come from here and from the two files of its longest sections. Names are snake_case as
// users write them. Blocks of adapters are not here: each adapter brings its own schema.

import { z } from 'zod';
import { agent, rates } from './agent-settings.ts';
import { notification } from './notification-settings.ts';
import { setting, text } from './setting.ts';
import { choice, count, flag, optionalList, optionalText, path, script } from './setting-shorthand.ts';
import { tools, user } from './tool-settings.ts';
import { tracker } from './tracker-settings.ts';

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
    'Bearer token that callers must show when the host is not a loopback address, or when they came through a proxy (their `Host` is not a loopback one). Should be random and 20 characters or longer.',
    'restart',
    {
      expand: 'secret',
    },
  ),
  allowed_hosts: optionalList(
    'Host names, besides `localhost` and IP addresses, under which the page is reached.',
    'restart',
  ),
  socket: path(
    'none',
    'Unix socket that serves the same pages and API to whoever may open the file (mode 0600), without a token. At most 100 bytes long.',
    'restart',
  ),
  protect_metrics: flag('The metrics need `server.token`, too, wherever everything else does.', 'restart'),
  users: z.array(user).default([]).describe('People with tokens of their own, and what groups they are in.'),
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
  notifications: z
    .array(notification)
    .default([])
    .describe('Who outside is told, and of what; one item a destination.'),
  tools: tools.prefault({}),
});

/** Checked values with defaults, still under the names that users write. */
export type FrontMatterValues = z.output<typeof frontMatterSchema>;
