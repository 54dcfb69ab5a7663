// Proposals from their recording to the result of their writes. Each is decided at most once: by a person, or by time.
// The decision and what it sends are made durable in one transaction that expects a pending proposal; whoever comes
// second is told how it was decided. Nothing here sends: the outbox does, and tells when its writes have ended.

import { LONGEST_DECISION_NOTE, type Approval } from '../../contract/approval.ts';
import type { ApprovalDecision, DecisionAnswer } from '../../contract/agent-tools.ts';
import { hasEnded } from '../../contract/outbox.ts';
import { LedgerConflict, type ToolLedger } from '../../contract/tool-ledger.ts';
import type { Person } from '../../contract/tool-policy.ts';
import { newWrites, type Asker } from '../new-writes.ts';
import type { Outbox, ToolsParts, ToAuditFacts } from '../ports.ts';
import { ApprovalBook, isSettled } from './book.ts';
import { expiryTimer } from './expiry.ts';
import { judgeEdit, outsideGroup, type JudgeParts } from './judge-edit.ts';
import { APPLYING, resultOf } from './outcome.ts';
import { alreadyDecided, refusal } from './refusal.ts';
import { refusedDecisions } from './refused-decisions.ts';
import { sameness, type Comparable } from './sameness.ts';
import { approvalTelling } from './telling.ts';
import { whenSettled } from './when-settled.ts';

const STORE_RETRY_MS = 5_000;
/** Of one issue. */
export const MOST_WAITING = 100;
/** A person waits. */
const LOOK_LIMIT_MS = 20_000;

export interface Approvals {
  /** Reads what the last daemon left; expires what is due. */
  start(): Promise<void>;
  close(): Promise<void>;
  /** It was made durable. */
  added(approval: Approval): void;
  decide(id: string, decision: ApprovalDecision, person: Person): Promise<DecisionAnswer>;
  /** As it is when it is settled, or else when the signal fires. Rejects as the ledger does. */
  whenSettled(id: string, signal: AbortSignal): Promise<Approval | null>;
  read(id: string): Promise<Approval | null>;
  /** The run knows how it ended. Never rejects: who is told twice is told the same. */
  markTold(id: string, runId: string): Promise<void>;
  pending(): number;
  /** Whether an issue may have so many more that wait: an agent that never stops asking must not bury people. */
  hasRoomFor(count: number, issueId: string): boolean;
  /** Of a proposal of that issue that waits and asks for the same; null = there is none. */
  sameAs(action: Comparable, issueId: string): string | null;
  onChange(listener: (approval: Approval) => void): () => void;
}

export interface ApprovalsParts extends Pick<
  ToolsParts,
  'clock' | 'log' | 'counters' | 'newUuid' | 'settings' | 'record' | 'redact'
> {
  readonly ledger: ToolLedger;
  readonly outbox: Pick<Outbox, 'rows' | 'recording' | 'release' | 'onChange'>;
  readonly note: ToAuditFacts;
  readonly judge: JudgeParts;
}

export function createApprovals(parts: ApprovalsParts): Approvals {
  const { ledger, outbox, clock, log, counters } = parts;
  const book = new ApprovalBook(ledger);
  const expiry = expiryTimer(clock, nextExpiryMs, expireDue);
  const retries = new Set<() => void>();
  const telling = approvalTelling(parts);
  const refused = refusedDecisions({ ...parts, approval: (id) => book.read(id) });
  const closing = new AbortController();

  function nextExpiryMs(): number | null {
    let next: number | null = null;
    for (const { status, expiresAtMs } of book.live())
      if (status === 'pending') next = Math.min(next ?? expiresAtMs, expiresAtMs);
    return next;
  }

  async function expireDue(): Promise<void> {
    const nowMs = clock.nowMs();
    const due = book.live().filter(({ status, expiresAtMs }) => status === 'pending' && expiresAtMs <= nowMs);
    for (const { id } of due) {
      try {
        await book.inTurn(id, async () => {
          const approval = await book.read(id);
          if (approval?.status === 'pending') await expire(approval);
        });
      } catch (error) {
        if (error instanceof LedgerConflict) await book.readAgain(id).catch(() => null);
        log.error('a proposal could not be expired; it is tried again', {
          approval_id: id,
          error: String(error),
        });
        await pause(STORE_RETRY_MS);
      }
    }
  }

  /** In its turn. */
  async function expire(approval: Approval): Promise<Approval> {
    const rejects = parts.settings().tools.approval.onTimeout === 'reject';
    const next: Approval = {
      ...approval,
      status: rejects ? 'rejected' : 'expired',
      decidedBy: 'sortie',
      decidedAtMs: clock.nowMs(),
      decisionNote: 'nobody decided in time',
    };
    const facts = telling.audited(next, { kind: 'approval_expired', actor: 'daemon', name: 'sortie' });
    await book.put(approval, next, [{ kind: 'audit', facts }]);
    said(next);
    return next;
  }

  async function decide(id: string, decision: ApprovalDecision, person: Person): Promise<DecisionAnswer> {
    const answer = await decideOrRefuse(id, decision, person);
    if (answer.kind === 'refused') await refused.note(id, decision, person, answer);
    return answer;
  }

  async function decideOrRefuse(
    id: string,
    decision: ApprovalDecision,
    person: Person,
  ): Promise<DecisionAnswer> {
    try {
      return await book.inTurn(id, () => decideInTurn(id, decision, person));
    } catch (error) {
      if (error instanceof LedgerConflict) return alreadyDecided(await book.readAgain(id));
      log.error('a decision could not be recorded', { approval_id: id, error: String(error) });
      return refusal('store_failed', 'the decision could not be recorded: nothing has changed; try again');
    }
  }

  async function decideInTurn(
    id: string,
    decision: ApprovalDecision,
    person: Person,
  ): Promise<DecisionAnswer> {
    const approval = await book.read(id);
    if (approval === null) return refusal('approval_not_found', `there is no proposal ${id}`);
    if (approval.status !== 'pending') return alreadyDecided(approval);
    if (approval.expiresAtMs <= clock.nowMs()) return alreadyDecided(await expire(approval));
    const outside = outsideGroup(approval.group, person);
    if (outside !== null) return refusal(outside.code, outside.message);
    const decided: Approval = {
      ...approval,
      status: decision.status,
      decidedBy: person.name,
      decidedAtMs: clock.nowMs(),
      decisionNote: parts.redact(decision.decisionNote).slice(0, LONGEST_DECISION_NOTE),
    };
    return decision.status === 'rejected'
      ? reject(approval, decided, person)
      : approve(approval, decided, decision, person);
  }

  async function reject(approval: Approval, decided: Approval, person: Person): Promise<DecisionAnswer> {
    const facts = telling.audited(decided, { kind: 'approval_decided', actor: 'person', name: person.name });
    await book.put(approval, decided, [{ kind: 'audit', facts }]);
    said(decided);
    return { kind: 'decided', approval: decided };
  }

  async function approve(
    approval: Approval,
    decided: Approval,
    decision: ApprovalDecision,
    person: Person,
  ): Promise<DecisionAnswer> {
    const judged = await judgeInTime(approval, decision, person);
    if (judged.kind === 'refused') return refusal(judged.code, judged.message);
    // Looking takes time: what has run out meanwhile is over.
    if (approval.expiresAtMs <= clock.nowMs()) return alreadyDecided(await expire(approval));
    const rows =
      judged.stale === null ? outbox.rows(newWrites(askerOf(approval), judged, parts.newUuid)) : [];
    const result =
      judged.stale === null ? APPLYING : { status: 'refused' as const, message: judged.stale, issues: [] };
    const next = { ...decided, modifiedDetails: judged.changed, result };
    const facts = telling.audited(next, { kind: 'approval_decided', actor: 'person', name: person.name });
    await book.put(approval, next, [{ kind: 'audit', facts }, ...outbox.recording(rows)]);
    said(next);
    outbox.release(rows);
    return { kind: 'decided', approval: next };
  }

  async function judgeInTime(
    approval: Approval,
    decision: ApprovalDecision,
    person: Person,
  ): Promise<Awaited<ReturnType<typeof judgeEdit>>> {
    const limit = new AbortController();
    const cancel = clock.after(LOOK_LIMIT_MS, () => limit.abort(new Error('it took too long')));
    try {
      const signal = AbortSignal.any([limit.signal, closing.signal]);
      return await judgeEdit(approval, decision, person, { parts: parts.judge, signal });
    } finally {
      cancel();
    }
  }

  function said(approval: Approval): void {
    telling.announce(approval);
    expiry.arm();
  }

  /** Takes what its writes came to, when all have ended. */
  async function settle(id: string): Promise<void> {
    try {
      await book.inTurn(id, async () => {
        const approval = await book.read(id);
        if (approval === null || approval.status !== 'approved' || isSettled(approval)) return;
        const result = resultOf(await ledger.writesOf(id));
        if (result.status === 'applying') return;
        await book.put(approval, { ...approval, result }, []);
      });
    } catch (error) {
      log.error('the result of a proposal could not be recorded; it is tried again', {
        approval_id: id,
        error: String(error),
      });
      await pause(STORE_RETRY_MS);
      if (!closing.signal.aborted) void settle(id);
    }
  }

  function pause(ms: number): Promise<void> {
    if (closing.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const over = (): void => {
        cancel();
        retries.delete(over);
        resolve();
      };
      const cancel = clock.after(ms, over);
      retries.add(over);
    });
  }

  const unsubscribe = outbox.onChange((row) => {
    if (row.approvalId !== null && hasEnded(row)) void settle(row.approvalId);
  });

  return {
    async start() {
      const left = await ledger.unsettledApprovals();
      for (const approval of left) book.take(approval);
      await expireDue();
      for (const { id, status } of left) if (status === 'approved') await settle(id);
      expiry.arm();
    },
    async close() {
      closing.abort(new Error('the daemon stops'));
      unsubscribe();
      expiry.close();
      for (const over of [...retries]) over();
      await book.settled();
      await refused.close();
    },
    added(approval) {
      counters.countApproval('pending');
      book.take(approval);
      expiry.arm();
    },
    decide,
    whenSettled: (id, signal) => whenSettled(book, id, signal),
    read: (id) => book.read(id),
    async markTold(id, runId) {
      try {
        await book.inTurn(id, async () => {
          const approval = await book.read(id);
          if (approval === null || !isSettled(approval) || approval.toldRunId !== null) return;
          await book.put(approval, { ...approval, toldRunId: runId }, []);
        });
      } catch (error) {
        log.warn('that a run was told of a decision could not be recorded', {
          approval_id: id,
          error: String(error),
        });
      }
    },
    pending: () => book.pending(),
    hasRoomFor: (count, issueId) => book.pending(issueId) + count <= MOST_WAITING,
    sameAs: (action, issueId) => book.findSame(sameness(issueId, action), clock.nowMs()),
    onChange: (listener) => book.onTaken(listener),
  };
}

/** It is written under the run that asked. */
function askerOf({ id, runId, issueId, issueIdentifier }: Approval): Asker {
  return { runId, own: { id: issueId, identifier: issueIdentifier }, approvalId: id };
}
