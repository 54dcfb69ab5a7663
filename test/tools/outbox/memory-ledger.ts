// A ledger in memory that keeps its word: all or nothing, expected statuses, numbers in order. Only what the outbox
// asks of it; the real one is tested in test/store and by the kills.

import type { AuditFacts } from '../../../src/contract/audit.ts';
import { hasEnded, type OutboxWrite } from '../../../src/contract/outbox.ts';
import { LedgerConflict, type LedgerChange, type ToolLedger } from '../../../src/contract/tool-ledger.ts';

export interface MemoryLedger {
  readonly ledger: ToolLedger;
  readonly audit: readonly AuditFacts[];
  rows(): readonly OutboxWrite[];
}

/** `io`: what stands between asking and answer, e.g. a crash; `commit` is called in it once, or never. */
export type LedgerIo = <T>(commit: () => T) => Promise<T>;

export interface LedgerContents {
  readonly rows: Map<string, OutboxWrite>;
  readonly audit: AuditFacts[];
}

export function emptyContents(): LedgerContents {
  return { rows: new Map(), audit: [] };
}

/** As the last daemon left these. */
export function left(...rows: readonly OutboxWrite[]): LedgerContents {
  const contents = emptyContents();
  rows.forEach((one, index) => contents.rows.set(one.id, { ...one, seq: index + 1 }));
  return contents;
}

export function createMemoryLedger(
  { rows, audit }: LedgerContents = emptyContents(),
  io: LedgerIo = async (commit) => commit(),
): MemoryLedger {
  function applyAll(changes: readonly LedgerChange[]): void {
    const put = new Map(rows);
    const said: AuditFacts[] = [];
    for (const change of changes) {
      if (change.kind === 'add_write') {
        if (put.has(change.write.id)) throw new LedgerConflict(`${change.write.id} is there already`);
        put.set(change.write.id, { ...change.write, seq: put.size + 1 });
      } else if (change.kind === 'put_write') {
        const stored = put.get(change.write.id);
        if (stored?.status !== change.expect) {
          throw new LedgerConflict(`${change.write.id} is ${stored?.status}, not ${change.expect}`);
        }
        put.set(change.write.id, { ...change.write, seq: stored.seq });
      } else if (change.kind === 'audit') said.push(change.facts);
    }
    for (const [id, row] of put) rows.set(id, row);
    audit.push(...said);
  }

  const inOrder = (): OutboxWrite[] => [...rows.values()].sort((one, other) => one.seq - other.seq);
  const asked: Partial<ToolLedger> = {
    apply: (changes) => io(() => applyAll(changes)),
    write: (id) => io(() => rows.get(id) ?? null),
    openWrites: () => io(() => inOrder().filter((row) => !hasEnded(row))),
  };
  return { ledger: asked as ToolLedger, audit, rows: inOrder };
}
