// What several keys together can get wrong: kinds, required fields, states against each other, the server.
import { expect, it } from 'vitest';
import type { TrackerAdapter } from '../../src/contract/tracker.ts';
import { checkTracker } from '../../src/workflow/index.ts';
import { isLoopback } from '../../src/workflow/loopback.ts';
import { lines, load, loadBad, loadGood, minimal, tracker } from './workflow-file.ts';

const withTracker = (more: string): string => minimal.replace('kind: file', `kind: file\n  ${more}`);

it.each([
  ['handoff_state: to do', 'handoff_state', 'is an active state'],
  ['handoff_state: DONE', 'handoff_state', 'is a terminal state'],
  ['in_progress_state: Elsewhere', 'in_progress_state', 'is not an active state'],
  [
    'active_states: [A, B]\n  terminal_states: [b]\n  in_progress_state: B',
    'in_progress_state',
    'is a terminal state',
  ],
  ['active_states: []\n  terminal_states: []', 'active_states', 'are both empty'],
])('refuses %j', async (more, key, text) => {
  const result = await loadBad({ yaml: withTracker(more) });
  expect(lines(result.problems)).toEqual([
    expect.stringMatching(
      new RegExp(`^config\\.tracker\\.${key} WORKFLOW\\.md:\\d:\\d+: tracker\\.${key} .*${text}`),
    ),
  ]);
});

it('refuses an in-progress state that is the handoff state', async () => {
  const yaml = withTracker('active_states: [A, B]\n  handoff_state: b\n  in_progress_state: B');
  expect(lines((await loadBad({ yaml })).problems)).toContainEqual(
    expect.stringContaining('tracker.in_progress_state "B" is the handoff state as well'),
  );
});

it('accepts states that differ, and one empty list', async () => {
  const yaml = withTracker(
    'terminal_states: []\n  in_progress_state: in progress\n  handoff_state: In Review',
  );
  const { settings } = await loadGood({ yaml });
  expect(settings.tracker).toMatchObject({
    terminalStates: [],
    inProgressState: 'in progress',
    handoffState: 'In Review',
  });
});

it('judges no state against a list that is itself wrong', async () => {
  const yaml = withTracker('active_states: nothing\n  in_progress_state: X');
  expect((await loadBad({ yaml })).problems.map(({ check }) => check)).toEqual([
    'config.tracker.active_states',
  ]);
});

it.each([
  [
    'tracker: { kind: fil }',
    'tracker.kind',
    'unsupported_tracker_kind: there is no tracker adapter "fil" (did you mean "file"?); known kinds: file, cloud',
  ],
  ['tracker: {}', 'tracker.kind', 'tracker.kind is not set; set it (known kinds: file, cloud)'],
  ['tracker: { kind: cloud }', 'tracker.project', 'missing_tracker_project'],
  ['tracker: { kind: cloud }', 'tracker.api_key', 'missing_tracker_api_key'],
])('refuses %j (%s)', async (yaml, check, text) => {
  const result = await loadBad({ yaml: `${yaml}\nagent: { kind: command, command: x }\n` });
  expect(lines(result.problems).filter((line) => line.startsWith(`${check} `))).toEqual([
    expect.stringContaining(text),
  ]);
});

it.each([
  [
    'agent: { kind: comand }',
    'agent.kind',
    'there is no agent adapter "comand" (did you mean "command"?); known kinds: command',
  ],
  ['{}', 'agent.kind', 'there is no agent adapter "claude-code" (the default)'],
  [
    'agent: { kind: command }',
    'agent.command',
    'agent.command is not set, and the agent "command" has no default',
  ],
])('refuses %j (%s)', async (yaml, check, text) => {
  const result = await loadBad({ yaml: `${yaml === '{}' ? '' : `${yaml}\n`}tracker: { kind: file }\n` });
  expect(lines(result.problems)).toEqual([expect.stringMatching(new RegExp(`^${check} `))]);
  expect(result.problems[0]?.message).toContain(text);
});

it('says that a file without a fence has no settings', async () => {
  expect((await loadBad({ text: 'just a prompt' })).problems[0]?.message).toContain(
    'its first line is not ---',
  );
});

it.each(['localhost', 'example.com', '[::1]', '127.0.0.1:80', '256.1.1.1'])(
  'refuses the host %j',
  async (host) => {
    const result = await loadBad({ yaml: `${minimal}server: { host: "${host}" }\n` });
    expect(lines(result.problems)).toEqual([
      expect.stringMatching(/^config\.server\.host WORKFLOW\.md:7:\d+: .* must be an IP/),
    ]);
  },
);

it('refuses a host that others can reach without a token, and accepts it with one or with the server off', async () => {
  const yaml = (more: string): string => `${minimal}server: { host: 0.0.0.0${more} }\n`;
  expect((await loadBad({ yaml: yaml('') })).problems.map(({ check }) => check)).toEqual([
    'config.server.token',
  ]);
  expect((await loadGood({ yaml: yaml(', token: t') })).settings.server.token).toBe('t');
  expect((await loadGood({ yaml: yaml(', port: 0') })).settings.server.port).toBe(0);
});

it('takes a limit of what waits for review only with the state in which it waits', async () => {
  expect(lines((await loadBad({ yaml: withTracker('max_in_handoff: 2') })).problems)).toEqual([
    expect.stringMatching(
      /^config\.tracker\.max_in_handoff WORKFLOW\.md:4:\d+: tracker\.max_in_handoff limits what waits in tracker\.handoff_state, which is not set/,
    ),
  ]);
  const both = withTracker('max_in_handoff: 2\n  handoff_state: In Review');
  expect((await loadGood({ yaml: both })).settings.tracker.maxInHandoff).toBe(2);
  expect((await loadGood({ yaml: withTracker('max_in_handoff: 0') })).settings.tracker.maxInHandoff).toBe(0);
});

it('refuses such a limit of a tracker that cannot count', async () => {
  const yaml = withTracker('max_in_handoff: 2\n  handoff_state: In Review');
  const workflow = await loadGood({ yaml });
  const adapter = (more: object): TrackerAdapter => more as TrackerAdapter;
  expect(lines(checkTracker(workflow, tracker, adapter({})))).toEqual([
    'config.tracker.max_in_handoff WORKFLOW.md: tracker.max_in_handoff: the tracker adapter "file" cannot count issues; take the key out',
  ]);
  expect(checkTracker(workflow, tracker, adapter({ countIssuesByStates: () => 0 }))).toEqual([]);
});

it('resolves the socket like any path, and refuses one that is too long for the system', async () => {
  const socket = async (path: string): Promise<string> =>
    (await loadGood({ yaml: `${minimal}server: { socket: "${path}" }\n`, env: { D: 'run' } })).settings.server
      .socket;
  expect(await socket('$D/s.sock')).toMatch(/\/workflow-test-\w+\/run\/s\.sock$/);
  expect(await socket(`/${'a'.repeat(99)}`)).toHaveLength(100);
  for (const path of [`/${'a'.repeat(100)}`, `/${'é'.repeat(50)}`]) {
    const result = await loadBad({ yaml: `${minimal}server: { socket: "${path}" }\n` });
    expect(lines(result.problems)).toEqual([
      expect.stringMatching(
        /^config\.server\.socket WORKFLOW\.md:7:19: server\.socket is 101 bytes long .* at most 100 for a socket; choose a shorter/,
      ),
    ]);
  }
});

it('says when protected metrics are open all the same', async () => {
  const found = async (more: string): Promise<string[]> =>
    lines((await loadGood({ yaml: `${minimal}server: { protect_metrics: true${more} }\n` })).warnings);
  expect(await found('')).toEqual([
    expect.stringMatching(/^config\.server\.protect_metrics WORKFLOW\.md:7:\d+: .* does nothing while/),
  ]);
  expect(await found(', host: 0.0.0.0, token: a-token-that-is-long-enough')).toEqual([]);
  const proxied = ', token: a-token-that-is-long-enough, allowed_hosts: [sortie.example]';
  expect(await found(proxied)).toEqual([]);
  expect(await found(', port: 0')).toEqual([]);
});

it.each([
  ['127.0.0.1', true],
  ['127.9.9.9', true],
  ['::1', true],
  ['0:0:0:0:0:0:0:1', true],
  ['::ffff:127.0.0.1', true],
  ['0.0.0.0', false],
  ['::', false],
  ['10.0.0.1', false],
  ['::ffff:10.0.0.1', false],
  ['fe80::1%eth0', false],
])('knows whether %s is a loopback address', (ip, expected) => {
  expect(isLoopback(ip)).toBe(expected);
});

it('checks the block of the adapter in use, and only warns about the block of another', async () => {
  const used = await loadBad({ yaml: `${minimal}file: { path: 5, size: big }\n` });
  expect(lines(used.problems)).toEqual([
    expect.stringMatching(
      /^config\.file\.path WORKFLOW\.md:7:15: file\.path is wrong: expected string.*found the number 5/,
    ),
    expect.stringMatching(/^config\.file\.size WORKFLOW\.md:7:24: file\.size is wrong/),
  ]);
  const unused = await loadGood({ yaml: `${minimal}cloud: { path: 5, token: $NOT_SET }\n` });
  expect(lines(unused.warnings)).toEqual([
    expect.stringMatching(/^type_mismatch WORKFLOW\.md:7:16: .*\(cloud is not in use\)/),
  ]);
  expect(lines((await loadBad({ yaml: `${minimal}file: [1]\n` })).problems)[0]).toMatch(
    /^config\.file WORKFLOW\.md:7:7: .*must be a map/,
  );
});

it('loads the tracker of somebody else by tracker.adapter, relative to the file', async () => {
  const asked: string[][] = [];
  const mine = { ...tracker, kind: 'mine' };
  const result = await load({
    yaml: `${minimal.replace('kind: file', 'kind: mine\n  adapter: ./mine.mjs')}mine: { path: x }\n`,
    options: {
      loadTracker: async (adapter, directory, kind = '') => {
        asked.push([adapter, directory, kind]);
        return mine;
      },
    },
  });
  if (!result.ok) throw new Error(lines(result.problems).join());
  expect(result.tracker).toBe(mine);
  expect(asked).toEqual([['./mine.mjs', expect.stringContaining('workflow-test-'), 'mine']]);
  expect(result.workflow.settings.tracker).toMatchObject({ kind: 'mine', adapter: './mine.mjs' });
});

it('reports a tracker module that does not load, with the place of the key', async () => {
  const result = await loadBad({
    yaml: minimal.replace('kind: file', 'kind: mine\n  adapter: ./mine.mjs'),
    options: { loadTracker: async () => Promise.reject(new Error('no such\nmodule')) },
  });
  expect(lines(result.problems)).toEqual([
    'tracker_adapter WORKFLOW.md:4:12: tracker.adapter: no such module',
  ]);
});

it('freezes the settings', async () => {
  const { settings } = await loadGood();
  expect(() => Object.assign(settings.tracker, { kind: 'x' })).toThrow(TypeError);
  expect(Object.isFrozen(settings.agent.env)).toBe(true);
});
