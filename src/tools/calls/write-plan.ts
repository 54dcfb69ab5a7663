// A call that writes: every action is checked, resolved and judged before any of it is begun. Then, in one transaction,
// what is allowed goes into the outbox and what needs a person becomes a proposal; and the call waits a while for both.

import type { WriteAction } from '../../contract/tool-operations.ts';
import type { LedgerChange } from '../../contract/tool-ledger.ts';
import type { PolicyVerdict } from '../../contract/tool-policy.ts';
import type { Approval } from '../../contract/approval.ts';
import type { Issue } from '../../contract/issue.ts';
import type { OutboxWrite } from '../../contract/outbox.ts';
import { MOST_WAITING } from '../approvals/approvals.ts';
import { proposalChanges, propose, type ProposedBy } from '../approvals/proposal.ts';
import { checkAction } from '../operations/details.ts';
import { demandSupport } from '../operations/support.ts';
import { newWrites, type Asker } from '../new-writes.ts';
import type { ResolvedAction } from '../ports.ts';
import type { Ground } from '../resolve/ground.ts';
import { resolveAction } from '../resolve/resolve-action.ts';
import { usedJson } from '../rule-use.ts';
import { demandAction, scopeOf } from '../scope.ts';
import type { CallParts, CallRecord } from './call-parts.ts';
import { judge } from './judge.ts';
import { refused, storeFailed, type Outcome } from './outcome.ts';
import type { RunState } from './run-state.ts';
import { awaitAnswers } from './await-answers.ts';

export interface WriteCall {
  readonly parts: CallParts;
  readonly record: CallRecord;
  readonly run: RunState;
  readonly signal: AbortSignal;
  /** When the wait for a person is over. */
  readonly patience: AbortSignal;
}

/** One action as it was begun. */
export type Begun =
  | { readonly kind: 'recorded'; readonly rows: readonly OutboxWrite[]; readonly verdict: PolicyVerdict }
  | { readonly kind: 'proposed'; readonly approval: Approval };

export async function carryOutWrites(given: readonly WriteAction[], call: WriteCall): Promise<Outcome> {
  const { parts, record, run, signal } = call;
  record.operation = [...new Set(given.map(({ operation }) => operation))].join(',');
  const actions = given.map(({ operation, details }) => checkAction(operation, details));
  const ground = await groundOf(call);
  for (const action of actions) {
    demandSupport(parts.tracker, action.operation);
    demandAction(ground.scope, action, ground.own);
  }
  const resolved: ResolvedAction[] = [];
  for (const action of actions) resolved.push(await resolveAction(action, ground));
  record.before = resolved.length === 1 ? toJson(resolved[0]?.before ?? null) : null;
  signal.throwIfAborted();
  const facts = resolved.map((action) => action.facts);
  const { verdicts, refusal, used } = judge(parts.settings().tools, facts, {
    uses: parts.uses,
    runId: run.runId,
    noRoomFor: (proposals) =>
      parts.approvals.hasRoomFor(proposals, run.issue.id) ? null : tooManyWait(run.issue),
  });
  noteVerdicts(record, verdicts);
  const usedNote = usedJson(used);
  if (usedNote !== null) record.after = { used: usedNote };
  resolved.forEach((action, place) => logVerdict(call, action, verdicts[place]));
  if (refusal !== null) return refusalOf(refusal.outcome, resolved, refusal.place);
  return begin(resolved, verdicts, call);
}

async function groundOf({ parts, run, signal }: WriteCall): Promise<Ground> {
  return {
    tracker: parts.tracker,
    schema: await parts.schema.soon(),
    scope: scopeOf(parts.settings()),
    own: run.issue,
    agentKind: run.agentKind,
    nowMs: parts.clock.nowMs(),
    signal,
  };
}

async function begin(
  resolved: readonly ResolvedAction[],
  verdicts: readonly PolicyVerdict[],
  call: WriteCall,
): Promise<Outcome> {
  const { parts, record, run } = call;
  const by: ProposedBy = { runId: run.runId, issue: run.issue, agentKind: run.agentKind };
  const { id, identifier } = run.issue;
  const asker: Asker = { runId: run.runId, own: { id, identifier }, approvalId: null };
  const begun: Begun[] = [];
  const changes: LedgerChange[] = [];
  resolved.forEach((action, place) => {
    const verdict = verdicts[place];
    if (verdict === undefined) return;
    if (verdict.decision === 'approve') {
      const { tools, notifications } = parts.settings();
      const at = { nowMs: parts.clock.nowMs(), settings: tools };
      const approval = propose(parts.newUuid(), action, verdict, by, at);
      changes.push(...proposalChanges(approval, by, { destinations: notifications, note: parts.note }));
      begun.push({ kind: 'proposed', approval });
    } else {
      const rows = parts.outbox.rows(newWrites(asker, action, parts.newUuid));
      changes.push(...parts.outbox.recording(rows));
      begun.push({ kind: 'recorded', rows, verdict });
    }
  });
  try {
    await parts.ledger.apply(changes);
  } catch (error) {
    parts.log.error('a write of an agent could not be recorded', { run_id: run.runId, error: String(error) });
    return storeFailed();
  }
  const rows = begun.flatMap((one) => (one.kind === 'recorded' ? one.rows : []));
  const approvals = begun.flatMap((one) => (one.kind === 'proposed' ? [one.approval] : []));
  record.writeId = rows.length === 1 ? (rows[0]?.id ?? null) : null;
  record.approvalId = approvals.length === 1 ? (approvals[0]?.id ?? null) : null;
  for (const { id } of rows) run.openWrites.add(id);
  for (const approval of approvals) {
    parts.approvals.added(approval);
    recordProposal(approval, call);
  }
  parts.outbox.release(rows);
  // Cancelled while it was being recorded: what the cancelling could not see yet.
  if (run.ended.aborted) for (const { id } of rows) void parts.outbox.cancel(id, 'its run was cancelled');
  return awaitAnswers(begun, call);
}

function noteVerdicts(record: CallRecord, verdicts: readonly PolicyVerdict[]): void {
  record.decision = [...new Set(verdicts.map(({ decision }) => decision))].join(',');
  record.rule = [...new Set(verdicts.map(({ rule }) => rule))].join('; ');
}

function logVerdict(
  { parts, run }: WriteCall,
  action: ResolvedAction,
  verdict: PolicyVerdict | undefined,
): void {
  if (verdict === undefined) return;
  const { decision, rule, limitExceeded } = verdict;
  parts.log.info('write of an agent judged', {
    issue_id: run.issue.id,
    issue_identifier: run.issue.identifier,
    run_id: run.runId,
    operation: action.operation,
    target: action.target?.identifier ?? null,
    decision,
    rule,
    ...(limitExceeded !== null && { limit_exceeded: `${limitExceeded.count}/${limitExceeded.per}` }),
  });
}

function tooManyWait({ identifier }: Pick<Issue, 'identifier'>): Outcome {
  const message = `${MOST_WAITING} proposals for ${identifier} wait for a person; ask for no more until some were decided`;
  return refused('limit_exceeded', message);
}

/** Of several, which one it was, and that the others were not begun, either. */
function refusalOf(outcome: Outcome, resolved: readonly ResolvedAction[], place: number): Outcome {
  if (outcome.ok || resolved.length === 1) return outcome;
  const operation = resolved[place]?.operation ?? '';
  return refused(
    outcome.kind,
    `${operation}: ${outcome.message}; nothing of this call was done`,
    outcome.more,
  );
}

function recordProposal(approval: Approval, { parts, run }: WriteCall): void {
  parts.record({
    atMs: approval.requestedAtMs,
    issueId: run.issue.id,
    issueIdentifier: run.issue.identifier,
    runId: run.runId,
    attempt: run.attempt,
    kind: 'approval',
    name: approval.action,
    detail: `waits for a person: ${approval.summary}`,
    durationMs: null,
    ok: null,
  });
}

function toJson(before: ResolvedAction['before']): CallRecord['before'] {
  return before === null ? null : { ...before };
}
