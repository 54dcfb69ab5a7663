// One call from its arguments to its answer: secrets out, sizes and fields checked, then read, write or a tool's own work.
// Never rejects, and every call is counted once and leaves one entry in the audit, whatever became of it, before it is
// answered.

import { ToolFault, type ToolPlace } from '../../contract/agent-tools.ts';
import { faultOf } from '../operations/details.ts';
import { measureArguments } from '../operations/measure-arguments.ts';
import { redactJson } from '../operations/redact-json.ts';
import type { ToolAnswer } from '../ports.ts';
import { factsOfReading } from '../resolve/facts.ts';
import { usedJson } from '../rule-use.ts';
import { scopeOf } from '../scope.ts';
import { newRecord, type CallParts, type CallRecord } from './call-parts.ts';
import { judge } from './judge.ts';
import { answerOf, outcomeOfError, refused, runEnded, storeFailed, type Outcome } from './outcome.ts';
import { carryOutRead } from './read-plan.ts';
import type { RunState } from './run-state.ts';
import type { EngineTool, OwnPlan } from './tool.ts';
import { carryOutWrites } from './write-plan.ts';

const NAME_LIMIT = 100;

interface Call {
  readonly name: string;
  readonly args: unknown;
  readonly run: RunState;
  readonly signal: AbortSignal;
}

export async function takeCall({ name, args, run, signal }: Call, parts: CallParts): Promise<ToolAnswer> {
  const startedMs = parts.clock.monotonicMs();
  const record = newRecord();
  const call = {
    name: parts.redact(String(name)).slice(0, NAME_LIMIT),
    args,
    run,
    signal: AbortSignal.any([signal, run.ended]),
  };
  const outcome = await outcomeOf(call, record, parts);
  const durationMs = Math.round(parts.clock.monotonicMs() - startedMs);
  const isRecorded = await audit(call, record, outcome, durationMs, parts);
  // What could not be noted is not shown, either; a write that was made is made, and is noted with its row.
  const answer = answerOf(isRecorded || !outcome.ok || record.hasBegun ? outcome : storeFailed());
  // Whatever else an agent calls it: a metric has no label that an agent makes up.
  parts.counters.countToolCall(
    parts.tools.has(call.name) ? call.name : 'unknown',
    answer.ok ? 'success' : 'error',
  );
  return answer;
}

async function outcomeOf(call: Call, record: CallRecord, parts: CallParts): Promise<Outcome> {
  const { run, signal } = call;
  if (run.ended.aborted) return runEnded();
  // Who switches them off wants it now, also of what runs.
  if (!parts.settings().tools.enabled)
    return refused('policy_denied', 'tools are switched off (tools.enabled); go on without them');
  const waitMs = run.rate.take(parts.clock.monotonicMs(), parts.settings().tools.callsPerMinute);
  if (waitMs > 0) {
    const seconds = Math.ceil(waitMs / 1000);
    return refused(
      'rate_limited',
      `too many calls in a minute (tools.calls_per_minute); come again in ${seconds} s`,
    );
  }
  try {
    const outcome = await work(call, record, parts);
    return run.ended.aborted ? runEnded() : outcome;
  } catch (error) {
    if (run.ended.aborted || signal.aborted) return runEnded();
    const outcome = outcomeOfError(error);
    if (outcome !== null) return outcome;
    parts.log.error('a tool call failed in a way that it must not', {
      run_id: run.runId,
      tool: call.name,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
    return refused('internal_error', 'the daemon made a mistake; it is in its log');
  }
}

async function work(call: Call, record: CallRecord, parts: CallParts): Promise<Outcome> {
  const { run, signal } = call;
  const tool = parts.tools.get(call.name);
  const args = readArguments(call.args, record, parts);
  if (tool === undefined) throw new ToolFault('invalid_arguments', `there is no tool "${call.name}"`);
  const checked = tool.input.safeParse(args);
  if (!checked.success) throw faultOf(checked.error, call.name);
  const plan = tool.plan(checked.data, placeOf(tool, run, parts));
  if (plan.kind === 'own') return carryOutOwn(plan, call, record, parts);
  if (plan.kind === 'read') return carryOutRead(plan, run, { parts, record, signal });
  if (plan.actions.length === 0)
    throw new ToolFault('invalid_arguments', `${call.name}: nothing to write was given`);
  const patience = new AbortController();
  const { waitMs } = parts.settings().tools.approval;
  const cancel = parts.clock.after(waitMs, () => patience.abort(new Error('the wait is over')));
  try {
    return await carryOutWrites(plan.actions, { parts, record, run, signal, patience: patience.signal });
  } finally {
    cancel();
  }
}

/** What is too large to look through is not kept, either. */
function readArguments(args: unknown, record: CallRecord, parts: CallParts): unknown {
  measureArguments(args);
  const redacted = redactJson(args ?? {}, parts.redact);
  record.details = redacted as CallRecord['details'];
  return redacted;
}

function placeOf(tool: EngineTool, run: RunState, parts: CallParts): ToolPlace {
  const needsSchema = tool.operations.length > 0;
  return {
    issue: run.issue,
    projects: scopeOf(parts.settings()),
    schema: needsSchema ? parts.schema.known() : null,
  };
}

async function carryOutOwn(
  plan: OwnPlan,
  call: Call,
  record: CallRecord,
  parts: CallParts,
): Promise<Outcome> {
  const { run, signal } = call;
  const { operation } = plan;
  if (operation !== null) {
    record.operation = operation;
    const facts = factsOfReading(operation, { projects: [], issueKeys: [] }, run.issue, run.agentKind);
    const { verdicts, refusal, used } = judge(parts.settings().tools, [facts], {
      uses: parts.uses,
      runId: run.runId,
    });
    record.decision = verdicts[0]?.decision ?? '';
    record.rule = verdicts[0]?.rule ?? '';
    if (refusal !== null) return refusal.outcome;
    const usedNote = usedJson(used);
    if (usedNote !== null) record.after = { used: usedNote };
  }
  return plan.run(run, signal);
}

async function audit(
  { name, run }: Call,
  { hasBegun: _, ...record }: CallRecord,
  outcome: Outcome,
  durationMs: number,
  parts: CallParts,
): Promise<boolean> {
  const facts = parts.note({
    ...record,
    kind: 'tool_call',
    actor: 'agent',
    name: run.agentKind,
    runId: run.runId,
    issueIdentifier: run.issue.identifier,
    tool: name,
    answer: outcome.ok ? 'ok' : outcome.kind,
    message: outcome.ok ? '' : outcome.message,
    durationMs,
  });
  try {
    await parts.callLog.add(facts);
    return true;
  } catch (error) {
    parts.log.error('a tool call could not be audited', {
      run_id: run.runId,
      tool: name,
      error: String(error),
    });
    return false;
  }
}
