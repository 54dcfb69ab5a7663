// Filters of history by agent, state, text and time, alone and together: the runs of a plain filter, in pages of any
// size, in slices of any size.
import fc from 'fast-check';
import { sql } from 'kysely';
import { expect, test } from 'vitest';
import {
  RUN_STATUSES,
  type HistoryQuery,
  type HistoryRun,
  type StoreWrite,
} from '../../src/contract/store.ts';
import type { SqliteStore } from '../../src/store/index.ts';
import { searchHistory, searchStatement } from '../../src/store/search-history.ts';
import { runEnded, runStarted } from './rows.ts';
import { openBelow, openInFolder } from './store-folder.ts';

async function allPages(store: SqliteStore, query: HistoryQuery): Promise<HistoryRun[]> {
  const seen: HistoryRun[] = [];
  let cursor: string | null | undefined;
  while (cursor !== null) {
    const page = await store.history({ ...query, cursor });
    expect(page.runs.length).toBeLessThanOrEqual(query.limit);
    seen.push(...page.runs);
    cursor = page.nextCursor;
  }
  return seen;
}

const ids = (runs: readonly HistoryRun[]): string[] => runs.map(({ runId }) => runId);

interface Facts {
  readonly title?: string;
  readonly identifier?: string;
  readonly error?: string;
}

async function openWith(runs: Readonly<Record<string, Facts>>): Promise<SqliteStore> {
  const store = await openInFolder();
  const writes = Object.entries(runs).flatMap(([runId, { error = '', ...facts }]): StoreWrite[] => [
    runStarted(runId, facts),
    runEnded(runId, { error }),
  ]);
  await store.apply(writes);
  return store;
}

test.for(['%', '_', '\\', '100%', "it's", '"', '*', '?', '[a]', 'a_b'])(
  'the text %s is looked for as it is',
  async (text) => {
    const store = await openWith({
      title: { title: `x${text}y` },
      error: { error: `x${text.toUpperCase()}y` },
      identifier: { identifier: text },
      other: { title: 'xaab 100 its', error: 'a-b' },
    });
    expect(ids(await allPages(store, { limit: 10, text })).sort()).toEqual(['error', 'identifier', 'title']);
  },
);

test('case makes no difference in any script, also where a word is cut; fields are not run together', async () => {
  const store = await openWith({
    umlaut: { title: 'PREISÄNDERUNG' },
    greek: { error: 'ΟΔΟΣ' },
    kelvin: { identifier: 'ЗАДАЧА-1' },
  });
  const found = async (text: string): Promise<string[]> => ids(await allPages(store, { limit: 10, text }));
  expect(await found('preisä')).toEqual(['umlaut']);
  expect(await found('Όδος')).toEqual([]);
  expect(await found('οδοσ')).toEqual(['greek']);
  expect(await found('ΔΟς')).toEqual(['greek']);
  expect(await found('задача')).toEqual(['kelvin']);
  expect(await found('ЗАДАЧА-1A title')).toEqual([]);
  expect(await found('')).toHaveLength(3);
});

test('the state as of the dispatch is compared without case, the agent as it is, times from and up to', async () => {
  const store = await openInFolder();
  await store.apply([
    runStarted('a', { issueState: 'В РАБОТЕ', agentKind: 'codex', startedAtMs: 10 }),
    runEnded('a'),
    runStarted('b', { issueState: 'To Do', agentKind: 'mock', startedAtMs: 20 }),
    runEnded('b'),
    runStarted('open', { issueState: 'To Do', agentKind: 'mock', startedAtMs: 30 }),
  ]);
  const found = async (query: Partial<HistoryQuery>): Promise<string[]> =>
    ids(await allPages(store, { limit: 1, ...query }));
  expect(await found({ state: 'в работе' })).toEqual(['a']);
  expect(await found({ state: 'TO DO' })).toEqual(['b']);
  expect(await found({ state: 'To' })).toEqual([]);
  expect(await found({ agentKind: 'codex' })).toEqual(['a']);
  expect(await found({ agentKind: 'CODEX' })).toEqual([]);
  expect(await found({ sinceMs: 20 })).toEqual(['b']);
  expect(await found({ untilMs: 20 })).toEqual(['a']);
  expect(await found({ sinceMs: 10, untilMs: 21, state: 'to do' })).toEqual(['b']);
});

const word = fc.constantFrom('a', 'B', 'ab', 'Ä', '%');
const anyRun = fc.record({
  title: word,
  error: word,
  identifier: fc.constantFrom('AB-1', 'Ä-2'),
  issueState: fc.constantFrom('To Do', 'ÄB'),
  agentKind: fc.constantFrom('mock', 'codex'),
  status: fc.constantFrom(...RUN_STATUSES.slice(0, 2)),
  startedAtMs: fc.nat({ max: 6 }),
});
const maybe = <T>(arbitrary: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> =>
  fc.option(arbitrary, { nil: undefined });
const anyQuery: fc.Arbitrary<HistoryQuery> = fc.record({
  limit: fc.integer({ min: 1, max: 5 }),
  identifier: maybe(fc.constantFrom('ab-1', 'ä-2')),
  status: maybe(fc.constantFrom(...RUN_STATUSES.slice(0, 2))),
  agentKind: maybe(fc.constantFrom('mock', 'codex')),
  state: maybe(fc.constantFrom('to do', 'äb')),
  text: maybe(word),
  sinceMs: maybe(fc.nat({ max: 6 })),
  untilMs: maybe(fc.nat({ max: 7 })),
});

function passes(run: HistoryRun, query: HistoryQuery): boolean {
  const lower = (text: string): string => text.toLowerCase();
  const { identifier, state, text } = query;
  return (
    (identifier === undefined || lower(run.issueIdentifier) === lower(identifier)) &&
    (query.status === undefined || run.status === query.status) &&
    (query.agentKind === undefined || run.agentKind === query.agentKind) &&
    (state === undefined || lower(run.issueState) === lower(state)) &&
    (query.sinceMs === undefined || run.startedAtMs >= query.sinceMs) &&
    (query.untilMs === undefined || run.startedAtMs < query.untilMs) &&
    (text === undefined ||
      [run.issueIdentifier, run.title, run.error].some((field) => lower(field).includes(lower(text))))
  );
}

test('any filters together give the runs that pass each of them, in the order of history, over any slices', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(anyRun, { maxLength: 25 }),
      fc.array(anyQuery, { minLength: 1, maxLength: 8 }),
      fc.integer({ min: 1, max: 9 }),
      async (runs, queries, sliceRuns) => {
        const { store, database } = await openBelow();
        await store.apply(
          runs.flatMap(({ error, status, ...facts }, n) => [
            runStarted(`r${n}`, facts),
            runEnded(`r${n}`, { error, status }),
          ]),
        );
        const everything = await allPages(store, { limit: 500 });
        expect(everything).toHaveLength(runs.length);
        const reading = { db: database.db, trackerId: 1, inTurn: <T>(read: () => Promise<T>) => read() };
        for (const query of queries) {
          const expected = ids(everything.filter((run) => passes(run, query)));
          expect(ids(await allPages(store, query))).toEqual(expected);
          const sliced = await searchHistory(reading, query, sliceRuns);
          expect(sliced.map(({ run_id }) => run_id)).toEqual(expected.slice(0, query.limit + 1));
        }
        await store.close();
      },
    ),
    { numRuns: 60 },
  );
}, 120_000);

test('a search walks its own table in order and looks up only the runs that it found', async () => {
  const { database } = await openBelow();
  const place = { startedAtMs: 1, runId: 'r' };
  const queries: HistoryQuery[] = [
    { limit: 1, text: 'x' },
    { limit: 1, agentKind: 'mock', state: 'done', sinceMs: 1 },
  ];
  for (const query of queries) {
    const statement = searchStatement(database.db, 1, query, { after: place, end: place });
    const plan = await statement.explain<{ detail: string }>(undefined, sql`query plan`);
    expect(plan.map(({ detail }) => detail.replace(/ \(.*/, ''))).toEqual([
      'SEARCH run_search USING PRIMARY KEY',
      'SEARCH runs USING INDEX sqlite_autoindex_runs_1',
    ]);
  }
});
