// Bad WORKFLOW.md files, through `validate` and through a start: exit 1, one line for each problem that says where it
// is, nothing of the file is evaluated, no stack trace, no database.

import { existsSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { baseSettings, makeFolder, type Folder } from './program.ts';

let folder: Folder;
beforeEach(async () => {
  folder = await makeFolder();
  await folder.writeIssues([]);
});
afterEach(async () => {
  expect(await folder.close()).toEqual([]);
});

interface Problem {
  readonly severity: string;
  readonly check: string;
  readonly message: string;
}

/** By `validate`, in one line each. */
async function validated(): Promise<readonly Problem[]> {
  const { code, stdout, stderr } = await folder.run(['validate', '--format', 'json']);
  const { valid, errors } = JSON.parse(stdout) as { valid: boolean; errors: Problem[] };
  expect({ code, valid, stderr }).toEqual({ code: 1, valid: false, stderr: '' });
  for (const { message } of errors) {
    expect(message).not.toMatch(/[\r\n]/);
    expect(message).not.toMatch(/\bat .*\.js:\d+/);
  }
  return errors;
}

/** Both ways in must agree. */
async function problemsOf(): Promise<readonly Problem[]> {
  const [errors, started] = await Promise.all([validated(), folder.run([])]);
  expect([started.code, started.stdout]).toEqual([1, '']);
  for (const { check, message } of errors) {
    expect(started.stderr).toContain(`error: ${check}: ${message}\n`);
  }
  expect(started.stderr).not.toMatch(/^\s+at /m);
  expect(existsSync(folder.file('.sortie.db'))).toBe(false);
  expect(existsSync(folder.file('evaluated'))).toBe(false);
  return errors;
}

const front = (text: string): string => `---\n${text}---\nhello\n`;

describe('a WORKFLOW.md that', () => {
  it.each<[string, string | Buffer, string, RegExp]>([
    ['is empty', '', 'tracker.kind', /WORKFLOW\.md/],
    ['is not UTF-8', Buffer.from([0x2d, 0x2d, 0x2d, 0x0a, 0xff, 0xfe]), 'workflow_load', /WORKFLOW\.md:2/],
    ['is binary', Buffer.from([0, 1, 2, 3]), 'workflow_load', /WORKFLOW\.md/],
    ['holds 10 MB', `${'x'.repeat(99)}\n`.repeat(100_000), 'workflow_load', /WORKFLOW\.md.*1048576/],
    ['does not close its fence', '---\ntracker:\n  kind: file\n', 'workflow_front_matter', /WORKFLOW\.md:1/],
    ['is no map', front('- a\n'), 'workflow_front_matter', /WORKFLOW\.md:2:1: .*a map/],
    ['has keys twice', front('db_path: a\ndb_path: b\n'), 'workflow_front_matter', /WORKFLOW\.md:3/],
    ['breaks off in the middle', '---\ntracker: {kind: fi', 'workflow_front_matter', /WORKFLOW\.md:1/],
  ])('%s', async (_name, content, check, message) => {
    await writeFile(folder.file('WORKFLOW.md'), content);
    expect(await validated()).toContainEqual({
      severity: 'error',
      check,
      message: expect.stringMatching(message) as string,
    });
  });

  it('is missing', async () => {
    const [missing] = await problemsOf();
    expect(missing?.check).toBe('workflow_load');
    expect(missing?.message).toMatch(/WORKFLOW\.md: .*no such file/);
  });

  it('is a folder', async () => {
    await mkdir(folder.file('WORKFLOW.md'));
    expect((await problemsOf())[0]?.message).toMatch(/WORKFLOW\.md: .*folder/);
  });

  it.each([
    [
      'a JavaScript fence',
      (marker: string) => `---js\nrequire('fs').writeFileSync('${marker}', ''); ({})\n---\nhi\n`,
    ],
    [
      'a coffee fence',
      (marker: string) => `---coffee\nrequire('fs').writeFileSync '${marker}', ''\n---\nhi\n`,
    ],
    [
      'a function in YAML',
      (marker: string) =>
        front(`db_path: !!js/function "function () { require('fs').writeFileSync('${marker}', '') }"\n`),
    ],
    [
      'code in its template',
      (marker: string) =>
        `---\ntracker: {kind: file}\nfile: {path: ./issues.json}\nagent: {kind: command, command: 'true'}\n---\n` +
        `{{ issue.constructor.constructor("require('fs').writeFileSync('${marker}', '')") }}\n`,
    ],
  ])('evaluates nothing of %s', async (_name, text) => {
    await folder.write('WORKFLOW.md', text(folder.file('evaluated')));
    expect((await problemsOf()).length).toBeGreaterThan(0);
  });

  it('is an alias bomb', async () => {
    const levels = Array.from(
      { length: 12 },
      (_, n) => `k${n + 1}: &k${n + 1} [${`*k${n}, `.repeat(9)}*k${n}]\n`,
    );
    await folder.write('WORKFLOW.md', front(`k0: &k0 [lol, lol]\n${levels.join('')}`));
    // Unfolded it would have 10^12 words: who begins with that does not end before the test is given up.
    expect((await problemsOf())[0]).toMatchObject({ check: 'workflow_front_matter' });
  });
});

describe('settings that do not fit together', () => {
  it.each<[string, Record<string, object>, string[]]>([
    [
      'a handoff state that is active, an unknown agent, an adapter without its path',
      { tracker: { handoff_state: 'to do' }, agent: { kind: 'comand' }, file: { path: '' } },
      ['config.tracker.handoff_state', 'agent.kind', 'config.file.path'],
    ],
    [
      'a handoff state that is terminal, an in-progress state that is not active, variables that are not set',
      {
        tracker: { handoff_state: 'DONE', in_progress_state: 'X', api_key: '$SORTIE_TEST_UNSET' },
        server: { token: '${SORTIE_TEST_LACKS}' },
      },
      [
        'config.tracker.handoff_state',
        'config.tracker.in_progress_state',
        'tracker.api_key',
        'config.server.token',
      ],
    ],
    [
      'no states at all',
      { tracker: { active_states: [], terminal_states: [] } },
      ['config.tracker.active_states'],
    ],
    ['an unknown tracker', { tracker: { kind: 'filee' } }, ['tracker.kind']],
    ['an adapter module that is missing', { tracker: { adapter: './none.mjs' } }, ['tracker_adapter']],
  ])('%s', async (_name, change, checks) => {
    const base = baseSettings(folder, 'true');
    const changed = Object.entries(change).map(([key, value]) => [
      key,
      { ...(base[key] as object), ...value },
    ]);
    await folder.writeWorkflow({ ...base, ...(Object.fromEntries(changed) as object) });
    const problems = await problemsOf();
    expect(problems.map((problem) => problem.check)).toEqual(expect.arrayContaining(checks));
    for (const { check, message } of problems) {
      expect(message).toContain('WORKFLOW.md');
      // Which variable it is.
      if (check === 'tracker.api_key') expect(message).toContain('SORTIE_TEST_UNSET');
      if (check === 'config.server.token') expect(message).toContain('SORTIE_TEST_LACKS');
    }
  });
});

describe('a wrong type', () => {
  it('in every field at once is one line for each', async () => {
    const map = { wrong: true };
    const texts = ['endpoint', 'project', 'query_filter', 'handoff_state', 'in_progress_state', 'api_key'];
    const settings = {
      tracker: {
        kind: 'file',
        ...Object.fromEntries(texts.map((key) => [key, map])),
        active_states: 5,
        terminal_states: map,
        required_labels: [['x']],
        comments: { on_dispatch: 'perhaps', on_completion: 3, on_failure: [], style: 'loud' },
      },
      file: { path: 5 },
      polling: { interval_ms: 'soon' },
      workspace: { root: [] },
      hooks: { after_create: [], before_run: map, after_run: 7, before_remove: [[]] },
      agent: {
        kind: [],
        command: map,
        env: { A: [] },
        pass_env: map,
        max_turns: 0,
        max_sessions: -1,
        max_concurrent_agents: 1.5,
        turn_timeout_ms: 'x',
        read_timeout_ms: [],
        stall_timeout_ms: map,
        stop_grace_ms: -1,
        max_retry_backoff_ms: '1s',
      },
      db_path: [],
      server: { port: 70_000, host: 'localhost', token: [], allowed_hosts: 1 },
      logging: { level: 'loud', format: 'xml' },
      token_rates: { command: { input_per_mtok: -1, output_per_mtok: 'x' } },
    };
    await folder.writeWorkflow(settings);
    const problems = await problemsOf();
    const checks = problems.map(({ check }) => check).join('\n');
    const missed = leaves(settings)
      .filter((key) => key !== 'tracker.kind')
      .filter((key) => !checks.includes(`config.${key}`) && !checks.includes(`config.${parentOf(key)}`));
    expect(missed).toEqual([]);
    for (const { message } of problems) expect(message).toMatch(/WORKFLOW\.md(:\d+)?/);
    // Each line of the file that is wrong is named, so that an editor can jump there.
    expect(problems.filter(({ message }) => /WORKFLOW\.md:\d+:\d+/.test(message)).length).toBeGreaterThan(30);
    expect(stringify(settings).split('\n').length).toBeGreaterThan(30);
  });
});

function leaves(value: object, path = ''): string[] {
  return Object.entries(value).flatMap(([key, inner]: [string, unknown]) => {
    const isSection =
      typeof inner === 'object' && inner !== null && !Array.isArray(inner) && !('wrong' in inner);
    return isSection ? leaves(inner, `${path}${key}.`) : [`${path}${key}`];
  });
}

function parentOf(key: string): string {
  return key.slice(0, key.lastIndexOf('.'));
}
