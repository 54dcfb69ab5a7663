// `sortie outbox`, `sortie tools` and `sortie explain --operation` over a real server.
import { describe, expect, it } from 'vitest';
import { main as explain } from '../../src/cli/explain.ts';
import { main as outbox } from '../../src/cli/outbox.ts';
import { main as status } from '../../src/cli/status.ts';
import { main as tools } from '../../src/cli/tools.ts';
import type { Main } from '../../src/cli/commands.ts';
import { outboxWrite } from '../http/fake-proposals.ts';
import { listeningServer } from '../http/start-server.ts';
import { runCommand } from './run-command.ts';

async function stage() {
  const { url, daemon } = await listeningServer();
  return { daemon, run: (main: Main, ...args: string[]) => runCommand(main, [...args, '--url', url]) };
}

describe('sortie outbox', () => {
  it('prints what waits and why', async () => {
    const { run } = await stage();
    const { code, stdout, stderr } = await run(outbox);
    expect([code, stderr]).toEqual([0, '']);
    const [head, first, second] = stdout.split('\n');
    expect(head).toMatch(/^ASKED +STATUS +ISSUE +BY +WRITE +SAYS +TRIES +DUE +WHY$/);
    expect(first).toMatch(
      /waiting +SHOP-42 +agent +add_comment +The voucher is kept now; the te… +1 .*503; sent again/,
    );
    expect(second).toMatch(/unsure +SHOP-57 +sortie +transition_issue +to In Review .*looked up first$/);
    expect((await run(outbox, '--all', '--issue', 'shop-57')).stdout.trimEnd().split('\n')).toHaveLength(3);
    expect((await run(outbox, '--issue', 'NOPE-1')).stdout).toBe('no writes\n');
  });

  it('reads page by page up to the limit, and says that there are more', async () => {
    const { run, daemon } = await stage();
    daemon.tools.writes = Array.from({ length: 1_203 }, (_, seq) => outboxWrite({ seq }));
    const { writes, next_cursor } = JSON.parse((await run(outbox, '--limit', '1100', '--json')).stdout) as {
      writes: unknown[];
      next_cursor: string;
    };
    expect([writes.length, next_cursor]).toEqual([1_100, '1100']);
    expect((await run(outbox)).stdout).toMatch(/there are more: --limit\n$/);
    expect((await run(outbox, '--limit', '2000')).stdout.split('\n')).toHaveLength(1_205);
  });
});

describe('sortie tools', () => {
  it('prints tools, rules and defaults', async () => {
    const { run } = await stage();
    const { code, stdout } = await run(tools);
    expect(code).toBe(0);
    expect(stdout).toContain(
      'at http://127.0.0.1:41877/mcp\nprojects: SHOP\nnames of the site: read at 2026-',
    );
    expect(stdout).toMatch(/\ntracker_api +Tracker +fetch_issue, transition_issue\n/);
    expect(stdout).toMatch(/\n1 \(bulk\) +approve +leads +create_issues +priority: high or highest\n/);
    expect(stdout).toMatch(/\n2 +deny +5\/run +transition_issue +to: done\n/);
    expect(stdout).toMatch(/\nreads +allow .*\nwrites +approve /);
  });

  it('says that they are off, and reads the site’s names anew', async () => {
    const { run, daemon } = await stage();
    expect(await run(tools, '--refresh')).toMatchObject({ code: 0, stdout: '2 projects, 3 issue types\n' });
    daemon.tools.refreshed = { ok: false, message: 'tracker: 503' };
    expect(await run(tools, '--refresh')).toMatchObject({ code: 1, stdout: 'tracker: 503\n' });
    daemon.tools.shown = {
      ...daemon.tools.shown,
      settings: { ...daemon.tools.shown.settings, enabled: false },
    };
    expect((await run(tools)).stdout).toBe('agents get no tools: tools.enabled is false\n');
  });
});

describe('sortie explain --operation', () => {
  it('says what the policy would say, and by which rule', async () => {
    const { run, daemon } = await stage();
    const args = [
      'SHOP-42',
      '--operation',
      'transition_issue',
      '--set',
      'to=Done',
      '--set',
      'issueKey=SHOP-42',
    ];
    const { code, stdout } = await run(explain, ...args);
    expect([code, stdout]).toEqual([
      0,
      'transition_issue by a run of SHOP-42: approve\n' +
        '  done when a person has approved it, by rule 1 (leads)\n' +
        '  decided by the group leads\n',
    ]);
    expect(daemon.tools.questions).toEqual([
      {
        operation: 'transition_issue',
        details: { to: 'Done', issueKey: 'SHOP-42' },
        issueIdentifier: 'SHOP-42',
      },
    ]);
    daemon.tools.policy = {
      decision: 'allow',
      rule: 'rule 2',
      ruleNumber: 2,
      group: '',
      limitExceeded: { count: 5, per: 'day' },
    };
    expect((await run(explain, ...args)).stdout).toMatch(
      /allow\n.*\n {2}refused for now: its limit of 5\/day is used up\n$/,
    );
    expect(JSON.parse((await run(explain, ...args, '--json')).stdout)).toMatchObject({
      limit_exceeded: '5/day',
    });
  });

  it.each([
    ['a word that is near', ['--operation', 'add_coment'], 'did you mean add_comment?'],
    ['no operation', ['--operation', 'drop_tables_now'], 'expected one of fetch_issue, '],
    ['details without one', ['--set', 'to=Done'], 'name it with --operation'],
  ])('refuses %s', async (_, args, words) => {
    const { run } = await stage();
    const { code, stdout, stderr } = await run(explain, 'SHOP-42', ...args);
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^error: args: [^\n]+\n$/);
    expect(stderr).toContain(words);
  });

  it('is still what keeps an issue from running without one', async () => {
    const { run } = await stage();
    expect((await run(explain, 'SHOP-42')).stdout).toMatch(/^SHOP-42: running\n/);
  });
});

it('sortie status says how many proposals wait', async () => {
  const { run, daemon } = await stage();
  expect((await run(status)).stdout).toContain('! 3 proposals of agents to decide: sortie approvals\n');
  daemon.tools.proposals = [];
  daemon.tools.change();
  expect((await run(status)).stdout).not.toContain('proposal');
});
