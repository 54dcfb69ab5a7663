// The audit of a real day, as `sortie audit` judges it without a daemon: intact as it is, also against a head that was
// kept; and whatever somebody does to the database, to the file beside it or to an export is found out.

import { createHash } from 'node:crypto';
import { copyFileSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { DatabaseSync } from '@photostructure/sqlite';
import { getJson, makeFolder, until, type Folder } from '../program.ts';
import { applied, askForTwelve, decide, waiting } from './decisions.ts';
import { makeDesk, type Desk } from './desk.ts';

interface Line {
  readonly seq: number;
  readonly kind: string;
  readonly actor: string;
  readonly [name: string]: unknown;
}

// Several commands a test, each a process of its own.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const MISSING = 'the whole log is missing';

let desk: Desk;
/** Before the last things that happened. */
let head = '';
let newest = '';
let exported = '';
let lines: readonly Line[] = [];

beforeAll(async () => {
  desk = await makeDesk({ tools: { default: 'approve', approval: { wait_ms: 50 } } });
  desk.addIssues(1);
  const daemon = await desk.start();
  const agent = await desk.agent('PROJ-1');
  const manage = (body: string) =>
    agent.call('atlassian_jira_manage_issue', { issueKey: 'PROJ-1', action: 'add_comment', body });
  await agent.call('sortie_status');
  await agent.call('no_such_tool');
  const said = await manage('Some words');
  await decide(daemon, said.data.approval_id as string, { status: 'rejected', decisionNote: 'No.' });
  const { seq, hash } = await getJson<{ seq: number; hash: string }>(`${daemon.url}/api/v1/audit/head`);
  head = `${seq}:${hash}`;
  await askForTwelve(agent);
  const { id } = await waiting(daemon);
  await decide(daemon, id, { status: 'approved', modifiedDetails: { issueCount: 4, priority: 'Low' } });
  await applied(daemon, id);
  expect(await getJson(`${daemon.url}/api/v1/audit/verify`)).toMatchObject({ intact: true, problem: null });
  // Beside a running daemon, too.
  expect(await desk.run('audit', 'verify', '--head', head)).toMatchObject({ code: 0, stderr: '' });
  await daemon.stop();
  newest = (await desk.run('audit', 'head')).stdout.trim();
  exported = (await desk.run('audit', 'export')).stdout;
  lines = exported
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Line);
  writeFileSync(desk.folder.file('audit.jsonl'), exported);
});
afterAll(() => desk.close());

it('tells of every call, decision and write, by whom and by which rule', async () => {
  const told = (kind: string) => lines.filter((line) => line.kind === kind);
  expect(lines.map(({ seq }) => seq)).toEqual(lines.map((_, place) => place + 1));
  expect(told('tool_call').map(({ tool, answer }) => [tool, answer])).toEqual([
    ['sortie_status', 'ok'],
    ['no_such_tool', 'invalid_arguments'],
    ['atlassian_jira_manage_issue', 'ok'],
    ['atlassian_jira_create_issues', 'ok'],
  ]);
  const [, , , bulk] = told('tool_call');
  expect(bulk).toMatchObject({
    actor: 'agent',
    name: 'command',
    issue_identifier: 'PROJ-1',
    operation: 'create_issues',
    decision: 'approve',
    rule: 'default for writes',
    details: { priority: 'High' },
  });
  expect(told('approval_requested')).toHaveLength(2);
  expect(told('approval_decided')).toMatchObject([
    { actor: 'person', name: 'operator', decision: 'rejected', message: 'No.' },
    {
      actor: 'person',
      decision: 'approved',
      approval_id: bulk?.['approval_id'],
      details: { modifiedDetails: { issueCount: 4, priority: 'Low' } },
    },
  ]);
  // Four tickets for the run, and what the orchestrator moved itself; both by the daemon's hand.
  const ended = told('write_ended');
  const created = ended.filter(({ operation }) => operation === 'create_issue');
  expect(created).toHaveLength(4);
  for (const line of created)
    expect(line).toMatchObject({
      run_id: bulk?.['run_id'],
      approval_id: bulk?.['approval_id'],
      answer: 'ok',
    });
  expect(ended).toContainEqual(expect.objectContaining({ operation: 'transition_issue', answer: 'ok' }));
  expect(told('write_recorded').length).toBe(ended.length);
});

it('is intact as it is, and as it was exported, against heads that were kept', async () => {
  for (const args of [[], ['--head', head], ['--head', newest]]) {
    const verdict = await desk.run('audit', 'verify', ...args);
    expect(verdict).toMatchObject({ code: 0, stderr: '' });
    expect(verdict.stdout).toContain('intact');
    const file = await desk.run('audit', 'verify', '--file', 'audit.jsonl', ...args);
    expect(file.code).toBe(0);
    expect(file.stderr).toMatch(args.length === 0 ? /^warning: a cut end would not be seen/ : /^$/);
  }
});

describe('on a copy that somebody has been at', () => {
  /** The daemon is gone, and so is whatever it kept open. */
  async function onCopy(change: (folder: Folder) => void): Promise<Folder> {
    const copy = await makeFolder();
    for (const name of readdirSync(desk.folder.path)) {
      if (name === 'WORKFLOW.md' || /^\.sortie\.db(-wal|-shm|\.audit-head)?$/.test(name))
        copyFileSync(desk.folder.file(name), copy.file(name));
    }
    change(copy);
    return copy;
  }

  /** As somebody does who may write the file, and knows how to. */
  function forge(folder: Folder, ...statements: readonly string[]): void {
    const database = new DatabaseSync(folder.file('.sortie.db'));
    const triggers = database.prepare(`select name from sqlite_master where type = 'trigger'`).all();
    for (const { name } of triggers as { name: string }[]) database.exec(`drop trigger "${name}"`);
    for (const statement of statements) expect(database.prepare(statement).run().changes).toBeGreaterThan(0);
    database.close();
  }

  async function verdict(change: (folder: Folder) => void, ...args: readonly string[]) {
    const copy = await onCopy(change);
    try {
      const { code, stdout, stderr } = await copy.run(['audit', 'verify', ...args], {
        JIRA_LOGIN: 'a@b:c-d-e',
      });
      return { code, said: `${stdout}${stderr}` };
    } finally {
      await copy.close();
    }
  }
  const withoutFile = (folder: Folder) => rmSync(folder.file('.sortie.db.audit-head'));

  it('is intact when nobody was', async () => {
    expect(await verdict(() => undefined)).toMatchObject({ code: 0 });
    expect(await verdict(() => undefined, '--head', newest)).toMatchObject({ code: 0 });
  });

  it.each([
    ['the first', 1],
    ['one in the middle', 4],
  ])('shows one changed byte of %s', async (_, seq) => {
    const change = `update audit set line = replace(line, '"prev"', '"prew"') where seq = ${seq}`;
    const { code, said } = await verdict((folder) => forge(folder, change));
    expect([code, said]).toEqual([1, expect.stringMatching(new RegExp(`\\b${seq}\\b`)) as string]);
  });

  it('shows an entry whose hash was made to fit', async () => {
    const line = `replace(line, 'operator', 'somebody')`;
    const forged = lines.findIndex(({ kind }) => kind === 'approval_decided') + 1;
    const { code, said } = await verdict((folder) => {
      forge(folder, `update audit set line = ${line} where seq = ${forged}`);
      const database = new DatabaseSync(folder.file('.sortie.db'));
      const row = database.prepare(`select line from audit where seq = ${forged}`).get() as { line: string };
      const hash = createHash('sha256').update(row.line).digest('hex');
      database.prepare('update audit set hash = ? where seq = ?').run(hash, forged);
      database.close();
    });
    expect([code, said]).toEqual([
      1,
      expect.stringContaining(`entry ${forged + 1} does not follow ${forged}`) as string,
    ]);
  });

  it('shows a missing entry, the last one and all of them', async () => {
    const last = lines.length;
    const middle = await verdict((folder) => forge(folder, 'delete from audit where seq = 5'));
    expect([middle.code, middle.said]).toEqual([1, expect.stringContaining('5 is missing') as string]);
    const cut = (folder: Folder) => forge(folder, `delete from audit where seq = ${last}`);
    const end = await verdict(cut);
    expect([end.code, end.said]).toEqual([1, expect.stringContaining(`ends with ${last - 1}`) as string]);
    const all = await verdict((folder) => forge(folder, 'delete from audit'));
    expect([all.code, all.said]).toEqual([1, expect.stringContaining(`ends with 0`) as string]);
    for (const forged of [cut, (folder: Folder) => forge(folder, 'delete from audit')]) {
      const gone = await verdict((folder) => {
        forged(folder);
        withoutFile(folder);
      });
      expect(gone.code, gone.said).toBe(1);
      const kept = await verdict(
        (folder) => {
          forged(folder);
          withoutFile(folder);
        },
        '--head',
        newest,
      );
      expect(kept.code, kept.said).toBe(1);
    }
  });

  it('shows that the whole database is gone', async () => {
    const gone = (folder: Folder) => {
      for (const name of readdirSync(folder.path)) {
        if (/^\.sortie\.db(-wal|-shm)?$/.test(name)) rmSync(folder.file(name));
      }
    };
    const beside = await verdict(gone);
    expect([beside.code, beside.said]).toEqual([1, expect.stringContaining(MISSING) as string]);
    const both = await verdict(
      (folder) => {
        gone(folder);
        withoutFile(folder);
      },
      '--head',
      newest,
    );
    expect([both.code, both.said]).toEqual([1, expect.stringContaining(MISSING) as string]);
  });

  it.each([
    ['changed by a byte', (text: string) => text.replace('Some words', 'Some Words')],
    ['without its last line', (text: string) => text.trimEnd().replace(/\n[^\n]*$/, '\n')],
    ['without one in the middle', (text: string) => text.replace(/\n[^\n]*\n/, '\n')],
    ['emptied', () => ''],
  ])('shows an export that was %s', async (_, change) => {
    const forged = change(exported);
    expect(forged).not.toBe(exported);
    writeFileSync(desk.folder.file('forged.jsonl'), forged);
    const { code, stdout, stderr } = await desk.run(
      'audit',
      'verify',
      '--file',
      'forged.jsonl',
      '--head',
      newest,
    );
    expect([code, `${stdout}${stderr}`]).toEqual([1, expect.stringMatching(/\w/) as string]);
  });

  it.each([
    ['whose end was cut', (folder: Folder) => forge(folder, `delete from audit where seq = ${lines.length}`)],
    [
      'that is gone with its head file',
      (folder: Folder) => {
        forge(folder, 'delete from audit');
        withoutFile(folder);
      },
    ],
  ])('is told of a log %s by the next daemon, too, and stays told', async (_, change) => {
    const copy = await onCopy(change);
    try {
      const program = copy.start(['--port', '0'], { JIRA_LOGIN: 'bot@example.com:secret-token' });
      await until('its word', () => program.stderr().includes('audit log is not what its head says'));
      program.child.kill('SIGTERM');
      await program.exit;
      const { code, stdout, stderr } = await copy.run(['audit', 'verify'], { JIRA_LOGIN: 'a@b:c-d-e' });
      expect([code, `${stdout}${stderr}`]).toEqual([
        1,
        expect.stringContaining('what its head said') as string,
      ]);
    } finally {
      await copy.close();
    }
  });
});

it('leaves the head beside the database when the daemon has ended', () => {
  const kept = readFileSync(desk.folder.file('.sortie.db.audit-head'), 'utf8');
  expect(kept).toContain(newest.split(':')[1]);
});
