// How often each rule with a limit was used: per run, and in the last hour and day of the whole daemon. Times are kept
// in memory; after a restart those of the last day come from the audit log, whose entries of calls say which rules they
// used (`after.used`). What a crash cut off there (calls whose answer was still owed) is not counted.

import type { AuditEntry } from '../contract/audit.ts';
import type { ToolLedger } from '../contract/tool-ledger.ts';
import type { RuleUse } from './ports.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const PAGE = 1_000;
/** A flood of calls must not hold up the start: what lies further back is not counted. */
const PAGES = 100;

/** By rule number: how often. */
export type Used = ReadonlyMap<number, number>;

export class RuleUses {
  /** Rising; by rule number. */
  readonly #times = new Map<number, number[]>();
  readonly #ofRuns = new Map<string, Map<number, number>>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  /** As seen by one call: what it has used itself already counts. `runId` "" = no run's. */
  of(runId: string, already: Used): RuleUse {
    return {
      count: (rule, per) => {
        const own = already.get(rule) ?? 0;
        if (per === 'run') return own + (this.#ofRuns.get(runId)?.get(rule) ?? 0);
        return own + this.#since(rule, this.#nowMs() - (per === 'hour' ? HOUR_MS : DAY_MS));
      },
    };
  }

  add(runId: string, used: Used, atMs = this.#nowMs()): void {
    for (const [rule, count] of used) {
      const times = this.#times.get(rule) ?? [];
      this.#times.set(rule, [...this.#recent(times), ...Array<number>(count).fill(atMs)]);
      const run = this.#ofRuns.get(runId) ?? new Map<number, number>();
      this.#ofRuns.set(runId, run.set(rule, (run.get(rule) ?? 0) + count));
    }
  }

  forgetRun(runId: string): void {
    this.#ofRuns.delete(runId);
  }

  /** From the newest entry back, until a day is over. */
  async recall(ledger: Pick<ToolLedger, 'audit' | 'auditHead'>): Promise<void> {
    let { seq: end } = await ledger.auditHead();
    for (let page = 0; page < PAGES && end > 0; page += 1) {
      const begin = Math.max(0, end - PAGE);
      const entries = await ledger.audit({ afterSeq: begin, limit: end - begin });
      const dayAgo = this.#nowMs() - DAY_MS;
      const calls = entries.map(usedBy).filter((call) => call !== null);
      for (const { atMs, used } of calls) if (atMs > dayAgo) this.#take(atMs, used);
      if (entries.length === 0 || calls.some(({ atMs }) => atMs <= dayAgo)) break;
      end = begin;
    }
    for (const times of this.#times.values()) times.sort((one, other) => one - other);
  }

  #take(atMs: number, used: Used): void {
    for (const [rule, count] of used) {
      const times = this.#times.get(rule) ?? [];
      // A day may hold a hundred thousand entries: copied for each, the start would take their square.
      for (let use = 0; use < count; use += 1) times.push(atMs);
      this.#times.set(rule, times);
    }
  }

  #since(rule: number, fromMs: number): number {
    return (this.#times.get(rule) ?? []).filter((atMs) => atMs > fromMs).length;
  }

  #recent(times: readonly number[]): readonly number[] {
    const dayAgo = this.#nowMs() - DAY_MS;
    return times.filter((atMs) => atMs > dayAgo);
  }
}

/** For the audit entry of a call; null = no rule with a limit. */
export function usedJson(used: Used): Readonly<Record<string, number>> | null {
  return used.size === 0 ? null : Object.fromEntries([...used].map(([rule, count]) => [String(rule), count]));
}

/** What is no entry of a call, or not ours to read, is passed over. */
function usedBy({ line }: AuditEntry): { readonly atMs: number; readonly used: Used } | null {
  try {
    const entry = JSON.parse(line) as Readonly<Record<string, unknown>>;
    const atMs = timeOf(entry);
    if (atMs === null) return null;
    const after = entry['after'] as { readonly used?: Readonly<Record<string, unknown>> } | null | undefined;
    const used = entry['kind'] === 'tool_call' ? Object.entries(after?.used ?? {}) : [];
    return { atMs, used: new Map(used.map(([rule, count]) => [Number(rule), Number(count)])) };
  } catch {
    return null;
  }
}

function timeOf({ at }: Readonly<Record<string, unknown>>): number | null {
  const ms = typeof at === 'string' ? Date.parse(at) : NaN;
  return Number.isNaN(ms) ? null : ms;
}
