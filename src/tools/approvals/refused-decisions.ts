// Decisions that were not taken: by whom, why, and what he had made of the details. Each is an audit entry before it is
// answered, and a line of the log. A client that tries without end must not fill the database: of one person some are
// written each for itself, and then those of a minute share one entry for each reason. Decides nothing.

import type { ApprovalDecision } from '../../contract/agent-tools.ts';
import type { Approval } from '../../contract/approval.ts';
import type { ToolLedger } from '../../contract/tool-ledger.ts';
import type { JsonMap } from '../../contract/tool-operations.ts';
import type { Person } from '../../contract/tool-policy.ts';
import type { ToAuditFacts, ToolsParts } from '../ports.ts';
import type { Refusal } from './refusal.ts';

/** Of one person, each with an entry of its own: more than somebody makes who corrects what he has typed. */
const SINGLE = 50;
/** So often one more of them may be written by itself. */
const REGAINED_MS = 60_000;
const TOGETHER_MS = 60_000;
/** Of a shared entry. */
const NAMED = 20;
/** Edits that are longer are told by their fields alone. */
const LONGEST_EDITS = 8_000;

export interface RefusedDecisions {
  /** On the disk when it resolves, or one of those that share an entry. Never rejects. */
  note(id: string, decision: ApprovalDecision, person: Person, refusal: Refusal): Promise<void>;
  /** Writes what has come up to now. */
  close(): Promise<void>;
}

interface Shared {
  readonly person: string;
  readonly code: Refusal['code'];
  readonly ids: Set<string>;
  count: number;
}

export function refusedDecisions(
  parts: Pick<ToolsParts, 'clock' | 'log'> & {
    readonly ledger: Pick<ToolLedger, 'apply'>;
    readonly note: ToAuditFacts;
    readonly approval: (id: string) => Promise<Approval | null>;
  },
): RefusedDecisions {
  const { clock, log, ledger } = parts;
  const allowances = new Map<string, { left: number; atMs: number }>();
  const waiting = new Map<string, Shared>();
  let cancel: (() => void) | null = null;
  let last: Promise<void> = Promise.resolve();

  function mayBeSingle(person: string): boolean {
    const nowMs = clock.monotonicMs();
    const { left, atMs } = allowances.get(person) ?? { left: SINGLE, atMs: nowMs };
    const regained = Math.floor((nowMs - atMs) / REGAINED_MS);
    const now = Math.min(SINGLE, left + regained);
    allowances.set(person, {
      left: Math.max(0, now - 1),
      atMs: now === SINGLE ? nowMs : atMs + regained * REGAINED_MS,
    });
    return now > 0;
  }

  async function write(facts: ReturnType<ToAuditFacts>): Promise<void> {
    try {
      await ledger.apply([{ kind: 'audit', facts }]);
    } catch (error) {
      log.error('a refused decision could not be audited', {
        approval_id: facts.approvalId,
        decided_by: facts.name,
        error: String(error),
      });
    }
  }

  async function single(
    id: string,
    decision: ApprovalDecision,
    person: Person,
    { code, message, approval: known }: Refusal,
  ): Promise<void> {
    const approval = known ?? (await parts.approval(id).catch(() => null));
    const facts = parts.note({
      kind: 'approval_refused',
      actor: 'person',
      name: person.name,
      runId: approval?.runId ?? null,
      issueIdentifier: approval?.issueIdentifier ?? null,
      operation: approval?.action ?? '',
      decision: decision.status,
      rule: approval?.rule ?? '',
      approvalId: id,
      details: { modifiedDetails: editsOf(decision.modifiedDetails), decisionNote: decision.decisionNote },
      answer: code,
      message,
    });
    log.warn('decision refused', {
      issue_identifier: facts.issueIdentifier,
      run_id: facts.runId,
      approval_id: id,
      operation: facts.operation,
      decision: decision.status,
      decided_by: facts.name,
      code,
      detail: facts.message,
    });
    await write(facts);
  }

  function share(id: string, person: string, code: Refusal['code']): void {
    const key = `${code} ${person}`;
    const one = waiting.get(key) ?? { person, code, ids: new Set<string>(), count: 0 };
    one.count += 1;
    if (one.ids.size < NAMED) one.ids.add(id);
    waiting.set(key, one);
    cancel ??= clock.after(TOGETHER_MS, () => void writeShared());
  }

  function writeShared(): Promise<void> {
    cancel?.();
    cancel = null;
    const all = [...waiting.values()];
    waiting.clear();
    last = last.then(async () => {
      for (const { person, code, ids, count } of all) {
        const message = `${count} more refused decisions of one minute, in one entry`;
        log.warn('decisions refused', { decided_by: person, code, count });
        const [first = null] = ids;
        const approvalId = ids.size === 1 ? first : null;
        const details = { count, approvals: [...ids] };
        const about = { kind: 'approval_refused', actor: 'person', name: person } as const;
        await write(parts.note({ ...about, approvalId, details, answer: code, message }));
      }
    });
    return last;
  }

  return {
    async note(id, decision, person, refusal) {
      // Of nothing there is nothing to say, and what the store does not take it does not take here either.
      if (refusal.code === 'approval_not_found' || refusal.code === 'store_failed') return;
      if (mayBeSingle(person.name)) await single(id, decision, person, refusal);
      else share(id, person.name, refusal.code);
    },
    close: writeShared,
  };
}

function editsOf(edits: JsonMap): JsonMap {
  const characters = JSON.stringify(edits).length;
  return characters <= LONGEST_EDITS ? edits : { fields: Object.keys(edits).slice(0, 100), characters };
}
