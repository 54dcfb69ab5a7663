// `sortie approvals` over a real server: what is listed and shown, deciding with changes, and every refusal in one line.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { main } from '../../src/cli/approvals.ts';
import { changeLines, type ShownApproval } from '../../src/cli/approval-text.ts';
import { BULK_ID, COMMENT_ID, DECIDED_ID, MOVE_ID, proposal } from '../http/fake-proposals.ts';
import { NOW_MS } from '../http/fake-state.ts';
import { listeningServer } from '../http/start-server.ts';
import { ANNA, BEN, settingsWith } from '../http/users.ts';
import { runCommand, type Printed } from './run-command.ts';

const folder = mkdtempSync(join(tmpdir(), 'sortie-cli-approvals-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function stage(over: Parameters<typeof listeningServer>[0] = {}) {
  const made = await listeningServer(over);
  const { tools } = made.daemon;
  const sortie = (...args: string[]): Promise<Printed> => runCommand(main, [...args, '--url', made.url]);
  return { ...made, tools, sortie };
}

function tokenFile(token: string): string[] {
  const path = join(folder, `token-${token.slice(0, 3)}`);
  writeFileSync(path, `${token}\n`, { mode: 0o600 });
  return ['--token-file', path];
}

const good = { code: 0, stderr: '' };

describe('sortie approvals', () => {
  it('lists what waits, or all, or those of one issue', async () => {
    const { sortie } = await stage();
    const pending = await sortie();
    expect(pending).toMatchObject(good);
    const [head, ...rows] = pending.stdout.trimEnd().split('\n');
    expect(head).toMatch(/^ID {8}STATUS {3}ISSUE {4}GROUP {2}ASKED .*LEFT .*BY +WHAT$/);
    expect(rows).toHaveLength(3);
    expect(rows[0]).toMatch(/^0b4f1c2e {2}pending {2}SHOP-42 {2}leads .*Create 12 issues \(Bug\) in SHOP$/);
    expect((await sortie('list', '--all')).stdout.split('\n')).toHaveLength(7);
    expect((await sortie('--issue', 'shop-57')).stdout).toContain(COMMENT_ID.slice(0, 8));
    expect((await sortie('--issue', 'NOPE-1')).stdout).toBe('nothing waits for a decision\n');
    expect((await sortie('--all', '--limit', '2')).stdout).toMatch(/there are more: --limit\n$/);
  });

  it('gives scripts the API’s answer', async () => {
    const { sortie } = await stage();
    for (const flags of [['--json'], ['--format', 'json']]) {
      const { approvals } = JSON.parse((await sortie(...flags)).stdout) as { approvals: ShownApproval[] };
      expect(approvals.map(({ id }) => id)).toEqual([BULK_ID, MOVE_ID, COMMENT_ID]);
    }
    const shown = JSON.parse((await sortie('show', MOVE_ID, '--format', 'json')).stdout) as ShownApproval;
    expect(shown.details).toEqual({ issueKey: 'SHOP-42', to: 'Done' });
  });

  it('shows what would change, field by field', async () => {
    const { sortie } = await stage();
    const { stdout } = await sortie('show', '2D6F');
    expect(stdout).toBe(
      [
        `${COMMENT_ID}: pending`,
        '  update_issue: Set priority, labels and description of SHOP-57',
        '  asked by the run 7a6f8f5e-0f5e-4b0e-9d53-4a4e5f0c2d11 of SHOP-57 at 2026-11-22T09:28:00.000Z',
        '  because of default for writes; decided by anybody',
        '  expires at 2026-11-23T09:24:00.000Z',
        '',
        '  issueKey     SHOP-57',
        '  priority     Medium → Low',
        '  labels       import → import, suppliers',
        '  description:',
        '    - Why?',
        '    + Skip such lines.',
        '',
      ].join('\n'),
    );
    expect((await sortie('show', MOVE_ID)).stdout).toContain('  to        In Progress → Done\n');
    expect((await sortie('show', DECIDED_ID)).stdout).toMatch(
      /approved by anna at 2026-11-22T08:50.*\n {2}note: said how many\n {2}done: commented \(SHOP-31\)\n/,
    );
    const bulk = (await sortie('show', BULK_ID)).stdout;
    expect(bulk).toMatch(/issues\.11\.summary +Timeout in the nightly import, part 12\n/);
  });

  it('approves with changes: 12 tickets become 4 of another priority', async () => {
    const { sortie, tools } = await stage();
    const args = ['--set', 'issueCount=4', '--set', 'priority=Medium', '--note', 'four will do'];
    const { stdout, ...rest } = await sortie('approve', BULK_ID.slice(0, 6), ...args);
    expect(rest).toEqual(good);
    expect(stdout).toMatch(/^approved as operator: Create 12 issues/);
    expect(stdout).toMatch(/ {2}priority +Medium {2}\(asked for: High\)\n/);
    expect(stdout).toMatch(/ {2}issueCount +4 {2}\(asked for: 12\)\n/);
    expect(stdout).toMatch(/ {2}applying: on its way\n$/);
    expect(tools.decisions).toEqual([
      {
        id: BULK_ID,
        person: { name: 'operator', groups: null },
        modified: { issueCount: 4, priority: 'Medium' },
        note: 'four will do',
      },
    ]);
  });

  it('takes changes from a file, and those of the command line after them', async () => {
    const { sortie, tools } = await stage();
    const edit = join(folder, 'edit.json');
    writeFileSync(edit, JSON.stringify({ priority: 'High', labels: null, description: 'Other.' }));
    await sortie('approve', COMMENT_ID, '--edit', edit, '--set', 'priority=Highest');
    expect(tools.decisions[0]?.modified).toEqual({
      priority: 'Highest',
      labels: null,
      description: 'Other.',
    });
  });

  it('sends no changes that are none', async () => {
    const { sortie, tools } = await stage();
    await sortie('approve', MOVE_ID, '--set', 'to=Done');
    await sortie('reject', COMMENT_ID, '--note', 'not now');
    expect(tools.decisions.map(({ modified }) => modified)).toEqual([{}, {}]);
    expect(tools.proposals.map(({ status }) => status)).toEqual([
      'pending',
      'approved',
      'rejected',
      'approved',
      'expired',
    ]);
  });

  it('decides as the user whose token it is sent', async () => {
    const { sortie } = await stage({ settings: settingsWith() });
    const refused = await sortie('approve', BULK_ID);
    expect(refused).toMatchObject({ code: 1, stdout: '' });
    expect(refused.stderr).toBe('error: operator is not in the group leads\n');
    expect((await sortie('show', BULK_ID, ...tokenFile(BEN.token))).stdout).toContain(
      '; you may not decide it\n',
    );
    const wrong = await sortie('approve', BULK_ID, ...tokenFile('wrong-token-of-nobody'));
    expect(wrong.stderr).toMatch(
      /refuses the token that it was sent: set SORTIE_SERVER_TOKEN to its server.token or to your own\n$/,
    );
    expect(wrong.stderr).not.toContain('wrong-token');
    const told = await sortie('approve', BULK_ID, ...tokenFile(ANNA.token));
    expect(told.stdout).toMatch(/^approved as anna: /);
    const late = await sortie('reject', BULK_ID, ...tokenFile(ANNA.token));
    expect([late.code, late.stderr]).toEqual([
      1,
      'error: it is approved already, by anna at 2026-11-22T09:30:00.000Z\n',
    ]);
  });

  it.each([
    ['frobnicate'],
    ['show'],
    ['show', 'xyz'],
    ['show', '0b4'],
    ['approve', MOVE_ID, '--set', 'to'],
    ['approve', MOVE_ID, '--set', '__proto__.to=Done'],
    ['approve', MOVE_ID, '--edit', '/nowhere/edit.json'],
    ['reject', MOVE_ID, '--set', 'to=Done'],
    ['approve', MOVE_ID, 'and', 'more'],
    ['list', '--format', 'yaml'],
    ['--limit', '0'],
  ])('refuses %j %j %j %j in one line, and decides nothing', async (...args) => {
    const { sortie, tools } = await stage();
    const { code, stdout, stderr } = await sortie(...args);
    expect([code, stdout, tools.decisions]).toEqual([1, '', []]);
    expect(stderr).toMatch(/^error: args: [^\n]+\n$/);
  });

  it('says of a beginning that fits none, or several', async () => {
    const { sortie, tools } = await stage();
    expect((await sortie('show', 'ffff')).stderr).toMatch(/^error: no proposal begins with ffff/);
    tools.proposals = [proposal(), proposal({ id: MOVE_ID.replace(/1$/, '2') })];
    const { stderr } = await sortie('approve', MOVE_ID.slice(0, 8));
    expect(stderr).toMatch(/^error: 2 proposals begin with 1c5e2d3f: .*; write more of it\n$/);
    expect((await sortie('approve', MOVE_ID)).code).toBe(0);
  });

  it('prints nothing that a terminal obeys', async () => {
    const { sortie, tools } = await stage();
    const hostile = 'a\u001b]0;owned\u0007\n\u202eb';
    tools.proposals = [
      proposal({
        summary: hostile,
        details: { [`x${hostile}`]: hostile, body: `${hostile}\u009b2J` },
        rule: hostile,
        before: { atMs: NOW_MS, state: hostile, updatedAt: '', fields: { body: hostile } },
        decisionNote: hostile,
      }),
    ];
    for (const args of [[], ['show', MOVE_ID], ['show', MOVE_ID, '--json'], ['reject', MOVE_ID]]) {
      const { code, stdout } = await sortie(...args);
      expect(code).toBe(0);
      // eslint-disable-next-line no-control-regex -- these are what is looked for
      expect(stdout).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202a-\u202e]/);
    }
  });

  it('has help for all of it and for each', async () => {
    const { sortie } = await stage();
    for (const args of [['--help'], ['-h']]) {
      const { stdout, ...rest } = await sortie(...args);
      expect(rest).toEqual(good);
      for (const word of ['list', 'show', 'approve', 'reject']) expect(stdout).toContain(`  ${word} `);
    }
    expect((await sortie('approve', '--help')).stdout).toContain('--edit <file.json>');
  });
});

describe('what a person made of it', () => {
  const shown = (over: Partial<ShownApproval>): ShownApproval => ({
    id: '',
    action: 'update_issue',
    summary: '',
    details: {},
    before: null,
    status: 'approved',
    group: '',
    rule: '',
    run_id: '',
    issue_identifier: '',
    requested_at: '',
    expires_at: '',
    decided_by: null,
    decided_at: null,
    modifiedDetails: null,
    decisionNote: '',
    result: null,
    may_decide: false,
    ...over,
  });

  it('stands beside what was there and what was asked for', () => {
    const lines = changeLines(
      shown({
        details: { priority: 'High', labels: ['a'], assignee: 'x', text: 'one\ntwo', same: 'S', estimate: 5 },
        before: { state: '', fields: { priority: 'Low', labels: [], assignee: null, same: 'S' } },
        modifiedDetails: { priority: 'Medium', assignee: null, text: 'one\nthree', more: { deep: true } },
      }),
    );
    expect(lines).toEqual([
      'priority   Low → Medium  (asked for: High)',
      'labels     (none) → a',
      'assignee   (none) → (left out)  (asked for: x)',
      'text:',
      '  ? one',
      '  ? two',
      '  + one',
      '  + three',
      'same       S  (as it is)',
      'estimate   5',
      'more.deep  true  (asked for: nothing)',
    ]);
  });
});
