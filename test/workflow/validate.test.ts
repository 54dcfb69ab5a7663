// `sortie validate` without a network: each check by its own name, all of them at once, nothing written.
import { chmodSync, existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { agents, loadTrackerAdapter, trackers } from '../../adapters/index.ts';
import type { AgentRegistration } from '../../src/contract/agent.ts';
import { TrackerError } from '../../src/contract/tracker.ts';
import { checkPreflight, loadWorkflow, validateWorkflow } from '../../src/workflow/index.ts';
import {
  agent,
  lines,
  minimal as withoutHandoff,
  optionsFor as optionsOf,
  tracker,
  type Fixture,
} from './workflow-file.ts';

const minimal = withoutHandoff.replace('kind: file', 'kind: file\n  handoff_state: In Review');
const optionsFor = (fixture: Fixture): ReturnType<typeof optionsOf> =>
  optionsOf({ yaml: minimal, ...fixture });

const working: AgentRegistration = { ...agent, create: () => ({}) as never };

async function validate(fixture: Fixture): Promise<string[]> {
  return lines(await validateWorkflow({ ...optionsFor(fixture), agents: [working], ...fixture.options }));
}

it('finds nothing wrong with the demo that is in the repository', async () => {
  const path = fileURLToPath(new URL('../../WORKFLOW.md', import.meta.url));
  expect(await validateWorkflow({ path, env: process.env, trackers, agents })).toEqual([]);
});

it('finds nothing wrong with a good file, and writes nothing', async () => {
  const options = optionsFor({ yaml: `${minimal}workspace: { root: ./a/b/c }\n` });
  expect(await validateWorkflow({ ...options, agents: [working] })).toEqual([]);
  expect(readdirSync(options.folder)).toEqual(['WORKFLOW.md']);
});

it('warns when finished issues would be worked on again for ever, and not when their runs are limited', async () => {
  const check = 'config.tracker.handoff_state';
  expect(await validate({ yaml: withoutHandoff })).toEqual([
    expect.stringMatching(
      `^${check} WORKFLOW.md: tracker.handoff_state is not set: .* set it, or agent.max_sessions$`,
    ),
  ]);
  expect(await validate({ yaml: `${withoutHandoff}  max_sessions: 3\n` })).toEqual([]);
});

it('finds nothing wrong with the shipped examples', async () => {
  const path = fileURLToPath(new URL('../../examples/tracker-markdown/WORKFLOW.md', import.meta.url));
  const loadTracker = loadTrackerAdapter;
  expect(await validateWorkflow({ path, env: process.env, trackers, agents, loadTracker })).toEqual([]);
});

it('asks the agent for its command, with the environment that is left without secrets', async () => {
  let seen: Readonly<Record<string, string>> = {};
  const curious: AgentRegistration = {
    ...working,
    checkCommand: async (command, env) => {
      seen = env;
      return `there is no program "${command}"; install it`;
    },
  };
  const yaml = `${minimal}  env: { MODE: fast }\nserver: { token: $T }\n`;
  const env = { PATH: '/bin', T: 'a-token-that-is-long-enough' };
  const found = await validate({ yaml, env, options: { agents: [curious] } });
  expect(found).toEqual(['agent.command WORKFLOW.md: there is no program "my-agent"; install it']);
  expect(seen).toEqual({ PATH: '/bin', MODE: 'fast' });
});

it('warns of a server token that could be guessed, where it stands, and does not show it', async () => {
  const tokenOf = (token: string): Promise<string[]> =>
    validate({ yaml: `${minimal}server: { token: $T }\n`, env: { T: token } });
  const [warning = '', ...more] = await tokenOf('nineteen-characters');
  expect(more).toEqual([]);
  expect(warning).toMatch(
    /^config\.server\.token WORKFLOW\.md:\d+:\d+: server\.token is shorter than 20 .*openssl rand -hex 32/,
  );
  expect(warning).not.toContain('nineteen');
  expect(await tokenOf('exactly-20-characters'.slice(0, 20))).toEqual([]);
  expect(await validate({ yaml: minimal })).toEqual([]);
});

it('only warns of an agent that is not installed here', async () => {
  const options = optionsFor({ yaml: minimal.replace('my-agent', 'missing') });
  expect(await validateWorkflow({ ...options, agents: [working] })).toEqual([
    {
      severity: 'warning',
      check: 'agent.command',
      message: `${options.path}: there is no program "missing"; install it`,
    },
  ]);
});

it('warns of it beside what is wrong with the file, and says nothing of a command that is itself wrong', async () => {
  const missing = minimal.replace('my-agent', 'missing');
  expect(await validate({ yaml: `${missing}  max_turns: x\n  env: { MODE: $NOWHERE }\n` })).toEqual([
    expect.stringMatching(/^config\.agent\.env /),
    expect.stringMatching(/^config\.agent\.max_turns /),
    expect.stringMatching(/^agent\.command .*there is no program "missing"/),
  ]);
  const unknown: AgentRegistration = { ...working, defaultCommand: 'missing' };
  const found = await validate({
    yaml: minimal.replace('my-agent', '[a, b]'),
    options: { agents: [unknown] },
  });
  expect(found).toEqual([expect.stringMatching(/^config\.agent\.command /)]);
});

it('says in one line that the command could not be looked for', async () => {
  const checkCommand = async (): Promise<never> => Promise.reject(new Error('no\npath'));
  const found = await validate({ options: { agents: [{ ...working, checkCommand }] } });
  expect(found).toEqual(['agent.command WORKFLOW.md: agent.command could not be checked: no path']);
});

it('reports an adapter that refuses its settings', async () => {
  const create = (): never => {
    throw new TrackerError({ kind: 'tracker_auth_error', method: 'create', path: '-', detail: 'no colon' });
  };
  const broken: AgentRegistration = {
    ...working,
    create: () => {
      throw new Error('no license');
    },
  };
  const found = await validate({ options: { trackers: [{ ...tracker, create }], agents: [broken] } });
  expect(found).toEqual([
    'tracker_adapter WORKFLOW.md: tracker: tracker_auth_error: create -: no colon',
    'agent_adapter WORKFLOW.md: no license',
  ]);
});

it.each([
  [
    'a file',
    'file/below',
    /workspace\.root \S+ cannot be used: \S+\/file is not a folder|cannot be written \(ENOTDIR/,
  ],
  ['a file itself', 'file', /is not a folder/],
])('refuses a workspace root in %s', async (_name, root, message) => {
  const options = optionsFor({ yaml: `${minimal}workspace: { root: ./${root} }\n` });
  writeFileSync(join(options.folder, 'file'), '');
  const found = lines(await validateWorkflow({ ...options, agents: [working] }));
  expect(found).toEqual([expect.stringMatching(/^workspace\.root_writable /)]);
  expect(found[0]).toMatch(message);
});

it('refuses a workspace root that cannot be written', async (context) => {
  context.skip(process.getuid?.() === 0, 'root may write everywhere');
  const options = optionsFor({ yaml: `${minimal}workspace: { root: ./closed/below }\n` });
  mkdirSync(join(options.folder, 'closed'));
  chmodSync(join(options.folder, 'closed'), 0o500);
  const found = lines(await validateWorkflow({ ...options, agents: [working] }));
  chmodSync(join(options.folder, 'closed'), 0o700);
  expect(found).toEqual([expect.stringMatching(/^workspace\.root_writable .*EACCES/)]);
});

it.each([
  ['{{ issue.titel }}', /^template_render WORKFLOW\.md:\d+:4: issue has no field "titel"/],
  ['{{ issue.title | upcas }}', /^template_parse WORKFLOW\.md:\d+:18: unknown filter "upcas"/],
  ['{% if %}', /^template_parse WORKFLOW\.md:\d+:/],
  [
    '{% if attempt > 5 %}x{% endif %}',
    /^template_render WORKFLOW\.md:\d+: the prompt is empty when rendered/,
  ],
  ['{% for i in (1..999999999) %}{% endfor %}', /^template_render WORKFLOW\.md:\d+:1: memory alloc limit/],
  ['  ', /^template_render WORKFLOW\.md: the prompt is empty; write below/],
])('reports the template %j', async (body, message) => {
  expect(await validate({ body })).toEqual([expect.stringMatching(message)]);
});

it('only warns of what some issues bring about', async () => {
  const options = { ...optionsFor({ body: 'x {{ issue.comments[0].body }}' }), agents: [working] };
  const problems = await validateWorkflow(options);
  expect(problems).toEqual([
    {
      severity: 'warning',
      check: 'template_render',
      message: expect.stringContaining('undefined variable: issue.comments.0'),
    },
  ]);
  expect(await loadWorkflow(options)).toMatchObject({ ok: true });
});

it('gives preflight the same answers as one line each', async () => {
  const options = optionsFor({
    yaml: `${minimal.replace('my-agent', 'missing')}workspace: { root: ./WORKFLOW.md }\n`,
  });
  const loaded = await loadWorkflow(options);
  if (!loaded.ok) throw new Error('expected a good load');
  const found = await checkPreflight(loaded.workflow, agent, {});
  expect(found).toEqual([
    expect.stringContaining('is not a folder'),
    expect.stringContaining('there is no program "missing"'),
  ]);
  expect(await checkPreflight(loaded.workflow, null, {})).toHaveLength(2);
  expect(existsSync(join(options.folder, 'WORKFLOW.md'))).toBe(true);
});
