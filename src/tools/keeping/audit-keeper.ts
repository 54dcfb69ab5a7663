// Keeps the audit's head outside of the database, so that a cut end is seen, and forgets what is older than the
// retention: audit entries, and the proposals and writes that have ended. At start the head that was kept is compared
// with what is stored: what does not fit is said in the log, in the audit and to people, and stays said; it stops
// nothing, because a daemon that stands still repairs no chain.

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
  let kept = -1;
  let writing: Promise<void> = Promise.resolve();
  let closed = false;

  async function keepHead(): Promise<void> {
    try {
      const head = await ledger.auditHead();
      if (head.seq === kept) return;
      await keeping.writeHead(head);
      kept = head.seq;
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

  async function compare(): Promise<void> {
    const problem = await findProblem();
    if (problem === null) return;
    log.error('audit log is not what its head says', { problem });
    const facts = parts.note({ kind: 'chain_broken', actor: 'daemon', name: 'sortie', message: problem });
    await ledger.apply([{ kind: 'audit', facts }, ...parts.notifyBroken(problem)]);
  }

  async function findProblem(): Promise<string | null> {
    let before: AuditHead | null;
    try {
      before = await keeping.readHead();
    } catch (error) {
      return `nothing tells whether the end was cut: ${error instanceof Error ? error.message : String(error)}`;
    }
    return whatDiffers(ledger, before);
  }

  return {
    grown,
    async start() {
      try {
        await compare();
      } catch (error) {
        log.error('audit log could not be compared with its head', { error: String(error) });
      }
      await keepSoon();
      const { seq, hash } = await ledger.auditHead();
      log.info('audit log opened', { audit_seq: seq, audit_hash: hash });
      // Nobody waits for it: a year may have to go.
      void forget();
    },
    async close() {
      closed = true;
      cancelHead?.();
      cancelRetention?.();
      await keepSoon();
    },
  };
}

/** @returns null = the chain holds what the head says; otherwise one line. */
async function whatDiffers(ledger: ToolLedger, head: AuditHead | null): Promise<string | null> {
  const now = await ledger.auditHead();
  if (head === null)
    return now.seq === 0
      ? null
      : `entries up to ${now.seq} are stored, but no head was kept: its file is gone`;
  if (head.seq > now.seq)
    return `the head says ${head.seq}, but the last entry is ${now.seq}: the end was cut`;
  if (head.seq === now.seq)
    return head.hash === now.hash ? null : `entry ${head.seq} is not the one that was kept`;
  const start = await ledger.auditStart();
  if (head.seq === start.seq)
    return head.hash === start.hash ? null : `entry ${head.seq} was not the one that was kept`;
  // The daemon died before it kept the newest head: what was kept must still be in the chain.
  if (head.seq < start.seq) return null;
  const [entry] = await ledger.audit({ afterSeq: head.seq - 1, limit: 1 });
  if (entry === undefined || entry.seq !== head.seq) return `entry ${head.seq} is missing`;
  return entry.hash === head.hash ? null : `entry ${head.seq} is not the one that was kept`;
}
