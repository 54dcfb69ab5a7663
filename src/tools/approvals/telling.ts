// What is said when a proposal was decided or ran out: the audit entry that goes into the transaction, and afterwards the
// count, the log line and the line of the issue's timeline.

import type { Approval } from '../../contract/approval.ts';
import type { AuditFacts } from '../../contract/audit.ts';
import type { AuditNote, ToAuditFacts, ToolsParts } from '../ports.ts';

export interface ApprovalTelling {
  audited(approval: Approval, by: Pick<AuditNote, 'kind' | 'actor' | 'name'>): AuditFacts;
  /** It is durable. */
  announce(approval: Approval): void;
}

export function approvalTelling(
  parts: Pick<ToolsParts, 'clock' | 'log' | 'counters' | 'record'> & { readonly note: ToAuditFacts },
): ApprovalTelling {
  const { clock, log, counters, note } = parts;

  function announce(approval: Approval): void {
    const { id, status, action, issueId, issueIdentifier, runId, rule, decidedBy, summary } = approval;
    counters.countApproval(status);
    log.info('proposal decided', {
      issue_id: issueId,
      issue_identifier: issueIdentifier,
      run_id: runId,
      approval_id: id,
      operation: action,
      decision: status,
      rule,
      decided_by: decidedBy,
    });
    const detail = `${status} by ${decidedBy}: ${summary}`;
    parts.record({
      atMs: clock.nowMs(),
      issueId,
      issueIdentifier,
      runId,
      attempt: null,
      kind: 'approval',
      name: action,
      detail,
      durationMs: approval.decidedAtMs === null ? null : approval.decidedAtMs - approval.requestedAtMs,
      ok: status === 'approved',
    });
  }

  function audited(approval: Approval, by: Pick<AuditNote, 'kind' | 'actor' | 'name'>): AuditFacts {
    const { id, action, runId, issueIdentifier, rule, status, details, modifiedDetails, decisionNote } =
      approval;
    return note({
      ...by,
      atMs: approval.decidedAtMs ?? clock.nowMs(),
      runId,
      issueIdentifier,
      operation: action,
      decision: status,
      rule,
      approvalId: id,
      details: { details, modifiedDetails },
      message: approval.result?.status === 'refused' ? approval.result.message : decisionNote,
      durationMs: clock.nowMs() - approval.requestedAtMs,
    });
  }

  return { audited, announce };
}
