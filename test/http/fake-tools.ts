// What agents may do, behind the same port as the real thing: proposals, outbox, audit, tools and policy with realistic
// content. Decides as far as a page or a caller can see it: once, by who may, and never into what is denied.

import { createHash } from 'node:crypto';
import type {
  DecisionAnswer,
  PolicyQuestion,
  ToolListing,
  ToolsView,
} from '../../src/contract/agent-tools.ts';
import type { Approval } from '../../src/contract/approval.ts';
import { EMPTY_AUDIT, type AuditEntry, type AuditVerdict } from '../../src/contract/audit.ts';
import { OUTBOX_ENDS, type OutboxWrite } from '../../src/contract/outbox.ts';
import { StoreError } from '../../src/contract/store.ts';
import type { JsonMap } from '../../src/contract/tool-operations.ts';
import type { Person, PolicyVerdict } from '../../src/contract/tool-policy.ts';
import { listing, openWrites, proposals } from './fake-proposals.ts';
import { NOW_MS } from './fake-state.ts';

export interface FakeTools extends ToolsView {
  /** What the port answers; a test writes here. */
  proposals: Approval[];
  writes: OutboxWrite[];
  entries: AuditEntry[];
  verdict: AuditVerdict | null;
  shown: ToolListing;
  /** Instead of what the fake would say. */
  answer: DecisionAnswer | Error | null;
  policy: PolicyVerdict | Error;
  refreshed: { readonly ok: boolean; readonly message: string } | Error;
  /** What was asked. */
  readonly decisions: {
    readonly id: string;
    readonly person: Person;
    readonly modified: JsonMap;
    note: string;
  }[];
  readonly questions: PolicyQuestion[];
  verifications: number;
  /** Something changed: tells whoever listens. */
  change(): void;
}

export function fakeTools(): FakeTools {
  const listeners = new Set<() => void>();
  const tools: FakeTools = {
    proposals: proposals(),
    writes: openWrites(),
    entries: auditEntries(5),
    verdict: null,
    shown: listing(),
    answer: null,
    policy: {
      decision: 'approve',
      rule: 'rule 1 (leads)',
      ruleNumber: 1,
      group: 'leads',
      limitExceeded: null,
    },
    refreshed: { ok: true, message: '2 projects, 3 issue types' },
    decisions: [],
    questions: [],
    verifications: 0,
    change: () => {
      for (const listener of listeners) listener();
    },
    approvals: async ({ status, identifier, runId, limit, cursor }) => {
      const wanted = tools.proposals.filter(
        (one) =>
          (status === undefined || one.status === status) &&
          (identifier === undefined || one.issueIdentifier.toLowerCase() === identifier.toLowerCase()) &&
          (runId === undefined || one.runId === runId),
      );
      const { page, nextCursor } = cut(wanted, limit, cursor);
      return { approvals: page, nextCursor };
    },
    approval: async (id) => tools.proposals.find((one) => one.id === id) ?? null,
    decide: async (id, decision, person) => {
      tools.decisions.push({
        id,
        person,
        modified: decision.modifiedDetails,
        note: decision.decisionNote,
      });
      if (tools.answer instanceof Error) throw tools.answer;
      return tools.answer ?? decide(tools, id, decision, person);
    },
    pendingApprovals: () => tools.proposals.filter(({ status }) => status === 'pending').length,
    outbox: async ({ status = 'open', identifier, limit, cursor }) => {
      const wanted = tools.writes.filter(
        (one) =>
          (status === 'all' ||
            (status === 'open' ? !OUTBOX_ENDS.includes(one.status) : one.status === status)) &&
          (identifier === undefined ||
            [one.issue, one.runIssue].some(
              (issue) => issue?.identifier.toLowerCase() === identifier.toLowerCase(),
            )),
      );
      const { page, nextCursor } = cut(wanted, limit, cursor);
      return { writes: page, nextCursor };
    },
    openWrites: () => tools.writes.filter(({ status }) => !OUTBOX_ENDS.includes(status)).length,
    auditHead: async () => headOf(tools.entries),
    audit: async (after, limit) => tools.entries.filter(({ seq }) => seq > after).slice(0, limit),
    verifyAudit: async () => {
      tools.verifications += 1;
      await new Promise((resolve) => setImmediate(resolve));
      const { entries } = tools;
      return tools.verdict ?? { kind: 'intact', entries: entries.length, first: 1, head: headOf(entries) };
    },
    listing: () => tools.shown,
    refreshSchema: async () => {
      if (tools.refreshed instanceof Error) throw tools.refreshed;
      return tools.refreshed;
    },
    explainPolicy: async (question) => {
      tools.questions.push(question);
      if (tools.policy instanceof Error) throw tools.policy;
      return tools.policy;
    },
    onChange: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  return tools;
}

async function decide(
  tools: FakeTools,
  id: string,
  { status, modifiedDetails, decisionNote }: Parameters<ToolsView['decide']>[1],
  { name, groups }: Person,
): Promise<DecisionAnswer> {
  // As a store's answer would be, after others had their turn.
  await new Promise((resolve) => setImmediate(resolve));
  const found = tools.proposals.find((one) => one.id === id);
  const refused = (
    code: Extract<DecisionAnswer, { kind: 'refused' }>['code'],
    message: string,
  ): DecisionAnswer => ({
    kind: 'refused',
    code,
    message,
    approval: found ?? null,
  });
  if (found === undefined) return refused('approval_not_found', `no proposal ${id} is known`);
  if (found.group !== '' && groups !== null && !groups.includes(found.group)) {
    return refused('not_in_group', `${name} is not in the group ${found.group}`);
  }
  if (found.status !== 'pending') {
    const when = new Date(found.decidedAtMs ?? 0).toISOString();
    return refused('already_decided', `it is ${found.status} already, by ${found.decidedBy} at ${when}`);
  }
  const decided: Approval = {
    ...found,
    status,
    decidedBy: name,
    decidedAtMs: NOW_MS,
    modifiedDetails: Object.keys(modifiedDetails).length === 0 ? null : modifiedDetails,
    decisionNote,
    result: status === 'approved' ? { status: 'applying', message: 'on its way', issues: [] } : null,
  };
  tools.proposals = tools.proposals.map((one) => (one.id === id ? decided : one));
  tools.change();
  return { kind: 'decided', approval: decided };
}

function cut<T>(all: readonly T[], limit: number, cursor: string | undefined) {
  if (cursor !== undefined && !/^\d+$/.test(cursor)) throw new StoreError('invalid_cursor', 'not a cursor');
  const from = Number(cursor ?? 0);
  const end = from + limit;
  return { page: all.slice(from, end), nextCursor: end < all.length ? String(end) : null };
}

function headOf(entries: readonly AuditEntry[]) {
  const last = entries.at(-1);
  return last === undefined ? EMPTY_AUDIT : { seq: last.seq, hash: last.hash };
}

/** A chain that is intact. */
export function auditEntries(count: number): AuditEntry[] {
  const entries: AuditEntry[] = [];
  for (let seq = 1; seq <= count; seq += 1) {
    const previous = entries.at(-1)?.hash ?? EMPTY_AUDIT.hash;
    const line = JSON.stringify({
      seq,
      at: new Date(NOW_MS + seq).toISOString(),
      kind: 'tool_call',
      previous,
    });
    entries.push({ seq, line, hash: createHash('sha256').update(line).digest('hex') });
  }
  return entries;
}
