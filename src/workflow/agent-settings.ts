// The keys of `agent`, and the prices of its tokens. An adapter's own keys are in the block named after its kind.

import { z } from 'zod';
import { amount, setting, text, verbatim, whole } from './setting.ts';
import { choice, count, optionalList } from './setting-shorthand.ts';

const tokens = 'input, without what came from a cache, and output';
const tokenLimit = (about: string) =>
  count(0, 0, `Tokens (${tokens}). ${about} 0 = no limit.`, 'next usage report');
const usdLimit = (about: string) =>
  setting(amount.default(0), {
    shape: 'number',
    expects: 'a number, 0 or more',
    about: `USD, as the agent reports it or \`token_rates\` estimate it. ${about} 0 = no limit.`,
    takesEffect: 'next usage report',
    defaultText: '`0`',
    defaultValue: 0,
  });

const ofRun = 'A run that reaches it is stopped in its turn, and its issue is parked.';
const ofIssue =
  'When the runs of an issue reach it together, it is stopped and parked until a person gives it a fresh allowance or the limit is raised.';
const ofDay =
  'When all runs of a day (UTC) reach it together, they are stopped, and nothing is dispatched until the next day.';

const budget = z.strictObject({
  max_tokens_per_run: tokenLimit(ofRun),
  max_tokens_per_issue: tokenLimit(ofIssue),
  max_tokens_per_day: tokenLimit(ofDay),
  max_usd_per_run: usdLimit(ofRun),
  max_usd_per_issue: usdLimit(ofIssue),
  max_usd_per_day: usdLimit(ofDay),
});

export const agent = z.strictObject({
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
    isScript: true,
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
  tool_timeout_ms: count(
    1_800_000,
    1,
    'While a tool that the agent has called is at work, a silent turn is no stall; a tool that takes longer than this is one.',
    'future attempts',
  ),
  budget: budget.prefault({}),
  evidence: choice(
    ['observed', 'strict', 'off'],
    'observed',
    'What a run that ended well must show before its issue is handed off. observed: a commit, a changed file, a tool that wrote, or `no-change-needed` in `.sortie/status`; strict: a commit; off: nothing.',
    'future exits',
  ),
  max_empty_runs: count(
    3,
    1,
    'Runs in a row that end well without evidence until the issue is parked.',
    'future exits',
  ),
  breaker_failures: count(
    5,
    0,
    'When so many different issues in a row fail in the same way, and none does better between, dispatch pauses and goes on with one run as a test; 0 = never.',
    'next evaluation',
  ),
  stop_grace_ms: count(5000, 0, 'Between the gentle and the hard end of an agent.', 'future attempts'),
  max_retry_backoff_ms: count(300_000, 1, 'Longest delay before a retry.', 'next retry'),
});

const rate = (about: string, defaultText = 'not estimated') =>
  setting(amount.optional(), {
    shape: 'number',
    expects: 'a number, 0 or more',
    about,
    takesEffect: 'restart',
    defaultText,
  });

export const rates = z.strictObject({
  input_per_mtok: rate('USD for a million input tokens.'),
  output_per_mtok: rate('USD for a million output tokens.'),
  cache_read_per_mtok: rate('USD for a million tokens read from the cache.'),
  cache_write_per_mtok: rate('USD for a million tokens written to the cache.', 'as other input'),
});
