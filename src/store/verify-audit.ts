// Proves that an audit log is as it was written: every line fits its hash, every entry holds the hash of the one before,
// none is missing, and what was forgotten is named by the newest checkpoint. That none is missing at the end shows only
// against a head that was kept elsewhere. Needs no daemon, changes nothing, and stops at the first thing that is wrong.
import { EMPTY_AUDIT, type AuditEntry, type AuditHead, type AuditVerdict } from '../contract/audit.ts';
import type { LedgerReads } from '../contract/tool-ledger.ts';
import type { AuditedWrites } from './audited-writes.ts';
import { hashOf } from './audit-line.ts';
import { betweenSlices } from './reading.ts';

const pageEntries = 1_000;
/** A log that is being written to may forget its oldest entries meanwhile: then it is looked at again. */
const mostTries = 4;

export interface AuditExpectation {
  /** Where the chain begins; null = where its first entry says, as in an export. */
  readonly start: AuditHead | null;
  /** Kept elsewhere; the log may have grown since. null = nobody knows the end. */
  readonly head: AuditHead | null;
}

export type AuditLines = Pick<LedgerReads, 'audit' | 'auditStart'>;

export interface VerifyOptions {
  readonly signal?: AbortSignal | undefined;
  /** Is shown which writes have an entry. */
  readonly writes?: AuditedWrites | undefined;
}

/** Of a store, with or without a daemon beside it. Rejects only when reading fails, or with the signal’s reason. */
export async function verifyLedger(
  ledger: AuditLines,
  head: AuditHead | null,
  { signal, writes }: VerifyOptions = {},
): Promise<AuditVerdict> {
  for (let tries = 1; ; tries += 1) {
    const start = await ledger.auditStart();
    await writes?.begin(start);
    const verdict = await verifyAudit(storedPages(ledger, signal), { start, head }, writes);
    if (verdict.kind === 'intact' || tries === mostTries) return verdict;
    if ((await ledger.auditStart()).seq === start.seq) return verdict;
  }
}

/** Of entries in pages, oldest first. */
export async function verifyAudit(
  pages: AsyncIterable<readonly AuditEntry[]>,
  { start, head: expected }: AuditExpectation,
  writes?: AuditedWrites,
): Promise<AuditVerdict> {
  const chain = new Chain(start, expected);
  for await (const page of pages) {
    for (const entry of page) {
      const problem = chain.take(entry);
      if (problem !== null) return problem;
    }
    await writes?.take(chain.takeRecorded());
    await betweenSlices();
  }
  return chain.end();
}

async function* storedPages(
  ledger: AuditLines,
  signal: AbortSignal | undefined,
): AsyncIterable<readonly AuditEntry[]> {
  // From below zero on: what somebody has put before the beginning is in no chain either.
  let afterSeq = -Number.MAX_SAFE_INTEGER;
  for (;;) {
    signal?.throwIfAborted();
    const page = await ledger.audit({ afterSeq, limit: pageEntries });
    const last = page.at(-1);
    if (last === undefined) return;
    yield page;
    afterSeq = last.seq;
  }
}

interface Checkpoint extends AuditHead {
  /** Where it stands itself. */
  readonly at: number;
}

class Chain {
  #start: AuditHead | null;
  #last: AuditHead;
  #newest: Checkpoint | null = null;
  #recorded: string[] = [];
  readonly #expected: AuditHead | null;

  constructor(start: AuditHead | null, expected: AuditHead | null) {
    this.#start = start;
    this.#last = start ?? EMPTY_AUDIT;
    this.#expected = expected;
  }

  /** null = it follows. */
  take({ seq, line, hash }: AuditEntry): AuditVerdict | null {
    if (hashOf(line) !== hash) {
      return broken(this.#start ? this.#last.seq + 1 : seq, `entry ${seq}: line and hash do not fit`);
    }
    const said = readLine(line);
    if (said?.seq !== seq) return broken(this.#last.seq + 1, `entry ${seq}: its line is not that of ${seq}`);
    if (this.#start === null) this.#last = this.#start = { seq: seq - 1, hash: said.prev };
    const next = this.#last.seq + 1;
    if (seq < next) return broken(seq, `entry ${seq} stands where none belongs: ${next} is due`);
    if (seq > next) {
      return broken(
        next,
        seq === next + 1 ? `entry ${next} is missing` : `${next} to ${seq - 1} are missing`,
      );
    }
    if (said.prev !== this.#last.hash) {
      return broken(seq, `entry ${seq} does not follow ${seq - 1}: one of them was replaced`);
    }
    if (seq === this.#expected?.seq && hash !== this.#expected.hash) {
      return broken(seq, `entry ${seq} is not the one that the expected head names`);
    }
    if (said.kind === 'chain_broken') {
      return broken(seq, `entry ${seq}: here the daemon found that the log was not what its head said`);
    }
    if (said.checkpoint !== null) this.#newest = { ...said.checkpoint, at: seq };
    if (said.recorded !== null) this.#recorded.push(said.recorded);
    this.#last = { seq, hash };
    return null;
  }

  /** The writes that were recorded in what has come since the last time. */
  takeRecorded(): readonly string[] {
    const recorded = this.#recorded;
    this.#recorded = [];
    return recorded;
  }

  end(): AuditVerdict {
    const start = this.#start ?? EMPTY_AUDIT;
    return (
      this.#wrongStart(start) ??
      this.#wrongEnd(start) ?? {
        kind: 'intact',
        entries: this.#last.seq - start.seq,
        first: start.seq + 1,
        head: this.#last,
      }
    );
  }

  #wrongStart(start: AuditHead): AuditVerdict | null {
    const forgotten = this.#newest ?? EMPTY_AUDIT;
    if (forgotten.seq === start.seq && forgotten.hash === start.hash) return null;
    const says = this.#newest
      ? `the newest checkpoint (entry ${this.#newest.at}) says after ${this.#newest.seq} with ${this.#newest.hash}`
      : 'there is no checkpoint';
    return broken(
      Math.min(start.seq, forgotten.seq) + 1,
      `the log begins after ${start.seq} with ${start.hash}, but ${says}`,
    );
  }

  #wrongEnd(start: AuditHead): AuditVerdict | null {
    const expected = this.#expected;
    const last = this.#last;
    if (expected === null) return null;
    if (expected.seq > last.seq) {
      return broken(last.seq + 1, `the log ends with ${last.seq}, the expected head is ${expected.seq}`);
    }
    if (expected.seq < start.seq) {
      return broken(
        start.seq,
        `the expected head ${expected.seq} was forgotten, the log begins after ${start.seq}: compare with a newer head`,
      );
    }
    if (expected.seq === start.seq && expected.hash !== start.hash) {
      return broken(start.seq, `the log begins after ${start.seq}, but not after the expected head`);
    }
    return null;
  }
}

function broken(seq: number, problem: string): AuditVerdict {
  return { kind: 'broken', seq, problem };
}

interface Said {
  readonly seq: unknown;
  readonly prev: string;
  readonly kind: unknown;
  readonly checkpoint: AuditHead | null;
  /** The id of a write, of its `write_recorded`. */
  readonly recorded: string | null;
}

/** null = not the JSON of an entry. */
function readLine(line: string): Said | null {
  const parsed = parsedObject(line);
  if (parsed === null) return null;
  const { seq, prev, kind, details, write_id: writeId } = parsed;
  if (typeof prev !== 'string') return null;
  const recorded = kind === 'write_recorded' && typeof writeId === 'string' ? writeId : null;
  if (kind !== 'checkpoint') return { seq, prev, kind, checkpoint: null, recorded };
  const place = typeof details === 'object' && details !== null ? (details as Record<string, unknown>) : {};
  const { seq: forgotten, hash } = place;
  if (typeof forgotten !== 'number' || typeof hash !== 'string') return null;
  return { seq, prev, kind, checkpoint: { seq: forgotten, hash }, recorded };
}

function parsedObject(line: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
