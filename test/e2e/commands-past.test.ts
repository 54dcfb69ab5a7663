// The past on the command line: ended runs from the daemon, figures from its database, beside it and without it. Figures
// and runs are of the same store, so they must agree.

import { cp, readFile, rm } from 'node:fs/promises';
import { afterEach, expect, it } from 'vitest';
import { makeStage, type Stage } from './commands-stage.ts';
import { makeIssue, until } from './program.ts';

let stage: Stage;
afterEach(async () => {
  await stage.close();
});

interface Runs {
  readonly runs: readonly {
    readonly issue_identifier: string;
    readonly status: string;
    readonly tokens: { readonly total_tokens: number };
  }[];
  readonly next_cursor: string | null;
}
interface Figures {
  readonly runs: number;
  readonly by_status: Readonly<Record<string, number>>;
  readonly tokens: { readonly total_tokens: number };
}
interface Stats {
  readonly total: Figures | null;
  readonly by_day: readonly (Figures & { readonly day: string })[];
  readonly by_agent: readonly (Figures & { readonly agent_kind: string })[];
  readonly by_label: readonly (Figures & { readonly label: string })[];
}

it('is filtered, added up, and read without a daemon', { timeout: 180_000 }, async () => {
  stage = await makeStage({ mock: { turn_ms: 60, by_issue: { 'E2E-2': { fail_first: 1 } } } }, [
    makeIssue(1, { labels: ['bug', 'shop'] }),
    makeIssue(2, { labels: ['bug'], title: 'Größe 漢字' }),
    makeIssue(3),
  ]);
  await stage.start();
  await until('all to be done', async () =>
    (await stage.folder.issues()).every(({ state }) => state === 'In Review'),
  );
  const { runs } = await stage.json<Runs>('history');
  expect(runs.map((run) => `${run.issue_identifier} ${run.status}`).sort()).toEqual([
    'E2E-1 succeeded',
    'E2E-2 failed',
    'E2E-2 succeeded',
    'E2E-3 succeeded',
  ]);

  const found = async (...filter: string[]): Promise<string[]> =>
    (await stage.json<Runs>('history', ...filter)).runs.map((run) => run.issue_identifier).sort();
  expect(await found('--status', 'failed')).toEqual(['E2E-2']);
  expect(await found('--issue', 'e2e-1')).toEqual(['E2E-1']);
  expect(await found('--text', '漢字', '--agent', 'mock')).toEqual(['E2E-2', 'E2E-2']);
  expect(await found('--since', '1h', '--state', 'to do')).toHaveLength(4);
  expect(await found('--until', '-1h')).toEqual([]);
  const page = await stage.json<Runs>('history', '--limit', '3');
  expect([page.runs.length, page.next_cursor === null]).toEqual([3, false]);
  expect(await stage.ok('history', '--status', 'stalled')).toBe('no runs\n');
  expect((await stage.ok('history')).split('\n')).toHaveLength(6);
  expect(await stage.refused('history', '--since', 'yesterday')).toContain('expected a time such as');
  expect(await stage.refused('history', '--status', 'fine')).toContain('Allowed choices are succeeded');
  expect(await stage.refused('history', '--limit', '0')).toContain('expected a number from 1');

  const beside = await stage.json<Stats>('stats');
  await stage.stop();
  const stats = await stage.json<Stats>('stats', '--since', '-1d');
  expect(stats.total).toEqual(beside.total);
  expect(stats.total).toMatchObject({
    runs: 4,
    by_status: { succeeded: 3, failed: 1 },
    tokens: { total_tokens: runs.reduce((sum, run) => sum + run.tokens.total_tokens, 0) },
  });
  expect(stats.by_day.reduce((sum, day) => sum + day.runs, 0)).toBe(4);
  expect(stats.by_agent).toMatchObject([{ agent_kind: 'mock', runs: 4 }]);
  expect(Object.fromEntries(stats.by_label.map(({ label, runs: count }) => [label, count]))).toEqual({
    bug: 3,
    shop: 1,
    '': 1,
  });
  const text = await stage.ok('stats', '--since', '2026-01-01');
  expect(text).toMatch(/^ALL +RUNS +SUCCESS /m);
  expect(text).toMatch(/^all +4 +75% /m);
  expect(text).toMatch(/^bug +3 +67% .* 1 failed$/m);
  expect(text).toMatch(/^\(none\) +1 +100% /m);
  expect(await stage.ok('stats', '--since', '2020-01-01', '--until', '2020-02-01')).toContain(
    'no run ended from',
  );
  expect(await stage.refused('stats', '--since', '1d', '--until', '2d')).toContain(
    '--until must lie after --since',
  );
  expect(await stage.refused('history')).toMatch(/^no daemon answers at http:.*start one with/);
});

it('says in one line why there are no figures, and makes nothing', { timeout: 180_000 }, async () => {
  stage = await makeStage({ file: { seed: './seed.json' } }, [makeIssue(1, { state: 'Done' })]);
  const { folder } = stage;
  expect(await stage.refused('stats')).toMatch(/\.sortie\.db: there is no such file: start the daemon once/);
  await stage.start();
  await stage.stop();
  await cp(folder.file('issues.json'), folder.file('seed.json'));
  await rm(folder.file('issues.json'));
  expect(await stage.ok('stats')).toContain('no run ended from');
  // A seed is copied by the daemon alone.
  await expect(folder.issues()).rejects.toThrow('ENOENT');
  const workflow = await readFile(folder.file('WORKFLOW.md'), 'utf8');
  await folder.write('OTHER.md', workflow.replace('./issues.json', './other.json'));
  expect(await stage.refused('stats', '--workflow', 'OTHER.md')).toMatch(
    /^store: unreadable: .*: it holds nothing of file .*other\.json, only of file .*issues\.json/,
  );
  expect(await stage.refused('stats', '--workflow', 'GONE.md')).toContain('GONE.md');
  await folder.write('not.db', 'text');
  const text = await stage.sortie(['stats'], { SORTIE_DB_PATH: folder.file('not.db') });
  expect(text).toMatchObject({ code: 1, stdout: '' });
  expect(text.stderr).toMatch(/^error: store: unreadable: [^\n]*not an SQLite database[^\n]*\n$/);
});
