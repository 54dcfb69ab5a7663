// An approval before it is made durable: what the person made of the details goes through schema, scope, names and policy
// as if it were asked for anew, and is compared with the issue as it is now. Decided as it stands, it needs no tracker:
// what cannot be read at this moment is compared just before it is sent.

import type { Approval } from '../../contract/approval.ts';
import { ToolFault, type ApprovalDecision, type DecisionAnswer } from '../../contract/agent-tools.ts';
import type { JsonMap, WriteAction } from '../../contract/tool-operations.ts';
import type { Person, PolicyVerdict } from '../../contract/tool-policy.ts';
import type { SeenIssue, TrackerWrite } from '../../contract/tracker-write.ts';
import { TrackerError } from '../../contract/tracker.ts';
import { checkAction } from '../operations/details.ts';
import { editDetails } from '../operations/edit-details.ts';
import { measureArguments } from '../operations/measure-arguments.ts';
import { redactJson } from '../operations/redact-json.ts';
import type { ActionFacts } from '../ports.ts';
import type { Ground } from '../resolve/ground.ts';
import { resolveAction } from '../resolve/resolve-action.ts';
import { whatChanged } from '../resolve/staleness.ts';
import { storedResolution } from '../resolve/stored.ts';
import { demandAction, demandKey } from '../scope.ts';

type RefusalCode = Extract<DecisionAnswer, { readonly kind: 'refused' }>['code'];

export type Judged =
  | { readonly kind: 'refused'; readonly code: RefusalCode; readonly message: string }
  | {
      readonly kind: 'good';
      readonly changed: JsonMap | null;
      readonly writes: readonly TrackerWrite[];
      readonly before: SeenIssue | null;
      /** Why it would be wrong by now; null = nothing says so. */
      readonly stale: string | null;
    };

export interface JudgeParts {
  readonly ground: (approval: Approval, agentKind: string, signal: AbortSignal) => Promise<Ground>;
  readonly policy: (facts: readonly ActionFacts[], approval: Approval) => PolicyVerdict;
  /** Of one write, as it stands now; rejects as the tracker does. */
  readonly check: (write: TrackerWrite, before: SeenIssue | null, ground: Ground) => Promise<string | null>;
  readonly redact: (text: string) => string;
}

export async function judgeEdit(
  approval: Approval,
  { modifiedDetails }: Pick<ApprovalDecision, 'modifiedDetails'>,
  person: Person,
  { parts, signal }: { readonly parts: JudgeParts; readonly signal: AbortSignal },
): Promise<Judged> {
  try {
    measureArguments(modifiedDetails);
    const edits = redactJson(modifiedDetails, parts.redact);
    const edited = editDetails(approval.action, approval.details, edits);
    const action = checkAction(approval.action, edited.details);
    const stored = storedResolution(approval.resolved);
    const ground = await parts.ground(approval, stored?.agentKind ?? '', signal);
    const found =
      edited.changed === null && stored !== null
        ? { writes: stored.writes, facts: stored.facts, before: approval.before, stale: null }
        : await resolveAnew(approval, action, ground);
    demandAction(ground.scope, action, ground.own);
    // A key may stand for an issue that has been moved: what was found counts as well.
    if (approval.targetIdentifier !== '') demandKey(ground.scope, approval.targetIdentifier, ground.own);
    const refusal = judgeVerdict(parts.policy(found.facts, approval), person);
    if (refusal !== null) return refusal;
    const stale = found.stale ?? (await checkStored(found.writes, found.before, ground, parts));
    return { kind: 'good', changed: edited.changed, writes: found.writes, before: found.before, stale };
  } catch (error) {
    if (signal.aborted)
      return { kind: 'refused', code: 'tracker_failed', message: 'the tracker took too long; decide again' };
    return refusalOf(error);
  }
}

interface Found {
  readonly writes: readonly TrackerWrite[];
  readonly facts: readonly ActionFacts[];
  readonly before: SeenIssue | null;
  readonly stale: string | null;
}

async function resolveAnew(approval: Approval, action: WriteAction, ground: Ground): Promise<Found> {
  const { writes, facts, before: now, target } = await resolveAction(action, ground);
  const [write, ...others] = writes;
  const isSame = target !== null && target.identifier === approval.targetIdentifier;
  if (write === undefined || now === null || approval.before === null || !isSame)
    return { writes, facts, before: now, stale: null };
  const before = asProposed(approval.before, now);
  const stale = whatChanged(write.operation, approval.targetIdentifier, before, now);
  // What is recorded must be compared with what people saw, also by the tracker itself.
  const sent = write.operation === 'transition_issue' ? { ...write, from: [before.state] } : write;
  return { writes: [sent, ...others], facts, before, stale };
}

/** What people were shown counts; what they have touched beside that, as it is now. */
function asProposed(then: SeenIssue, now: SeenIssue): SeenIssue {
  const shown = Object.entries(then.fields).filter(([name]) => name in now.fields);
  return { ...then, fields: { ...now.fields, ...Object.fromEntries(shown) } };
}

async function checkStored(
  writes: readonly TrackerWrite[],
  before: SeenIssue | null,
  ground: Ground,
  parts: JudgeParts,
): Promise<string | null> {
  const [write] = writes;
  if (write === undefined || write.operation === 'create_issue') return null;
  try {
    return await parts.check(write, before, ground);
  } catch (error) {
    if (error instanceof TrackerError || ground.signal.aborted) return null;
    throw error;
  }
}

function judgeVerdict(verdict: PolicyVerdict, person: Person): Judged | null {
  const { decision, group, rule } = verdict;
  if (decision === 'deny') {
    const message = `the policy denies what this would do now (${rule}); change the details, or reject it`;
    return { kind: 'refused', code: 'policy_denied', message };
  }
  return decision === 'approve' ? outsideGroup(group, person) : null;
}

/** null = may decide. */
export function outsideGroup(group: string, person: Person): Extract<Judged, { kind: 'refused' }> | null {
  if (group === '' || person.groups === null || person.groups.includes(group)) return null;
  const todo = 'send your own token with --token-file, or sign in at /login';
  const message = `only members of ${group} may decide this; ${person.name} is not one (server.users): ${todo}`;
  return { kind: 'refused', code: 'not_in_group', message };
}

function refusalOf(error: unknown): Judged {
  if (error instanceof ToolFault) {
    const code = error.kind === 'project_scope_violation' ? 'policy_denied' : 'invalid_details';
    return { kind: 'refused', code, message: error.message };
  }
  if (error instanceof TrackerError) {
    const code = error.kind === 'tracker_not_found' ? 'invalid_details' : 'tracker_failed';
    return { kind: 'refused', code, message: error.message };
  }
  throw error;
}
