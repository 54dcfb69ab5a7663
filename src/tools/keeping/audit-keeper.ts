// Keeps the audit's head outside of the database, so that a cut end is seen, and forgets what is older than the
// retention: audit entries, and the proposals and writes that have ended. At start, and before each new head, the one that
// was kept is compared with what is stored: what does not fit, or is gone, is said in the log, in the audit and to people,
// and no new head hides it before that is on the disk. Stops nothing: a daemon that stands still repairs no chain.

import type { AuditHead } from '../../contract/audit.ts';
import type { LedgerChange, ToolLedger } from '../../contract/tool-ledger.ts';
import type { AuditKeeping } from '../parts.ts';
import type { ToAuditFacts, ToolsClock, ToolsLog } from '../ports.ts';

/** A head file that is so old hides at most the entries of that time. */
const HEAD_DELAY_MS = 1_000;
const DAY_MS = 86_400_000;

export interface AuditKeeper {
  start(): Promise<void>;
  /** The chain has grown. */
  grown(): void;
  close(): Promise<void>;
}

export function auditKeeper(parts: {
  readonly ledger: ToolLedger;
  readonly keeping: AuditKeeping;
  readonly clock: ToolsClock;
  readonly log: ToolsLog;
  readonly retentionDays: () => number;
  readonly note: ToAuditFacts;
  readonly notifyBroken: (problem: string) => readonly LedgerChange[];
}): AuditKeeper {
  const { ledger, keeping, clock, log } = parts;
  let cancelHead: (() => void) | null = null;
  let cancelRetention: (() => void) | null = null;
  /** As it was when it was looked at last; null = it was not. */
  let seen: AuditHead | null = null;
  let kept: AuditHead | null = null;
  let writing: Promise<void> = Promise.resolve();
  let closed = false;
  /** What is to be said yet. */
  let found: Found | null = null;

  async function keepHead(): Promise<void> {
    try {
      await lookBack();
    } catch (error) {
      log.error('audit log could not be compared with its head', { error: String(error) });
      return;
    }
    try {
      const head = await ledger.auditHead();
      if (head.seq === kept?.seq && head.hash === kept.hash) return;
      await keeping.writeHead(head);
      if (kept === null) await ledger.beginAudit();
      kept = head;
      log.debug('audit head kept', { audit_seq: head.seq, audit_hash: head.hash });
    } catch (error) {
      log.error('audit head could not be kept: a cut end would not be seen', { error: String(error) });
    }
  }

  function keepSoon(): Promise<void> {
    writing = writing.then(keepHead);
    return writing;
  }

  function grown(): void {
    if (closed || cancelHead !== null) return;
    cancelHead = clock.after(HEAD_DELAY_MS, () => {
      cancelHead = null;
      void keepSoon();
    });
  }

  async function forget(): Promise<void> {
    const days = parts.retentionDays();
    if (days > 0) {
      try {
        const count = await ledger.forgetAudit(clock.nowMs() - days * DAY_MS, clock.nowMs());
        if (count > 0) log.info('old audit entries forgotten', { count, retention_days: days });
        const ended = await ledger.forgetEnded(clock.nowMs() - days * DAY_MS);
        if (ended > 0) log.info('old proposals and writes forgotten', { count: ended, retention_days: days });
      } catch (error) {
        if (!closed)
          log.warn('what is older than the retention could not be forgotten', { error: String(error) });
      }
    }
    if (!closed) cancelRetention = clock.after(DAY_MS, () => void forget());
  }

  /** A head that is written over what was found would hide it: that is said before, and tried again until it is. */
  async function lookBack(): Promise<void> {
    if (found === null) {
      found = seen === null ? await findProblem() : { head: seen, problem: await whatMoved(ledger, seen) };
    }
    if (found.problem !== null) await tell(found.problem, found.head);
    found = null;
    seen = await ledger.auditHead();
  }

  async function tell(problem: string, head: AuditHead | null): Promise<void> {
    log.error('audit log is not what its head says', { problem });
    const details = { head: head && { ...head } };
    const about = { kind: 'chain_broken', actor: 'daemon', name: 'sortie' } as const;
    const facts = parts.note({ ...about, message: problem, details });
    await ledger.apply([{ kind: 'audit', facts }, ...parts.notifyBroken(problem)]);
  }

  async function findProblem(): Promise<Found> {
    let head: AuditHead | null;
    try {
      head = await keeping.readHead();
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { head: null, problem: `nothing tells whether the end was cut: ${why}` };
    }
    return { head, problem: await whatDiffers(ledger, head) };
  }

  return {
    grown,
    async start() {
      await keepSoon();
      const { seq, hash } = await ledger.auditHead();
      log.info('audit log opened', { audit_seq: seq, audit_hash: hash });
      // Nobody waits for it: a year may have to go.
      void forget();
    },
    async close() {
      if (closed) return;
      closed = true;
      cancelHead?.();
      cancelRetention?.();
      await keepSoon();
    },
  };
}

interface Found {
  /** As it was kept. */
  readonly head: AuditHead | null;
  readonly problem: string | null;
}

/** @returns null = the chain holds what the head says, and can be trusted to; otherwise one line. */
async function whatDiffers(ledger: ToolLedger, head: AuditHead | null): Promise<string | null> {
  const { isBegun, gone, unguarded } = await ledger.auditTraces();
  if (gone !== null) return gone;
  if (head !== null) return (await whatMoved(ledger, head)) ?? unguarded;
  // The first start.
  if (!isBegun) return unguarded;
  const { seq } = await ledger.auditHead();
  const stored = seq === 0 ? 'no entry is stored' : `entries up to ${seq} are stored`;
  return `${stored}, and no head was kept: its file is gone`;
}

async function whatMoved(ledger: ToolLedger, head: AuditHead): Promise<string | null> {
  for (;;) {
    const start = await ledger.auditStart();
    const problem = await whatMovedAfter(ledger, head, start);
    // What was forgotten between two looks is no finding.
    if (problem === null || (await ledger.auditStart()).seq === start.seq) return problem;
  }
}

async function whatMovedAfter(ledger: ToolLedger, head: AuditHead, start: AuditHead): Promise<string | null> {
  const now = await ledger.auditHead();
  if (head.seq > now.seq)
    return `the head says ${head.seq}, but the last entry is ${now.seq}: the end was cut`;
  if (head.seq === now.seq)
    return head.hash === now.hash ? null : `entry ${head.seq} is not the one that was kept`;
  if (head.seq === start.seq)
    return head.hash === start.hash ? null : `entry ${head.seq} was not the one that was kept`;
  // The daemon died before it kept the newest head: what was kept must still be in the chain.
  if (head.seq < start.seq) return null;
  const [entry] = await ledger.audit({ afterSeq: head.seq - 1, limit: 1 });
  if (entry === undefined || entry.seq !== head.seq) return `entry ${head.seq} is missing`;
  return entry.hash === head.hash ? null : `entry ${head.seq} is not the one that was kept`;
}
