// A call that only looks: scope, then policy, then the request. An issue that is named by its id is read and judged
// first; what a key turned out to stand for is judged before anything of it is shown.

import { ToolFault, type ToolPlan } from '../../contract/agent-tools.ts';
import type { Json } from '../../contract/tool-operations.ts';
import { demandSupport } from '../operations/support.ts';
import { factsOfReading } from '../resolve/facts.ts';
import { findIssue } from '../resolve/find-issue.ts';
import { usedJson } from '../rule-use.ts';
import { demandKey, demandProject, isOwn, projectOfKey, scopeOf, type Scope } from '../scope.ts';
import type { CallParts, CallRecord } from './call-parts.ts';
import { judge } from './judge.ts';
import type { Outcome } from './outcome.ts';
import type { RunState } from './run-state.ts';

type ReadPlan = Extract<ToolPlan, { readonly kind: 'read' }>;

export async function carryOutRead(
  plan: ReadPlan,
  run: RunState,
  {
    parts,
    record,
    signal,
  }: { readonly parts: CallParts; readonly record: CallRecord; readonly signal: AbortSignal },
): Promise<Outcome> {
  const { operation, projects, issueKeys } = plan;
  const settings = parts.settings();
  const scope = scopeOf(settings);
  record.operation = operation;
  demandSupport(parts.tracker, operation);
  for (const project of projects) demandProject(scope, project);
  for (const key of issueKeys) demandKey(scope, key, run.issue);
  const facts = factsOfReading(operation, plan, run.issue, run.agentKind);
  const { verdicts, refusal, used } = judge(settings.tools, [facts], parts.uses, run.runId);
  record.decision = verdicts[0]?.decision ?? '';
  record.rule = verdicts[0]?.rule ?? '';
  if (refusal !== null) return refusal.outcome;
  const usedNote = usedJson(used);
  if (usedNote !== null) record.after = { used: usedNote };
  for (const key of issueKeys) {
    const isUnknown = scope !== null && !isOwn(key, run.issue) && projectOfKey(key) === null;
    if (isUnknown) await findIssue(key, { tracker: parts.tracker, scope, own: run.issue, signal });
  }
  const data = await plan.run(signal);
  if (issueKeys.length > 0) demandInside(data, scope, run);
  return { ok: true, data: asJson(data) };
}

/** Of an answer about one issue: it says whose it is. */
function demandInside(data: unknown, scope: Scope, run: RunState): void {
  if (scope === null || typeof data !== 'object' || data === null) return;
  const { key, identifier, issueKey } = data as Readonly<Record<string, unknown>>;
  const named = [key, identifier, issueKey].find(
    (one) => typeof one === 'string' && projectOfKey(one) !== null,
  );
  if (typeof named !== 'string' || isOwn(named, run.issue)) return;
  if (!scope.includes(projectOfKey(named) ?? ''))
    throw new ToolFault('project_scope_violation', 'the issue is out of scope: it lies in another project');
}

function asJson(data: unknown): Json {
  return data === undefined ? null : (JSON.parse(JSON.stringify(data)) as Json);
}
