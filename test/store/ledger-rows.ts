// The shortest proposals, writes and audit facts, each whole, with what matters to a test named there. Imports no test
// runner, because child processes use it too.
import type { Approval } from '../../src/contract/approval.ts';
import type { AuditFacts } from '../../src/contract/audit.ts';
import type { OutboxWrite } from '../../src/contract/outbox.ts';
import type { LedgerChange } from '../../src/contract/tool-ledger.ts';

/** Of the child that is killed. */
export const writesPerBatch = 20;

/** The victim of the kills waits for its head file after each of so many batches. */
export const headEvery = 10;

export function approval(id: string, facts: Partial<Approval> = {}): Approval {
  return {
    id,
    action: 'add_comment',
    summary: 'Comment on DEMO-1',
    details: { issueKey: 'DEMO-1', body: 'A **word**' },
    before: {
      atMs: 900,
      state: 'To Do',
      updatedAt: '2026-11-22T10:00:00.000Z',
      fields: { labels: ['a', 'b'] },
    },
    status: 'pending',
    group: 'leads',
    rule: 'rule 1',
    runId: 'run-1',
    issueId: '1',
    issueIdentifier: 'DEMO-1',
    targetIdentifier: 'DEMO-1',
    requestedAtMs: 1_000,
    expiresAtMs: 90_000,
    decidedBy: '',
    decidedAtMs: null,
    modifiedDetails: null,
    decisionNote: '',
    result: null,
    toldRunId: null,
    resolved: { form: 1, facts: [] },
    ...facts,
  };
}

export function decided(id: string, facts: Partial<Approval> = {}): Approval {
  return approval(id, { status: 'approved', decidedBy: 'ada', decidedAtMs: 2_000, ...facts });
}

export function outboxWrite(id: string, facts: Partial<OutboxWrite> = {}): OutboxWrite {
  const issue = facts.issue ?? { id: '1', identifier: 'DEMO-1' };
  return {
    id,
    seq: 0,
    lane: `issue:${issue.id}`,
    origin: 'agent',
    runId: 'run-1',
    issue,
    approvalId: null,
    write: { operation: 'add_comment', issue, body: 'A **word**' },
    before: null,
    status: 'waiting',
    tries: 0,
    requestedAtMs: 1_000,
    sentAtMs: null,
    dueAtMs: 1_000,
    endedAtMs: null,
    detail: '',
    result: null,
    ...facts,
  };
}

export function auditFacts(facts: Partial<AuditFacts> = {}): AuditFacts {
  return {
    kind: 'tool_call',
    atMs: Date.parse('2026-11-22T10:00:00.000Z'),
    actor: 'agent',
    name: 'mock',
    runId: 'run-1',
    issueIdentifier: 'DEMO-1',
    tool: 'tracker_api',
    operation: 'add_comment',
    decision: 'allow',
    rule: 'rule 1',
    approvalId: null,
    writeId: null,
    details: { issueKey: 'DEMO-1' },
    before: null,
    after: null,
    answer: 'ok',
    message: '',
    durationMs: 12,
    ...facts,
  };
}

export function audited(facts: Partial<AuditFacts> = {}): LedgerChange {
  return { kind: 'audit', facts: auditFacts(facts) };
}

/** Numbered from 0 on in their messages, a second apart. */
export function auditedMany(count: number): LedgerChange[] {
  return Array.from({ length: count }, (_, n) =>
    audited({ message: `number ${n}`, atMs: auditFacts().atMs + n * 1_000 }),
  );
}
