// `sortie audit` on a real database, with and without somebody who has changed it, and its three exit codes.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from 'vitest';
import { agents, loadTrackerAdapter, trackers } from '../../adapters/index.ts';
import { main } from '../../src/cli/audit.ts';
import { auditHeadFile, openStore, type SqliteStore } from '../../src/store/index.ts';
import { auditGuards } from '../../src/store/migration-0004.ts';
import { loadWorkflow, trackerContext } from '../../src/workflow/index.ts';
import { tamperer } from '../store/audit-chain.ts';
import { audited, auditedMany } from '../store/ledger-rows.ts';
import { runCommand, type Printed } from './run-command.ts';

let folder: string;
let workflow: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sortie-cli-audit-'));
  workflow = join(folder, 'WORKFLOW.md');
  writeFileSync(join(folder, 'issues.json'), '[]');
  writeFileSync(
    workflow,
    '---\ntracker: { kind: file, active_states: [To Do], terminal_states: [Done] }\n' +
      'file: { path: ./issues.json }\nagent: { kind: mock }\n---\nDo it.\n',
  );
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const sortie = (...args: string[]): Promise<Printed> =>
  runCommand(
    main,
    ['export', 'head', 'verify'].includes(args[0] ?? '') ? [...args, '--workflow', workflow] : args,
  );

/** As the daemon opens it. */
async function opened(count: number, withHeadFile = true): Promise<{ store: SqliteStore; headPath: string }> {
  const loaded = await loadWorkflow({
    path: workflow,
    env: {},
    trackers,
    agents,
    loadTracker: loadTrackerAdapter,
  });
  if (!loaded.ok) throw new Error(JSON.stringify(loaded.problems));
  const identity = loaded.tracker.identity(trackerContext(loaded.workflow, () => undefined));
  const tracker = { kind: 'file', identity };
  const path = loaded.workflow.settings.dbPath;
  const store = await openStore({ path, tracker });
  onTestFinished(() => store.close());
  if (count > 0) await store.tools.apply(auditedMany(count));
  const file = auditHeadFile({ databasePath: path, tracker });
  if (withHeadFile) await file.write(await store.tools.auditHead(), 0);
  return { store, headPath: file.path };
}

describe('sortie audit', () => {
  it('needs none of the secrets that the daemon has', async () => {
    await opened(3);
    const [head = '', ...rest] = readFileSync(workflow, 'utf8').split('\n---\n');
    const users = `users: [{ name: ana, token: $SORTIE_T_ANA }, { name: ben, token: "$SORTIE_T_BEN" }]`;
    const hooks = 'notifications: [{ name: n, kind: slack, url: $SORTIE_T_HOOK, events: [drained] }]';
    const server = `server: { token: $SORTIE_T_TOKEN, ${users} }\n${hooks}`;
    writeFileSync(workflow, [`${head}\n${server}`, ...rest].join('\n---\n'));
    expect(await sortie('verify')).toMatchObject({ code: 0, stderr: '' });
    expect((await sortie('head')).code).toBe(0);
  });

  it('says that a log is intact, beside the daemon that writes it', async () => {
    const { store } = await opened(1_203);
    const { seq, hash } = await store.tools.auditHead();
    expect(await sortie('verify')).toEqual({
      code: 0,
      stdout: `intact: 1203 entries, 1 to 1203, head 1203:${hash}\n`,
      stderr: '',
    });
    expect((await sortie('head')).stdout).toBe(`${seq}:${hash}\n`);
    expect(JSON.parse((await sortie('head', '--json')).stdout)).toEqual({ seq, hash });
    await store.tools.apply([audited()]);
    expect((await sortie('verify', '--head', `${seq}:${hash.toUpperCase()}`)).code).toBe(0);
    expect(JSON.parse((await sortie('verify', '--json')).stdout)).toMatchObject({
      intact: true,
      entries: 1_204,
      first_seq: 1,
      broken_at: null,
    });
  });

  it('says so of an empty one, too', async () => {
    await opened(0, false);
    const warning = 'there is no head file beside the database, and no entry yet';
    expect(await sortie('verify')).toEqual({
      code: 0,
      stdout: 'intact: no entries\n',
      stderr: `warning: ${warning}\n`,
    });
    const { code, stdout } = await sortie('verify', '--json');
    expect([code, JSON.parse(stdout)]).toMatchObject([0, { intact: true, warnings: [warning] }]);
    expect((await sortie('head')).stdout).toBe(`0:${'0'.repeat(64)}\n`);
    expect(await sortie('export')).toEqual({ code: 0, stdout: '', stderr: '' });
  });

  it('finds a changed byte, a missing entry and a cut end, and says where', async () => {
    const { store } = await opened(10);
    const sqlite = await tamperer(store.path);
    const edit = (sql: string) => sqlite.exec(sql);
    edit("update audit set line = replace(line, 'number 3', 'number 4') where seq = 4");
    expect(await sortie('verify')).toMatchObject({
      code: 1,
      stdout: 'broken at entry 4: entry 4: line and hash do not fit\n',
      stderr: '',
    });
    expect(JSON.parse((await sortie('verify', '--json')).stdout)).toMatchObject({
      intact: false,
      broken_at: 4,
    });
    edit('delete from audit where seq = 4');
    expect((await sortie('verify')).stdout).toMatch(/^broken at entry 4: entry 4 is missing/);
    edit('delete from audit where seq >= 4');
    expect((await sortie('verify')).stdout).toMatch(
      /^broken at entry 4: the log ends with 3, the expected head is 10/,
    );
  });

  it('finds an end that was cut off with the head file, and by a head that was kept elsewhere where', async () => {
    const { store, headPath } = await opened(10);
    const head = (await sortie('head')).stdout.trim();
    const sqlite = await tamperer(store.path);
    sqlite.exec('delete from audit where seq = 10');
    for (const guard of auditGuards) sqlite.exec(guard);
    rmSync(headPath);
    const blind = await sortie('verify');
    expect([blind.code, blind.stderr]).toEqual([1, '']);
    expect(blind.stdout).toMatch(
      /^broken: the log ends with 9, and the head file .* is gone, .*\(--head\)\n$/,
    );
    expect(JSON.parse((await sortie('verify', '--json')).stdout)).toMatchObject({
      intact: false,
      broken_at: null,
      warnings: [],
    });
    const found = await sortie('verify', '--head', head);
    expect([found.code, found.stderr]).toEqual([1, '']);
    expect(found.stdout).toMatch(/^broken at entry 10: the log ends with 9/);
  });

  it('calls a log whose head file is gone intact by a head that was kept elsewhere alone', async () => {
    const { headPath } = await opened(10);
    const head = (await sortie('head')).stdout.trim();
    rmSync(headPath);
    expect((await sortie('verify')).code).toBe(1);
    expect(await sortie('verify', '--head', head)).toMatchObject({ code: 0, stderr: '' });
  });

  it('finds that the table is gone, and a place that no entry can have: 1, not 2', async () => {
    const { store } = await opened(3);
    const sqlite = await tamperer(store.path);
    sqlite.exec('update audit set seq = 9223372036854775807 where seq = 3');
    expect(await sortie('verify')).toMatchObject({ code: 1, stderr: '' });
    sqlite.exec('drop table audit');
    expect(await sortie('verify')).toEqual({
      code: 1,
      stdout: 'broken: the database has no table audit any more\n',
      stderr: '',
    });
  });

  it('finds that the whole file is gone by such a head or by the head file; without both it cannot tell', async () => {
    const { store, headPath } = await opened(3);
    const head = (await sortie('head')).stdout.trim();
    await store.close();
    for (const end of ['', '-wal', '-shm']) rmSync(`${store.path}${end}`, { force: true });
    expect((await sortie('verify', '--head', head)).stdout).toMatch(
      /^broken at entry 1: the whole log is missing: /,
    );
    const beside = await sortie('verify');
    expect([beside.code, beside.stderr]).toEqual([1, '']);
    expect(beside.stdout).toMatch(/^broken at entry 1: the whole log is missing: .*there is no such file/);
    rmSync(headPath);
    const blind = await sortie('verify');
    expect([blind.code, blind.stdout]).toEqual([2, '']);
    expect(blind.stderr).toMatch(/^error: [^\n]*there is no such file[^\n]*\n$/);
  });

  it('exports lines that prove themselves', async () => {
    await opened(700);
    const { stdout, code } = await sortie('export');
    const lines = stdout.trimEnd().split('\n');
    expect([code, lines.length]).toEqual([0, 700]);
    const file = join(folder, 'export.jsonl');
    writeFileSync(file, stdout);
    const good = await sortie('verify', '--file', file);
    expect(good).toMatchObject({ code: 0 });
    expect(good.stdout).toMatch(/^intact: 700 entries, 1 to 700, head 700:/);
    expect(good.stderr).toMatch(/^warning: a cut end would not be seen/);
    const head = (await sortie('head')).stdout.trim();
    expect(await sortie('verify', '--file', file, '--head', head)).toMatchObject({ code: 0, stderr: '' });
    expect((await sortie('export', '--after', '698')).stdout.split('\n')).toHaveLength(3);

    writeFileSync(file, `${lines.slice(0, -1).join('\n')}\n`);
    expect((await sortie('verify', '--file', file, '--head', head)).code).toBe(1);
    const edited = Buffer.from(stdout);
    edited[edited.length >> 1] = (edited[edited.length >> 1] ?? 0) ^ 1;
    writeFileSync(file, edited);
    expect((await sortie('verify', '--file', file)).code).toBe(1);
    expect(readFileSync(file)).toEqual(edited);
  });

  it.each([
    [[]],
    [['prove']],
    [['--json']],
    [['verify', '--head', 'abc']],
    [['verify', '--head', `1:${'0'.repeat(63)}`]],
    [['verify', '--nonsense']],
    [['verify', 'more']],
    [['export', '--after', '-1']],
    [['verify', '--file', '/nowhere/export.jsonl']],
    [['verify', '--file', '/']],
    [['head', '--workflow', '/nowhere/WORKFLOW.md']],
  ])('%j is 2 and one line on stderr, never "broken"', async (args) => {
    const answer = args.includes('--workflow') ? await runCommand(main, args) : await sortie(...args);
    expect([answer.code, answer.stdout]).toEqual([2, '']);
    expect(answer.stderr).toMatch(/^error: [^\n]+\n$/);
  });

  it('has help that names its exit codes', async () => {
    expect((await sortie('--help')).stdout).toMatch(/0 intact, 1 broken, 2 /);
    const { code, stdout } = await sortie('verify', '--help');
    expect([code, stdout.includes('--head <seq:hash>')]).toEqual([0, true]);
  });
});
