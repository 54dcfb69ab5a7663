// The command line as scripts use it: what goes to stdout and what to stderr, and each exit code.

import { existsSync, readdirSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { baseSettings, makeFolder, makeIssue, type Folder } from './program.ts';

let folder: Folder;
beforeEach(async () => {
  folder = await makeFolder();
});
afterEach(async () => {
  expect(await folder.close()).toEqual([]);
});

const ok = { code: 0, signal: null, stderr: '' };

describe('help and version', () => {
  it('prints help on stdout with every option of the command line', async () => {
    const [long, short, run] = await Promise.all([
      folder.run(['--help']),
      folder.run(['-h']),
      folder.run(['run', '--help']),
    ]);
    const flags = [
      '--dry-run',
      '--format',
      '--until-idle',
      '--port',
      '--host',
      '--log-level',
      '--log-format',
    ];
    for (const flag of [...flags, '--env-file', '-h', '-V', '-dumpversion', 'run', 'validate']) {
      expect(long.stdout).toContain(flag);
    }
    expect(long).toMatchObject(ok);
    expect(short.stdout).toBe(long.stdout);
    expect(run.stdout).toBe(long.stdout);
  });

  it('prints name and version, or the version alone', async () => {
    const [long, short, bare] = await Promise.all([
      folder.run(['--version']),
      folder.run(['-V']),
      folder.run(['-dumpversion']),
    ]);
    expect(bare.stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    expect(short).toMatchObject(ok);
    expect(short.stdout).toContain(`sortie ${bare.stdout.trim()}`);
    expect(long.stdout).toBe(short.stdout);
  });

  it.each([
    ['an unknown option', ['--nonsense']],
    ['an option without its value', ['--port']],
    ['a port that is none', ['--port', 'http']],
    ['a port out of range', ['--port', '65536']],
    ['an unknown log level', ['--log-level', 'loud']],
    ['an unknown format', ['validate', '--format', 'xml']],
    ['two workflows', ['a.md', 'b.md']],
  ])('answers %s with one line on stderr and 1', async (_name, args) => {
    const { code, stdout, stderr } = await folder.run(args);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^error: args: [^\n]+\n$/);
  });
});

describe('--dry-run', () => {
  beforeEach(async () => {
    await folder.writeWorkflow({ ...baseSettings(folder, 'true'), server: { port: 0 } });
    await folder.writeIssues([
      makeIssue(2, { state: 'In Progress' }),
      makeIssue(1, { priority: 1, title: 'a\ttab' }),
      makeIssue(3, { blocked_by: [{ id: '9', identifier: 'E2E-9' }] }),
      makeIssue(4, { state: 'Done' }),
    ]);
  });

  it('says one line a candidate in dispatch order, and leaves no trace', async () => {
    const before = readdirSync(folder.path);
    const { code, stdout } = await folder.run(['--dry-run']);
    const rows = stdout
      .trimEnd()
      .split('\n')
      .map((line) => line.split('\t'));

    expect(code).toBe(0);
    expect(rows.map(([identifier, verdict]) => `${identifier} ${verdict}`)).toEqual([
      'E2E-1 eligible',
      'E2E-2 eligible',
      'E2E-3 blocked_by',
    ]);
    for (const row of rows) expect(row).toHaveLength(3);
    expect(rows[2]?.[2]).toContain('E2E-9');
    expect(readdirSync(folder.path)).toEqual(before);
    expect(existsSync(folder.file('workspaces'))).toBe(false);
  });

  it('says the same as JSON', async () => {
    const { code, stdout } = await folder.run(['run', '--dry-run', '--format', 'json', 'WORKFLOW.md']);
    const { candidates } = JSON.parse(stdout) as { candidates: { identifier: string; verdict: string }[] };
    expect(code).toBe(0);
    expect(candidates.map(({ identifier, verdict }) => [identifier, verdict])).toEqual([
      ['E2E-1', 'eligible'],
      ['E2E-2', 'eligible'],
      ['E2E-3', 'blocked_by'],
    ]);
  });

  it('counts slots as a first tick would', async () => {
    const agent = { ...(baseSettings(folder, 'true')['agent'] as object), max_concurrent_agents: 1 };
    await folder.writeWorkflow({ ...baseSettings(folder, 'true'), agent });
    const { stdout } = await folder.run(['--dry-run']);
    expect(stdout).toMatch(/^E2E-1\teligible\t/m);
    expect(stdout).toMatch(/^E2E-2\tno_global_slot\t/m);
  });

  it('ends with 1 and one line when the tracker cannot be read', async () => {
    await rm(folder.file('issues.json'));
    const { code, stdout, stderr } = await folder.run(['--dry-run']);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^error: [^\n]*issues\.json[^\n]*\n$/);
  });

  it('does not copy the seed', async () => {
    await folder.writeWorkflow({
      ...baseSettings(folder, 'true'),
      file: { path: './list.json', seed: './issues.json' },
    });
    expect((await folder.run(['--dry-run'])).code).toBe(1);
    expect((await folder.run(['validate'])).code).toBe(0);
    expect(existsSync(folder.file('list.json'))).toBe(false);
  });
});

describe('validate', () => {
  it('says that a good workflow is valid, and no more', async () => {
    await folder.writeWorkflow(baseSettings(folder, 'true'));
    expect(await folder.run(['validate'])).toMatchObject({ ...ok, stdout: 'valid, 0 warnings\n' });
    const { code, stdout } = await folder.run(['validate', '--format', 'json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ valid: true, errors: [], warnings: [] });
    expect(existsSync(folder.file('workspaces'))).toBe(false);
  });

  it('ends with 0 when there are warnings only, and names what was meant', async () => {
    await folder.writeWorkflow({ ...baseSettings(folder, 'true'), poling: { interval_ms: 5 } });
    const text = await folder.run(['validate']);
    const json = await folder.run(['validate', '--format', 'json']);
    expect(text.code).toBe(0);
    expect(text.stdout).toBe('valid, 1 warning\n');
    expect(text.stderr).toMatch(/^warning: unknown_key: [^\n]*poling[^\n]*polling[^\n]*\n$/);
    expect(json.code).toBe(0);
    expect(json.stderr).toBe('');
    expect(JSON.parse(json.stdout)).toMatchObject({
      valid: true,
      errors: [],
      warnings: [{ severity: 'warning', check: 'unknown_key' }],
    });
  });

  it('lists every error at once, and so does the start', async () => {
    const base = baseSettings(folder, 'true');
    await folder.writeWorkflow(
      {
        ...base,
        polling: { interval_ms: 'soon' },
        tracker: { ...(base['tracker'] as object), handoff_state: 'Done' },
        server: { host: 'example.org' },
      },
      'Hello {{ issue.titel }} {{ nobody }}',
    );
    const json = await folder.run(['validate', '--format', 'json']);
    const started = await folder.run([]);
    const answer = JSON.parse(json.stdout) as { errors: { check: string; message: string }[] };
    const checks = answer.errors.map(({ check }) => check);

    expect(json.code).toBe(1);
    expect(checks).toEqual(
      expect.arrayContaining([
        'config.polling.interval_ms',
        'config.tracker.handoff_state',
        'config.server.host',
        'template_render',
      ]),
    );
    expect(started.code).toBe(1);
    expect(started.stdout).toBe('');
    for (const { check, message } of answer.errors) {
      expect(message).toContain('WORKFLOW.md');
      expect(started.stderr).toContain(`error: ${check}: ${message}\n`);
    }
    expect(existsSync(folder.file('.sortie.db'))).toBe(false);
  });

  it('checks the file that is named', async () => {
    const { code, stderr } = await folder.run(['validate', 'elsewhere.md']);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^error: workflow_load: [^\n]*elsewhere\.md[^\n]*\n$/);
  });
});
