// Which transition a name means: its own name, or the state that it leads to, without case. What the policy is asked
// names all of it, so that no rule is passed by calling the same move by its other name.

import { ToolFault } from '../../contract/agent-tools.ts';
import type { Issue } from '../../contract/issue.ts';
import { canListTransitions } from '../../contract/tracker-capabilities.ts';
import type { Ground } from './ground.ts';

export interface FoundTransition {
  readonly toState: string;
  /** "" = the tracker has no names for them. */
  readonly name: string;
}

/** Throws ToolFault `invalid_arguments` (listing those that there are) or `ambiguous_name`, or TrackerError. */
export async function findTransition(
  to: string,
  issue: Issue,
  { tracker, signal }: Pick<Ground, 'tracker' | 'signal'>,
): Promise<FoundTransition> {
  if (!canListTransitions(tracker)) return { toState: to.trim(), name: '' };
  const wanted = to.trim().toLowerCase();
  const all = await tracker.listTransitions(issue.id, signal);
  const byName = all.filter(({ name }) => name.trim().toLowerCase() === wanted);
  const byState = all.filter(({ toState }) => toState.trim().toLowerCase() === wanted);
  // Those by both words at once first: "Done" that leads to Done is what "Done" means.
  const both = byName.find((one) => byState.includes(one));
  const found = both ?? byName[0] ?? byState[0];
  if (found === undefined) {
    const listed = all.map(({ name, toState }) => (name === toState ? name : `${name} (to ${toState})`));
    const available = listed.length === 0 ? 'none' : listed.join(', ');
    const message = `${issue.identifier} is in ${issue.state}; "${to}" is no transition from there; available: ${available}`;
    throw new ToolFault('invalid_arguments', message);
  }
  const states = new Set([...byName, ...byState].map(({ toState }) => toState.toLowerCase()));
  if (both === undefined && states.size > 1) {
    const listed = [...byName, ...byState].map(({ name, toState }) => `${name} (to ${toState})`);
    throw new ToolFault(
      'ambiguous_name',
      `"${to}" is the name of one and the state of another: ${listed.join(', ')}`,
    );
  }
  return { toState: found.toState, name: found.name };
}
