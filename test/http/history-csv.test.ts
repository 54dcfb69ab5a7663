// GET /api/v1/history.csv: every run that fits the filters, a page at a time, and nothing that a spreadsheet would run.
import { request } from 'undici';
import { describe, expect, it } from 'vitest';
import { historyRun, pastRuns } from './fake-daemon.ts';
import { listeningServer, testServer } from './start-server.ts';

/** RFC 4180, by hand: the writer must not be its own reader. */
function parse(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  const cell = /"((?:[^"]|"")*)"(,|\r\n|$)|([^",\r\n]*)(,|\r\n|$)/y;
  while (cell.lastIndex < text.length) {
    const match = cell.exec(text);
    if (match === null) throw new Error('no CSV');
    row.push(match[1]?.replaceAll('""', '"') ?? match[3] ?? '');
    if ((match[2] ?? match[4]) === ',') continue;
    rows.push(row);
    row = [];
  }
  return rows;
}

describe('the history as CSV', () => {
  it('has a header, all runs and the headers of a download', async () => {
    const { server, daemon } = testServer();
    daemon.runs = [
      historyRun(),
      historyRun({ runId: 'second', costUsd: null, status: 'failed', error: 'x' }),
    ];
    const answer = await server.inject('/api/v1/history.csv');
    expect(answer.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="sortie-history-2026-11-22.csv"',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    });
    const [names = [], first = [], second = []] = parse(answer.body);
    const cell = (row: string[], name: string): string | undefined => row[names.indexOf(name)];
    expect(names.slice(0, 4)).toEqual(['run_id', 'issue_id', 'issue_identifier', 'title']);
    expect(cell(first, 'labels')).toBe('backend money');
    expect(cell(first, 'seconds_running')).toBe('300');
    expect(cell(first, 'total_tokens')).toBe('101000');
    expect(cell(first, 'cost_estimated')).toBe('false');
    expect([cell(second, 'run_id'), cell(second, 'cost_usd'), cell(second, 'error')]).toEqual([
      'second',
      '',
      'x',
    ]);
  });

  it('is read page by page, with the filters of the history', async () => {
    const { server, daemon } = testServer();
    daemon.runs = Array.from({ length: 1_201 }, (_, index) => historyRun({ runId: `run-${index}` }));
    const answer = await server.inject('/api/v1/history.csv?status=succeeded&since=-7d&text=round');
    const rows = parse(answer.body);
    expect(rows.slice(1).map(([id]) => id)).toEqual(daemon.runs.map(({ runId }) => runId));
    expect(daemon.queries).toHaveLength(3);
    for (const query of daemon.queries)
      expect(query).toMatchObject({ status: 'succeeded', text: 'round', limit: 500 });
  });

  it.each([
    '=HYPERLINK("https://attacker.example")',
    '+1+cmd|x',
    '-2+3',
    '@SUM(A1)',
    '\t=1',
    '\r=1',
    '  =1',
    '\n@x',
    '＝1',
  ])('makes text of the formula %j', async (title) => {
    const { server, daemon } = testServer();
    daemon.runs = [historyRun({ title })];
    const [, row = []] = parse((await server.inject('/api/v1/history.csv')).body);
    expect(row[3]).toBe(`'${title}`);
  });

  it('says how long a run was worked on, without the time that the daemon was down', async () => {
    const { server, daemon } = testServer();
    daemon.runs = [historyRun({ secondsRunning: 12.5 })];
    const [names = [], row = []] = parse((await server.inject('/api/v1/history.csv')).body);
    expect(row[names.indexOf('seconds_running')]).toBe('12.5');
  });

  it('has every cell in quotes: another sign than the comma parts nothing', async () => {
    const { server, daemon } = testServer();
    daemon.runs = [historyRun({ title: 'a;=1\t=2', issueState: '', costUsd: null })];
    for (const line of (await server.inject('/api/v1/history.csv')).body.trimEnd().split('\r\n')) {
      expect(line).toMatch(/^"[^"]*"(,"[^"]*")*$/);
    }
  });

  it('keeps quotes, commas and lines inside of their cell', async () => {
    const { server, daemon } = testServer();
    const title = 'a "b", c\r\nd;e\nf';
    daemon.runs = [historyRun({ title })];
    const rows = parse((await server.inject('/api/v1/history.csv')).body);
    expect([rows.length, rows[1]?.[3]]).toEqual([2, title]);
  });

  it('shows no secret', async () => {
    const { server, daemon } = testServer({ redact: (text) => text.replaceAll('hunter2', '[redacted]') });
    daemon.runs = [historyRun({ title: 'hunter2', error: 'hunter2', issueLabels: ['hunter2'] })];
    expect((await server.inject('/api/v1/history.csv')).body).not.toContain('hunter2');
  });

  it.each(['limit=5', 'cursor=1', 'since=soon', 'stauts=failed'])('refuses %s', async (query) => {
    const { server } = testServer();
    const answer = await server.inject(`/api/v1/history.csv?${query}`);
    expect([answer.statusCode, answer.headers['content-type']]).toEqual([
      400,
      'application/json; charset=utf-8',
    ]);
  });

  it('is an error answer when the store fails at once, and a cut connection when it fails later', async () => {
    const { url, daemon } = await listeningServer();
    const { history } = daemon.store;
    daemon.runs = Array.from({ length: 600 }, () => historyRun());
    daemon.store.history = () => Promise.reject(new Error('broken'));
    const early = await request(`${url}/api/v1/history.csv`);
    expect(early.statusCode).toBe(500);
    await early.body.dump();
    daemon.store.history = (query) =>
      query.cursor === undefined ? history(query) : Promise.reject(new Error('broken'));
    const late = await request(`${url}/api/v1/history.csv`);
    await expect(late.body.text()).rejects.toThrow();
  });

  it('gives its place among the streams back, read to the end or not', async () => {
    const { url, daemon } = await listeningServer();
    for (let round = 0; round < 300; round += 1) {
      // Much only where it is not read: writing it all each time proves nothing more.
      daemon.runs = round % 10 === 0 ? pastRuns() : [historyRun()];
      const answer = await request(`${url}/api/v1/history.csv`);
      expect(answer.statusCode).toBe(200);
      if (round % 10 === 0) answer.body.on('error', () => undefined).destroy();
      else await answer.body.dump();
    }
  });

  it('reads no further than the client does', async () => {
    const { url, daemon } = await listeningServer();
    let pages = 0;
    daemon.store.history = async () => {
      pages += 1;
      return { runs: Array.from({ length: 500 }, () => historyRun()), nextCursor: '1' };
    };
    const { body } = await request(`${url}/api/v1/history.csv`);
    let before = -1;
    await expect
      .poll(
        () => {
          const stopped = pages === before;
          before = pages;
          return stopped;
        },
        { interval: 300 },
      )
      .toBe(true);
    expect(pages).toBeLessThan(200);
    body.on('error', () => undefined).destroy();
  });
});
