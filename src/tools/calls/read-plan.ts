// A call that only looks: scope, then policy, then the request. An issue that is named by its id is read first, so that
// scope and rules are asked about its project; what a key turned out to stand for is judged before anything is shown.

import { ToolFault, type ToolPlan } from '../../contract/agent-tools.ts';
import type { Json } from '../../contract/tool-operations.ts';
import { demandSupport } from '../operations/support.ts';
import { factsOfReading } from '../resolve/facts.ts';
import { findIssue } from '../resolve/find-issue.ts';
import { usedJson } from '../rule-use.ts';
import type { ActionFacts } from '../ports.ts';
import { demandKey, demandProject, isOwn, projectOfKey, scopeOf, type Scope } from '../scope.ts';
import type { CallParts, CallRecord } from './call-parts.ts';
import { judge, judgeForPerson, refusalAt } from './judge.ts';
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
  const identifiers: string[] = [];
  for (const key of issueKeys) {
    const place = { tracker: parts.tracker, scope, own: run.issue, signal };
    const isId = !isOwn(key, run.issue) && projectOfKey(key) === null;
    identifiers.push(isId ? (await findIssue(key, place)).identifier : key);
  }
  const factsOf = (keys: readonly string[]): readonly ActionFacts[] =>
    factsOfReading(operation, { projects, issueKeys: keys }, run.issue, run.agentKind);
  const { verdicts, refusal, used } = judge(settings.tools, [factsOf(identifiers)], {
    uses: parts.uses,
    runId: run.runId,
  });
  record.decision = verdicts[0]?.decision ?? '';
  record.rule = verdicts[0]?.rule ?? '';
  if (refusal !== null) return refusal.outcome;
  const usedNote = usedJson(used);
  if (usedNote !== null) record.after = { used: usedNote };
  const data = await plan.run(signal);
  const found = issueKeys.length === 0 ? null : identifierIn(data);
  if (found !== null && !isOwn(found, run.issue)) {
    demandInside(found, scope);
    // A key that was moved stands for an issue of another project, of which the rules may say something else.
    const moved = refusalAt(judgeForPerson(settings.tools, factsOf([found])));
    if (moved !== null) return moved;
  }
  return { ok: true, data: asJson(data) };
}

/** Of an answer about one issue: it says whose it is. */
function identifierIn(data: unknown): string | null {
  if (typeof data !== 'object' || data === null) return null;
  const { key, identifier, issueKey } = data as Readonly<Record<string, unknown>>;
  const found = [key, identifier, issueKey].find(
    (one) => typeof one === 'string' && projectOfKey(one) !== null,
  );
  return typeof found === 'string' ? found : null;
}

function demandInside(identifier: string, scope: Scope): void {
  if (scope !== null && !scope.includes(projectOfKey(identifier) ?? ''))
    throw new ToolFault('project_scope_violation', 'the issue is out of scope: it lies in another project');
}

function asJson(data: unknown): Json {
  return data === undefined ? null : (JSON.parse(JSON.stringify(data)) as Json);
}
