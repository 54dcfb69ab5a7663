// A write that needs a person, as it is recorded: the proposal, its audit entry and a row for each destination that
// wants to know, to be made durable together. Decides nothing.

import type { Approval } from '../../contract/approval.ts';
import type { Issue } from '../../contract/issue.ts';
import type { NotificationSettings } from '../../contract/notification.ts';
import type { LedgerChange } from '../../contract/tool-ledger.ts';
import type { PolicyVerdict, ToolSettings } from '../../contract/tool-policy.ts';
import { notificationRows } from '../notifications.ts';
import type { ResolvedAction, ToAuditFacts } from '../ports.ts';
import { storeResolution } from '../resolve/stored.ts';

export interface ProposedBy {
  readonly runId: string;
  readonly issue: Issue;
  readonly agentKind: string;
}

export function propose(
  id: string,
  action: ResolvedAction,
  verdict: PolicyVerdict,
  by: ProposedBy,
  at: { readonly nowMs: number; readonly settings: ToolSettings },
): Approval {
  return {
    id,
    action: action.operation,
    summary: action.summary,
    details: action.details,
    before: action.before,
    status: 'pending',
    group: verdict.group,
    rule: verdict.rule,
    runId: by.runId,
    issueId: by.issue.id,
    issueIdentifier: by.issue.identifier,
    targetIdentifier: action.target?.identifier ?? '',
    requestedAtMs: at.nowMs,
    expiresAtMs: at.nowMs + at.settings.approval.timeoutMs,
    decidedBy: '',
    decidedAtMs: null,
    modifiedDetails: null,
    decisionNote: '',
    result: null,
    toldRunId: null,
    resolved: storeResolution(action, by.agentKind),
  };
}

export function proposalChanges(
  approval: Approval,
  by: ProposedBy,
  tell: { readonly destinations: readonly NotificationSettings[]; readonly note: ToAuditFacts },
): readonly LedgerChange[] {
  const { id, action, details, before, rule, requestedAtMs: atMs, group } = approval;
  const audited = tell.note({
    kind: 'approval_requested',
    atMs,
    actor: 'agent',
    name: by.agentKind,
    runId: by.runId,
    issueIdentifier: by.issue.identifier,
    operation: action,
    decision: 'approve',
    rule,
    approvalId: id,
    details,
    before: before === null ? null : { ...before },
  });
  const rows = notificationRows(tell.destinations, id, {
    event: 'approval_waiting',
    atMs,
    summary: `${by.issue.identifier} asks to be allowed: ${approval.summary}`,
    detail: group === '' ? '' : `for ${group}`,
    issueId: by.issue.id,
    issueIdentifier: by.issue.identifier,
    issueTitle: by.issue.title,
    issueUrl: by.issue.url,
    runId: by.runId,
    code: action,
  });
  return [{ kind: 'add_approval', approval }, { kind: 'audit', facts: audited }, ...rows];
}
