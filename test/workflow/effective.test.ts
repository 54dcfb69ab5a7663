// The settings in force with where each came from; never with a secret in them.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import type { EffectiveSetting } from '../../src/contract/settings.ts';
import { loadWorkflow, type LoadOptions } from '../../src/workflow/index.ts';
import { settingEntries } from '../../src/workflow/setting-list.ts';
import { yamlLine } from '../../src/workflow/yaml-line.ts';
import { z } from 'zod';
import type { AgentRegistration } from '../../src/contract/agent.ts';
import { agent, lines, minimal, optionsFor, type Fixture } from './workflow-file.ts';

const helper: AgentRegistration = {
  ...agent,
  kind: 'helper',
  defaultCommand: 'helper',
  pathSettings: ['mcp_config'],
  settingsSchema: z.record(z.string(), z.unknown()),
};

async function effectiveOf(options: LoadOptions): Promise<readonly EffectiveSetting[]> {
  const result = await loadWorkflow(options);
  if (!result.ok) throw new Error(lines(result.problems).join('\n'));
  return result.workflow.effective;
}

async function inForce(fixture: Fixture): Promise<Map<string, string>> {
  const found = await effectiveOf(optionsFor(fixture));
  return new Map(found.map(({ key, value, source, place }) => [key, `${value} | ${source} | ${place}`]));
}

it('says of each value which of the five sources it came from', async () => {
  const yaml = `${minimal}  max_turns: 7\npolling:\n  interval_ms: 1000\nserver: { port: 1000 }\n`;
  const options = optionsFor({
    yaml,
    env: { SORTIE_AGENT_MAX_TURNS: '8', SORTIE_SERVER_PORT: '2000' },
    options: { overrides: { port: 3000, logLevel: 'debug' } },
  });
  writeFileSync(join(options.folder, '.env'), '#\nSORTIE_AGENT_MAX_SESSIONS=4\nSORTIE_AGENT_MAX_TURNS=9\n');
  const found = await effectiveOf({ ...options, envFile: join(options.folder, '.env') });
  expect(found).toEqual(
    expect.arrayContaining([
      { key: 'agent.max_turns', value: '8', source: 'environment', place: 'SORTIE_AGENT_MAX_TURNS' },
      { key: 'agent.max_sessions', value: '4', source: 'env_file', place: '.env:2' },
      { key: 'polling.interval_ms', value: '1000', source: 'front_matter', place: 'WORKFLOW.md:9' },
      { key: 'server.port', value: '3000', source: 'flag', place: '--port' },
      { key: 'logging.level', value: 'debug', source: 'flag', place: '--log-level' },
      { key: 'server.host', value: '127.0.0.1', source: 'default', place: '' },
    ]),
  );
});

it('has every key of the reference once and in its order, then the blocks of the adapters in use', async () => {
  const yaml = `${minimal}token_rates: { command: {} }\nnotifications: [{ name: n, kind: slack, url: "https://x.example", events: [drained] }]\nserver: { users: [{ name: ann, token: 0123456789abcdef }] }\ntools: { rules: [{ operation: add_comment, decision: deny, when: { issue: own } }] }\n`;
  const keys = (await effectiveOf(optionsFor({ yaml }))).map(({ key }) => key);
  const shown = settingEntries.filter(({ key, facts }) => !facts.shownWhenSetOnly || key.endsWith('.issue'));
  const reference = shown.map(({ key }) => key.replace('*', 'command').replace('[]', '[0]'));
  expect(keys).toEqual([...reference, 'file.path', 'file.token', 'file.size', 'command.shell']);
});

it('shows what is in force where that is not what is written', async () => {
  const found = await inForce({
    yaml: `tracker:\n  kind: file\n  required_labels: [Agent]\n  park_label: Parked\nagent:\n  kind: helper\n  max_concurrent_agents_by_state: { To Do: "3", Bad: 0 }\nhooks: { timeout_ms: 0 }\n`,
    env: { TMPDIR: '/tmp/x' },
    options: { agents: [{ ...helper, defaultCommand: 'helper --go' }] },
  });
  expect(found.get('tracker.active_states')).toBe('[To Do, In Progress] | default | ');
  expect(found.get('tracker.required_labels')).toBe('[agent] | front_matter | WORKFLOW.md:4');
  expect(found.get('tracker.park_label')).toBe('parked | front_matter | WORKFLOW.md:5');
  expect(found.get('workspace.root')).toBe('/tmp/x/sortie_workspaces | default | ');
  expect(found.get('db_path')).toMatch(/^\/.*\/\.sortie\.db \| default \| $/);
  expect(found.get('agent.command')).toBe('helper --go | default | ');
  expect(found.get('agent.max_concurrent_agents_by_state.To Do')).toBe('3 | front_matter | WORKFLOW.md:8');
  expect(found.has('agent.max_concurrent_agents_by_state.Bad')).toBe(false);
  expect(found.get('hooks.timeout_ms')).toBe('60000 | default | ');
  expect(found.get('tracker.endpoint')).toBe(' | default | ');
  expect(found.get('agent.env')).toBe('{} | default | ');
  expect(found.get('token_rates')).toBe('{} | default | ');
  expect(found.get('notifications')).toBe('[] | default | ');
});

it('puts scripts on one line, and lists and maps as YAML has them', async () => {
  const found = await inForce({
    yaml: `${minimal}hooks:\n  after_create: |\n    git clone "$URL" .\n    npm ci\nfile: { path: a.json }\n`,
  });
  const [script = '', source] = (found.get('hooks.after_create') ?? '').split(' | ');
  expect(script).toBe('"git clone \\"$URL\\" .\\nnpm ci\\n"');
  expect(source).toBe('front_matter');
  expect(found.get('file.path')).toMatch(/a\.json \| front_matter \| WORKFLOW\.md:11$/);
  expect(yamlLine({ a: [1, 'b, c'], d: 'x: y' })).toBe('{a: [1, "b, c"], d: "x: y"}');
  expect(yamlLine('x'.repeat(5000))).toHaveLength(2001);
});

it('writes any value as one line of YAML that says the same', () => {
  const value = fc.letrec<{ any: unknown }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 2 },
      fc.string({ minLength: 1, unit: 'binary', maxLength: 20 }),
      fc.constantFrom(
        'a\nb',
        'null',
        '1',
        'yes',
        '# x',
        '- y',
        '\u2028',
        '\u0085',
        ' lead',
        '***',
        '"',
        'a: b',
      ),
      fc.integer(),
      fc.boolean(),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(fc.string({ minLength: 1, maxLength: 5 }), tie('any'), {
        maxKeys: 3,
        noNullPrototype: true,
      }),
    ),
  })).any;
  fc.assert(
    fc.property(value, (one) => {
      const line = yamlLine(one);
      expect(line).not.toMatch(/[\p{Cc}\u2028\u2029]/u);
      if (!line.endsWith('…')) expect(parse(line)).toEqual(one);
    }),
    { numRuns: 500 },
  );
});

it('hides what is declared a secret, and its value where it turns up again', async () => {
  const found = await inForce({
    yaml: `${minimal}  env: { MODE: fast, GH_TOKEN: $GH }\nserver: { token: s3rver-token }\nhooks: { before_run: "curl -H s3rver-token https://me:pa55@x.example; export API_KEY=lit3ral" }\nfile: { token: t }\nnotifications: [{ name: n, kind: slack, url: "https://x.example/T0/B0", events: [drained] }]\n`,
    env: { GH: 'ghp_1' },
  });
  expect(found.get('server.token')).toBe('*** | front_matter | WORKFLOW.md:8');
  expect(found.get('tracker.api_key')).toBe(' | default | ');
  expect(found.get('agent.env.MODE')).toMatch(/^"\*\*\*" \||^\*\*\* \|/);
  expect(found.get('agent.env.GH_TOKEN')).toMatch(/^\*\*\* \|/);
  expect(found.get('file.token')).toMatch(/^\*\*\* \|/);
  expect(found.get('notifications[0].url')).toMatch(/^\*\*\* \|/);
  expect(found.get('notifications[0].secret')).toBe(' | default | ');
  expect(found.get('hooks.before_run')).toMatch(
    /^curl -H \*\*\* https:\/\/\*\*\*@x\.example; export API_KEY=\*\*\* \|/,
  );
});

it('hides the token of a login, and each line of a key, where they stand alone', async () => {
  const found = await inForce({
    yaml: `${minimal}server: { token: $KEY }\nhooks: { before_run: "use t0ken-of-me and line-two-of-key" }\n`,
    env: { SORTIE_TRACKER_API_KEY: 'me@x.example:t0ken-of-me', KEY: 'line-one-of-key\nline-two-of-key' },
  });
  expect(found.get('hooks.before_run')).toMatch(/^use \*\*\* and \*\*\* \|/);
});

it('hides servers that stand in the place of a file, and by its name what an adapter did not declare', async () => {
  const found = await inForce({
    yaml: `tracker: { kind: file }\nagent: { kind: helper }\nhelper:\n  mcp_config: { mcpServers: { a: { args: [--key, s1] } } }\n  access_token: s2\n  more: { env: { A: s3 }, headers: [s4], depth: 2, note: "see //u:s5@h" }\n`,
    options: { agents: [helper] },
  });
  expect(found.get('helper.mcp_config')).toMatch(/^\*\*\* \|/);
  expect(found.get('helper.access_token')).toMatch(/^"\*\*\*" \|/);
  expect(found.get('helper.more')).toMatch(
    /^\{env: "\*\*\*", headers: "\*\*\*", depth: 2, note: see \/\/\*\*\*@h\} \|/,
  );
});

const secret = fc.oneof(
  fc
    .string({ minLength: 8, maxLength: 30, unit: fc.constantFrom(...'ABCdef019"\'\\ \n:#{}[]$%&*é') })
    .map((text) => `q${text}q`),
  fc.stringMatching(/^[A-Za-z0-9_-]{12,40}$/),
);

it('never holds a secret, whatever secrets there are and wherever else they are written', async () => {
  const options = optionsFor({});
  const secrets = fc.record({
    key: secret,
    token: secret,
    env: secret,
    plain: secret,
    sign: secret,
    block: secret,
    path: fc.stringMatching(/^[a-z0-9]{16,30}$/),
  });
  await fc.assert(
    fc.asyncProperty(secrets, fc.boolean(), async (values, byVariable) => {
      const { key, token, env, plain, sign, block, path } = values;
      const names = Object.keys(values);
      const ref = (name: string, value: string): string =>
        byVariable || value.includes('$') ? `$S_${name.toUpperCase()}` : value;
      const data = {
        tracker: { kind: 'file', api_key: ref('key', key), query_filter: `x ${key} y` },
        agent: {
          kind: 'command',
          command: `run ${token}`,
          env: { A_TOKEN: ref('env', env), OTHER: ref('plain', plain) },
        },
        hooks: { after_create: `echo '${env}'\n${sign} ${key}${token}` },
        server: { token: ref('token', token), allowed_hosts: [sign] },
        file: { path: 'x', token: ref('block', block) },
        notifications: [
          {
            name: 'n',
            kind: 'webhook',
            url: byVariable ? 'https://h.example/hooks/$S_PATH' : `https://h.example/hooks/${path}`,
            secret: ref('sign', sign),
            events: ['drained'],
          },
          { name: 'm', kind: 'slack', url: `https://h.example/other/${path}`, events: ['drained'] },
        ],
      };
      writeFileSync(options.path, `---\n${stringify(data)}---\nGo.\n`);
      const variables = Object.fromEntries(
        names.map((name) => [`S_${name.toUpperCase()}`, values[name as keyof typeof values]]),
      );
      const found = await effectiveOf({ ...options, env: variables });
      const text = JSON.stringify(found);
      const read = JSON.stringify(
        found.map(({ value }) => (/^(?:\*{3})?$/.test(value) ? null : (parse(value) as unknown))),
      );
      for (const value of Object.values(values).map((one) => one.trim())) {
        for (const spelling of [value, JSON.stringify(value).slice(1, -1)]) {
          expect(text).not.toContain(spelling);
          expect(read).not.toContain(spelling);
        }
      }
    }),
    { numRuns: 150 },
  );
});
