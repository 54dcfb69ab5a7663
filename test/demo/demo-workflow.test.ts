// The demo of the README shows what it promises: every record of its seed is good, each kind of verdict occurs, and the
// prompt renders strictly for each issue, on a first and on a later turn.
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Liquid } from 'liquidjs';
import { beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { agent } from '../../adapters/agents/mock/index.ts';
import { tracker } from '../../adapters/trackers/file/index.ts';
import type { Issue } from '../../src/contract/issue.ts';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

const frontMatter = z.object({
  tracker: z.object({
    kind: z.literal('file'),
    active_states: z.array(z.string()),
    terminal_states: z.array(z.string()),
    in_progress_state: z.string(),
    handoff_state: z.string(),
  }),
  file: z.object({ path: z.string(), seed: z.string() }),
  agent: z.object({ kind: z.literal('mock'), max_turns: z.int(), max_concurrent_agents: z.int() }),
  mock: z.looseObject({
    turn_ms: z.int(),
    by_issue: z.record(
      z.string(),
      z.looseObject({
        turn_ms: z.int().optional(),
        fail_first: z.int().optional(),
        outcome: z.string().optional(),
      }),
    ),
  }),
});

let settings: z.infer<typeof frontMatter>;
let template = '';
let issues: readonly Issue[] = [];
const warnings: string[] = [];

beforeAll(async () => {
  const [, yaml, prompt] = (await readFile(join(root, 'WORKFLOW.md'), 'utf8')).split(/^---$/m);
  settings = frontMatter.parse(parse(yaml ?? ''));
  template = prompt?.trim() ?? '';
  const adapter = tracker.create({
    kind: 'file',
    endpoint: '',
    apiKey: '',
    project: '',
    queryFilter: '',
    activeStates: settings.tracker.active_states,
    terminalStates: settings.tracker.terminal_states,
    richText: 'plain' as const,
    settings: { path: settings.file.seed },
    workflowDirectory: root,
    warn: (message) => void warnings.push(message),
  });
  const states = ['To Do', 'In Progress', 'Done', 'Backlog', 'In Review'];
  issues = await adapter.fetchIssuesByStates(states, new AbortController().signal);
});

const byState = (state: string): string[] =>
  issues.filter((issue) => issue.state === state).map(({ identifier }) => identifier);
const isBlocked = (issue: Issue): boolean =>
  issue.blockedBy.some(({ state }) => !settings.tracker.terminal_states.includes(state));

it('has a seed without a bad record', () => {
  expect(warnings).toEqual([]);
  expect(issues).toHaveLength(15);
});

it('shows each kind of verdict', () => {
  const active = issues.filter(({ state }) => settings.tracker.active_states.includes(state));
  expect(active.filter(isBlocked).map(({ identifier }) => identifier)).toEqual(['SHOP-106']);
  expect(active.length - 1).toBeGreaterThan(settings.agent.max_concurrent_agents);
  expect(byState('In Progress')).toEqual(['SHOP-107']);
  expect(byState('Done')).toEqual(['SHOP-108']);
  expect(byState('Backlog')).toEqual(['SHOP-109']);
  expect(new Set(active.map(({ priority }) => priority)).size).toBeGreaterThan(3);
});

it('hands off to a state that nobody works on', () => {
  const { active_states, terminal_states, handoff_state, in_progress_state } = settings.tracker;
  expect([...active_states, ...terminal_states]).not.toContain(handoff_state);
  expect(active_states).toContain(in_progress_state);
});

it('has settings for the agent that it accepts, about issues that exist', () => {
  agent.settingsSchema.parse(settings.mock);
  expect(issues.map(({ identifier }) => identifier)).toEqual(
    expect.arrayContaining(Object.keys(settings.mock.by_issue)),
  );
});

it('is at work for more than a minute and less than three, and shows each state meanwhile', () => {
  const { active_states: active } = settings.tracker;
  const { turn_ms: usualMs, by_issue: byIssue } = settings.mock;
  const runnable = issues.filter((issue) => active.includes(issue.state) && !isBlocked(issue));
  const works = runnable.map(({ identifier }) => {
    const { turn_ms: turnMs = usualMs, outcome, fail_first: failures = 0 } = byIssue[identifier] ?? {};
    // What goes wrong does so in the middle of a turn.
    return outcome === undefined ? settings.agent.max_turns * turnMs + (failures * turnMs) / 2 : turnMs / 2;
  });
  const busyMs = works.reduce((sum, workMs) => sum + workMs, 0) / settings.agent.max_concurrent_agents;
  expect(busyMs).toBeGreaterThan(60_000);
  expect(busyMs).toBeLessThan(180_000);
  expect(Math.min(...works)).toBeLessThan(10_000);

  const behaviours = Object.values(byIssue);
  expect(behaviours.some(({ outcome }) => outcome === 'input_required')).toBe(true);
  // 10 s, 20 s and 40 s after the failures: somebody waits for a retry nearly all of the first minute.
  expect(behaviours.some(({ fail_first: failures = 0 }) => failures >= 3)).toBe(true);
});

describe('its prompt', () => {
  const engine = new Liquid({ strictVariables: true, strictFilters: true, ownPropertyOnly: true });
  const render = (issue: Issue, attempt: number, turn: number): string =>
    String(
      engine.parseAndRenderSync(template, {
        issue: Object.fromEntries(
          Object.entries(issue).map(([name, value]) => [
            name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`),
            value,
          ]),
        ),
        attempt,
        run: { turn_number: turn, max_turns: 2, is_continuation: turn > 1 },
      }),
    );

  it('renders for every issue, whatever it lacks', () => {
    for (const issue of issues) {
      for (const comments of [issue.comments, null]) {
        const text = render({ ...issue, comments }, 0, 1);
        expect(text).toContain(`# ${issue.identifier}: ${issue.title}`);
        expect(text).toContain(issue.description);
        expect(text).not.toMatch(/\n{4}|undefined|\[object/);
      }
    }
  });

  it('differs on another attempt and on another turn', () => {
    const [issue] = issues;
    if (issue === undefined) expect.unreachable('the seed is empty');
    const first = render(issue, 0, 1);
    expect(first).toContain('1. Find the cause');
    expect(first).not.toContain('This is attempt');
    expect(render(issue, 1, 1)).toContain('This is attempt 1');
    expect(render(issue, 0, 2)).toContain('Turn 2 of 2');
  });
});
