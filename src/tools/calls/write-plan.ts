// A call that writes: every action is checked, resolved and judged before any of it is begun. Then, in one transaction,
// what is allowed goes into the outbox and what needs a person becomes a proposal, unless the same waits for one already;
// and the call waits a while for all of it.

import type { JsonMap, WriteAction, WriteOperation } from '../../contract/tool-operations.ts';
import type { LedgerChange } from '../../contract/tool-ledger.ts';
import type { PolicyVerdict } from '../../contract/tool-policy.ts';
import type { Approval } from '../../contract/approval.ts';
import type { Issue } from '../../contract/issue.ts';
import type { OutboxWrite } from '../../contract/outbox.ts';
import { MOST_WAITING } from '../approvals/approvals.ts';
import { proposalChanges, propose, type ProposedBy } from '../approvals/proposal.ts';
import { checkAction } from '../operations/details.ts';
import { demandSupportOf, operationsOf } from '../operations/support.ts';
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

const CANCELLED = 'its run was cancelled';

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
  | {
      readonly kind: 'proposed';
      readonly approval: Approval;
      /** By an earlier call. */
      readonly isOld: boolean;
    };

export async function carryOutWrites(given: readonly WriteAction[], call: WriteCall): Promise<Outcome> {
  const { parts, record, run, signal } = call;
  record.operation = namesOf(given.map(({ operation }) => operation));
  const actions = given.map(({ operation, details }) => checkAction(operation, details));
  record.operation = namesOf(actions.flatMap(operationsOf));
  const ground = await groundOf(call);
  for (const action of actions) {
    demandSupportOf(parts.tracker, action);
    demandAction(ground.scope, action, ground.own);
  }
  const resolved: ResolvedAction[] = [];
  for (const action of actions) resolved.push(await resolveAction(action, ground));
  record.before = resolved.length === 1 ? toJson(resolved[0]?.before ?? null) : null;
  signal.throwIfAborted();
  // Two calls at once must not both find that nothing like it waits.
  const begun = await parts.turns.take(run.issue.id, () => judgeAndBegin(resolved, call));
  return Array.isArray(begun) ? awaitAnswers(begun, call) : begun;
}

async function judgeAndBegin(
  resolved: readonly ResolvedAction[],
  call: WriteCall,
): Promise<Outcome | Begun[]> {
  const { parts, record, run, signal } = call;
  signal.throwIfAborted();
  const old = resolved.map((action) => parts.approvals.sameAs(action, run.issue.id));
  const facts = resolved.map((action) => action.facts);
  const { verdicts, refusal, used, waiting } = judge(parts.settings().tools, facts, {
    uses: parts.uses,
    runId: run.runId,
    noRoomFor: (proposals) =>
      parts.approvals.hasRoomFor(proposals, run.issue.id) ? null : tooManyWait(run.issue),
    waits: (place) => old[place] !== null,
  });
  noteVerdicts(record, verdicts);
  const usedNote = usedJson(used);
  if (usedNote !== null) record.after = { used: usedNote };
  resolved.forEach((action, place) => logVerdict(call, action, verdicts[place]));
  if (refusal !== null) return refusalOf(refusal.outcome, resolved, refusal.place);
  const ids = old.map((id, place) => (waiting.has(place) ? id : null));
  return begin(resolved, { verdicts, old: ids }, call);
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
  judged: {
    readonly verdicts: readonly PolicyVerdict[];
    /** By place: the proposal that asks for the same already. */
    readonly old: readonly (string | null)[];
  },
  call: WriteCall,
): Promise<Outcome | Begun[]> {
  const { parts, record, run } = call;
  const by: ProposedBy = { runId: run.runId, issue: run.issue, agentKind: run.agentKind };
  const { id, identifier } = run.issue;
  const asker: Asker = { runId: run.runId, own: { id, identifier }, approvalId: null };
  const begun: Begun[] = [];
  const changes: LedgerChange[] = [];
  const known = await Promise.all(
    judged.old.map(async (one) => (one === null ? null : parts.approvals.read(one))),
  );
  resolved.forEach((action, place) => {
    const verdict = judged.verdicts[place];
    const old = known[place];
    if (verdict === undefined) return;
    if (old != null) begun.push({ kind: 'proposed', approval: old, isOld: true });
    else if (verdict.decision === 'approve') {
      const { tools, notifications } = parts.settings();
      const at = { nowMs: parts.clock.nowMs(), settings: tools };
      const approval = propose(parts.newUuid(), action, verdict, by, at);
      changes.push(...proposalChanges(approval, by, { destinations: notifications, note: parts.note }));
      begun.push({ kind: 'proposed', approval, isOld: false });
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
  noteBegun(record, begun);
  const rows = begun.flatMap((one) => (one.kind === 'recorded' ? one.rows : []));
  const revocable = rows.filter(({ write }) => !('after' in write));
  for (const { id } of revocable) run.openWrites.add(id);
  for (const one of begun) {
    if (one.kind === 'recorded' || one.isOld) continue;
    parts.approvals.added(one.approval);
    recordProposal(one.approval, call);
  }
  parts.outbox.release(rows);
  // Cancelled while it was being recorded: what the cancelling could not see yet.
  if (run.ended.aborted) for (const { id } of revocable) void parts.outbox.cancel(id, CANCELLED);
  return begun;
}

/** So that the entry of the call leads to its rows, however many there are. */
function noteBegun(record: CallRecord, begun: readonly Begun[]): void {
  const writes = begun.flatMap((one) => (one.kind === 'recorded' ? one.rows.map(({ id }) => id) : []));
  const approvals = begun.flatMap((one) => (one.kind === 'proposed' ? [one.approval.id] : []));
  record.hasBegun = writes.length + approvals.length > 0;
  record.writeId = writes.length === 1 ? (writes[0] ?? null) : null;
  record.approvalId = approvals.length === 1 ? (approvals[0] ?? null) : null;
  const several: JsonMap = {
    ...(writes.length > 1 && { writes }),
    ...(approvals.length > 1 && { approvals }),
  };
  if (Object.keys(several).length > 0) record.after = { ...(record.after as JsonMap | null), ...several };
}

function namesOf(operations: readonly WriteOperation[]): string {
  return [...new Set(operations)].join(',');
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
