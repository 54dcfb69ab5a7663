// kill −9 at 200 points of a stream of what agents propose, a person approves and the outbox writes, of every kind of
// write. Approvals, outbox, store and adapter are the real ones, Jira is the loopback in this process. Every write stands
// there exactly once, in the order of its issue, and proposal, decision and end are once in an audit whose chain is whole.

import { createHash } from 'node:crypto';
import { mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { build } from 'vite';
import { openStore } from '../../../../src/store/index.ts';
import type { AuditEntry } from '../../../../src/contract/audit.ts';
import type { OutboxWrite } from '../../../../src/contract/outbox.ts';
import { WRITE_OPERATIONS } from '../../../../src/contract/tool-operations.ts';
import { seededRandom } from '../../../loopback-jira/random.ts';
import { startLoopbackJira, type LoopbackJira } from '../../../loopback-jira/index.ts';
import { endAll, KILL_POINTS, liveAndDie, type KillPoint } from './killing.ts';
import { createStream, standingInJira, wordsInJira, type Stream } from './stream.ts';
import type { VictimOrders } from './victim.ts';

const SEED = Number(process.env['KILLS_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
/** Side by side, because a life mostly waits. */
const STREAMS = 8;
const KILLS_A_STREAM = 25;

let folder = '';
let program = '';

beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'sortie-kills-')));
  program = await bundle(folder);
});
afterAll(async () => {
  await endAll();
  await rm(folder, { recursive: true, force: true });
});

/** In one file, whose compiled code is kept: it starts in a tenth of the time that its sources would take. */
async function bundle(outDir: string): Promise<string> {
  await symlink(resolve('node_modules'), join(outDir, 'node_modules'));
  await build({
    configFile: false,
    logLevel: 'error',
    build: {
      ssr: resolve(import.meta.dirname, 'victim.ts'),
      outDir,
      emptyOutDir: false,
      minify: true,
      rollupOptions: { output: { format: 'cjs', dynamicImportInCjs: false, entryFileNames: 'victim.cjs' } },
    },
    ssr: { noExternal: true, external: ['@photostructure/sqlite'] },
  });
  const file = join(outDir, 'victim.cjs');
  await liveOnce(file, outDir);
  return file;
}

/** With nothing to do, from start to end. */
async function liveOnce(file: string, outDir: string): Promise<void> {
  const jira = await startLoopbackJira();
  try {
    const ordersPath = join(outDir, 'idle.json');
    const orders: VictimOrders = { databasePath: join(outDir, 'idle.db'), jiraUrl: jira.url, orders: [] };
    await writeFile(ordersPath, JSON.stringify(orders));
    const life = await liveAndDie({ program: file, ordersPath, jira, random: () => 0, killAt: null });
    expect(life).toEqual({ killedAt: null, code: 0, stderr: '' });
  } finally {
    await jira.close();
  }
}

interface Toll {
  readonly kills: Record<KillPoint, number>;
  readonly writes: number;
  readonly tries: number;
}

async function killStream(number: number): Promise<Toll> {
  const random = seededRandom(SEED + number);
  const jira = await startLoopbackJira({ seed: SEED + number, settings: { indexLagMs: 100 } });
  const databasePath = join(folder, `${number}.db`);
  const ordersPath = join(folder, `${number}.json`);
  const stream = createStream(jira);
  const kills: Toll['kills'] = { received: 0, applied: 0, answered: 0, 'any time': 0 };
  const killed = (): number => Object.values(kills).reduce((sum, count) => sum + count, 0);
  try {
    for (;;) {
      stream.grow();
      const orders: VictimOrders = { databasePath, jiraUrl: jira.url, orders: stream.orders };
      await writeFile(ordersPath, JSON.stringify(orders));
      for (;;) {
        const killAt = killed() < KILLS_A_STREAM ? (KILL_POINTS[Math.floor(random() * 4)] ?? null) : null;
        const life = await liveAndDie({ program, ordersPath, jira, random, killAt });
        if (life.killedAt === null) {
          expect(life.code, life.stderr).toBe(0);
          break;
        }
        kills[life.killedAt] += 1;
      }
      if (killed() >= KILLS_A_STREAM) break;
    }
    return { kills, ...(await checkAll(jira, stream, databasePath)) };
  } finally {
    await jira.close();
  }
}

async function checkAll(
  jira: LoopbackJira,
  stream: Stream,
  path: string,
): Promise<Pick<Toll, 'writes' | 'tries'>> {
  const violations = jira.violations().map(({ method, url, violation }) => `${method} ${url}: ${violation}`);
  expect(violations).toEqual([]);
  const { orders } = stream;
  const operations = new Set(orders.map(({ action }) => action.operation));
  expect([...operations].sort()).toEqual([...WRITE_OPERATIONS].sort());

  expect(standingInJira(jira).sort()).toEqual([...stream.wanted()].sort());
  for (const issue of new Set(orders.map(({ own }) => own))) {
    const wanted = stream.wordsOf(issue);
    const made = wordsInJira(jira, issue);
    // Some may be made twice, because that changes nothing; a move may not. What stands there is counted above.
    expect(firsts(made)).toEqual(firsts(wanted));
    const isMove = (word: string): boolean => word.startsWith('is moved to ');
    expect(made.filter(isMove)).toEqual(wanted.filter(isMove));
  }

  const identity = `${jira.url} PROJ`;
  const store = await openStore({ path, tracker: { kind: 'jira', identity } });
  try {
    const rows: OutboxWrite[] = [];
    for (const { id } of orders) {
      expect(await store.tools.approval(id)).toMatchObject({
        ...{ status: 'approved', decidedBy: 'ann', result: { status: 'done' } },
      });
      rows.push(...(await store.tools.writesOf(id)));
    }
    expect(rows.filter(({ status }) => status !== 'done')).toEqual([]);
    expect(rows.filter(({ before, write }) => before === null && write.operation !== 'create_issue')).toEqual(
      [],
    );
    expect(await store.tools.openWrites()).toEqual([]);
    const entries: AuditEntry[] = [];
    for (;;) {
      const page = await store.tools.audit({ afterSeq: entries.length, limit: 1000 });
      entries.push(...page);
      if (page.length < 1000) break;
    }
    const proposals = orders.map(({ id }) => id);
    const writes = rows.map(({ id }) => id);
    checkAudit(entries, { proposals, writes });
    return { writes: rows.length, tries: rows.reduce((sum, row) => sum + row.tries, 0) };
  } finally {
    await store.close();
  }
}

function firsts(words: readonly string[]): readonly string[] {
  return [...new Set(words)];
}

interface Ids {
  readonly proposals: readonly string[];
  readonly writes: readonly string[];
}

function checkAudit(entries: readonly AuditEntry[], { proposals, writes }: Ids): void {
  let before = '0'.repeat(64);
  for (const [place, { seq, line, hash }] of entries.entries()) {
    expect(seq).toBe(place + 1);
    expect((JSON.parse(line) as { prev: string }).prev).toBe(before);
    expect(createHash('sha256').update(line, 'utf8').digest('hex')).toBe(hash);
    before = hash;
  }
  const said = entries.map(
    ({ line }) => JSON.parse(line) as { kind: string; write_id: string; approval_id: string },
  );
  for (const kind of ['approval_requested', 'approval_decided']) {
    const about = said.filter((entry) => entry.kind === kind).map((entry) => entry.approval_id);
    expect(about.toSorted()).toEqual(proposals.toSorted());
  }
  for (const kind of ['write_recorded', 'write_ended']) {
    const about = said.filter((entry) => entry.kind === kind).map((entry) => entry.write_id);
    expect(about.toSorted()).toEqual(writes.toSorted());
  }
}

it('makes each approved write exactly once, killed at 200 points', async () => {
  const startedAt = performance.now();
  const streams = Array.from({ length: STREAMS }, (_, number) => killStream(number));
  // Also when one has failed: nothing is left behind.
  await Promise.allSettled(streams);
  const tolls = await Promise.all(streams);
  const total = (of: (toll: Toll) => number): number => tolls.reduce((sum, toll) => sum + of(toll), 0);
  const points = KILL_POINTS.map((point) => `${total(({ kills }) => kills[point])} ${point}`);
  const kills = total((toll) => KILL_POINTS.reduce((sum, point) => sum + toll.kills[point], 0));
  const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
  process.stdout.write(
    `kills: ${kills} (${points.join(', ')}), ${total(({ writes }) => writes)} writes in ${total(({ tries }) => tries)} sendings, ${seconds} s, seed ${SEED}\n`,
  );
  expect(kills).toBeGreaterThanOrEqual(STREAMS * KILLS_A_STREAM);
}, 900_000);
