// One durable write of the store, as it precedes each start of a run, against a bare INSERT in a transaction of the
// same driver with the same pragmas on the same disk. Mostly it is the disk that is measured: both sync it once.

import { join } from 'node:path';
import { builtSqlite, builtStore } from '../built.ts';
import type { Scenario } from '../sample.ts';

const ROUNDS = 300;
const WARM_UP_ROUNDS = 50;

export const scenario: Scenario = {
  parts: ['both'],
  limitMs: 60_000,
  async measure({ folder, record, defer }) {
    const { openStore } = await builtStore();
    const store = await openStore({
      path: join(folder, 'ours.db'),
      tracker: { kind: 'file', identity: '/issues.json' },
    });
    defer(() => store.close());
    const { loadSqlite } = await builtSqlite();
    const bare = (await loadSqlite())(join(folder, 'floor.db'));
    defer(async () => {
      bare.close();
    });
    bare.exec('pragma journal_mode = wal; pragma synchronous = full; pragma foreign_keys = on;');
    bare.exec('create table runs (run_id text primary key, issue_id text, title text, at integer) strict');
    const insert = bare.prepare('insert into runs values (?, ?, ?, ?)');

    for (let round = 1 - WARM_UP_ROUNDS; round <= ROUNDS; round += 1) {
      const [runId, issueId, title] = [`run-${round}`, String(round), 'Round prices to two digits'];
      let startMs = performance.now();
      await store.apply([
        {
          kind: 'run_started',
          runId,
          issueId,
          identifier: `BENCH-${round}`,
          title,
          attempt: 0,
          failures: 0,
          agentKind: 'command',
          sessionId: null,
          startedAtMs: round,
          issueState: 'To Do',
          issueLabels: ['backend'],
          issueUrl: '',
        },
      ]);
      const ours = performance.now() - startMs;
      startMs = performance.now();
      bare.exec('begin');
      insert.run(runId, issueId, title, round);
      bare.exec('commit');
      const floor = performance.now() - startMs;
      if (round <= 0) continue;
      record('store: a durable write', 'us', 'ours', ours * 1_000);
      record('store: a durable write', 'us', 'floor', floor * 1_000);
    }
  },
};
