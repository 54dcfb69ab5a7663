// What agents may do, from the daemon's words to the wire's. Pure, and total.

import type { ToolListing } from '../contract/agent-tools.ts';
import type { Approval, ApprovalPage } from '../contract/approval.ts';
import type { AuditEntry, AuditVerdict } from '../contract/audit.ts';
import type { OutboxPage, OutboxWrite } from '../contract/outbox.ts';
import type { JsonMap } from '../contract/tool-operations.ts';
import type { Person, PolicyVerdict } from '../contract/tool-policy.ts';
import type { SeenIssue } from '../contract/tracker-write.ts';
import type { z } from 'zod';
import type {
  approvalSchema,
  auditSchema,
  auditVerdictSchema,
  outboxSchema,
  policyAnswerSchema,
  toolsSchema,
} from './tool-schemas.ts';
import { orNull, toCount, toIso, toIsoOrNull, toLink } from './wire-values.ts';
import { limitText, writeSummary } from './write-summary.ts';

export type ApprovalAnswer = z.output<typeof approvalSchema> & {
  details: JsonMap;
  modifiedDetails: JsonMap | null;
};

/** Who asks, and when: whether it may be decided depends on both. */
export interface Asking {
  readonly person: Person;
  readonly nowMs: number;
}

export function toApproval(approval: Approval, asking: Asking): ApprovalAnswer {
  const { result } = approval;
  return {
    id: approval.id,
    action: approval.action,
    summary: approval.summary,
    details: approval.details,
    before: approval.before && toSeen(approval.before),
    status: approval.status,
    group: approval.group,
    rule: approval.rule,
    run_id: approval.runId,
    issue_identifier: approval.issueIdentifier,
    target_identifier: orNull(approval.targetIdentifier),
    requested_at: toIso(approval.requestedAtMs),
    expires_at: toIso(approval.expiresAtMs),
    decided_by: orNull(approval.decidedBy),
    decided_at: toIsoOrNull(approval.decidedAtMs),
    modifiedDetails: approval.modifiedDetails,
    decisionNote: approval.decisionNote,
    result: result && { status: result.status, message: result.message, issues: [...result.issues] },
    may_decide: mayDecide(approval, asking),
  };
}

export function toApprovals(page: ApprovalPage, asking: Asking) {
  return {
    approvals: page.approvals.map((approval) => toApproval(approval, asking)),
    next_cursor: page.nextCursor,
  };
}

function toSeen({ atMs, state, updatedAt, fields }: SeenIssue): NonNullable<ApprovalAnswer['before']> {
  const copies = Object.entries(fields).map(
    ([name, value]) => [name, Array.isArray(value) ? [...(value as string[])] : value] as const,
  );
  return {
    at: toIso(atMs),
    state,
    updated_at: updatedAt,
    fields: Object.fromEntries(copies) as Record<string, string | string[] | null>,
  };
}

function mayDecide({ status, group, expiresAtMs }: Approval, { person, nowMs }: Asking): boolean {
  const isOneOfThem = group === '' || person.groups === null || person.groups.includes(group);
  return status === 'pending' && expiresAtMs > nowMs && isOneOfThem;
}

export function toOutbox(page: OutboxPage): z.output<typeof outboxSchema> {
  return { writes: page.writes.map(toWrite), next_cursor: page.nextCursor };
}

function toWrite(write: OutboxWrite): z.output<typeof outboxSchema>['writes'][number] {
  const { result } = write;
  return {
    id: write.id,
    seq: toCount(write.seq),
    operation: write.write.operation,
    origin: write.origin,
    run_id: write.runId,
    issue_identifier: write.issue.identifier,
    run_issue_identifier: write.runIssue?.identifier ?? null,
    approval_id: write.approvalId,
    status: write.status,
    tries: toCount(write.tries),
    requested_at: toIso(write.requestedAtMs),
    sent_at: toIsoOrNull(write.sentAtMs),
    due_at: toIsoOrNull(write.dueAtMs),
    ended_at: toIsoOrNull(write.endedAtMs),
    detail: write.detail,
    summary: writeSummary(write.write),
    result: result && { issue_identifier: result.issue?.identifier ?? null, url: toLink(result.url) },
  };
}

/** A page that is not full is the last. */
export function toAudit(entries: readonly AuditEntry[], limit: number): z.output<typeof auditSchema> {
  return {
    lines: entries.map(auditLine),
    next_after: entries.length < limit ? null : (entries.at(-1)?.seq ?? null),
  };
}

/** The hash is over the line without it. */
export function auditLine({ line, hash }: AuditEntry): string {
  return `${line.slice(0, -1)},"hash":${JSON.stringify(hash)}}`;
}

export function toAuditVerdict(verdict: AuditVerdict): z.output<typeof auditVerdictSchema> {
  const nothing = { entries: null, first_seq: null, head: null, broken_at: null, problem: null };
  if (verdict.kind === 'broken') {
    return { ...nothing, intact: false, broken_at: verdict.seq || null, problem: verdict.problem };
  }
  const { entries, first, head } = verdict;
  return { ...nothing, intact: true, entries, first_seq: first, head: { seq: head.seq, hash: head.hash } };
}

export function toTools({ tools, settings, schemaAtMs, schemaError, url }: ToolListing) {
  return {
    enabled: settings.enabled,
    url: orNull(url),
    schema_at: toIsoOrNull(schemaAtMs),
    schema_error: orNull(schemaError),
    tools: tools.map(({ name, title, description, input, operations }) => ({
      name,
      title,
      description,
      input,
      operations: [...operations],
    })),
    read_default: settings.readDefault,
    write_default: settings.writeDefault,
    rules: settings.rules.map((rule) => ({
      number: rule.number,
      name: rule.name,
      operations: [...rule.operations],
      decision: rule.decision,
      group: rule.group,
      to: rule.to && [...rule.to],
      when: Object.fromEntries(Object.entries(rule.when).map(([field, values]) => [field, [...values]])),
      limit: limitText(rule.limit),
    })),
    projects: [...settings.projects],
  } satisfies z.output<typeof toolsSchema>;
}

export function toPolicyAnswer(verdict: PolicyVerdict): z.output<typeof policyAnswerSchema> {
  const { decision, rule, group, limitExceeded } = verdict;
  return { decision, rule, group, limit_exceeded: limitText(limitExceeded) };
}
