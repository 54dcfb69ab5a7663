// One issue by key or id, inside of the scope or not at all. What carries its project is judged before the request, and
// what came back is judged again: an id says nothing beforehand, and a key may have been moved to another project.

import { ToolFault } from '../../contract/agent-tools.ts';
import type { Issue } from '../../contract/issue.ts';
import { canFindIssue } from '../../contract/tracker-capabilities.ts';
import { TrackerError } from '../../contract/tracker.ts';
import { demandKey, isOwn, projectOfKey } from '../scope.ts';
import type { Ground } from './ground.ts';

type Place = Pick<Ground, 'tracker' | 'scope' | 'own' | 'signal'>;

/** Throws ToolFault `project_scope_violation` or TrackerError. */
export async function findIssue(key: string, place: Place): Promise<Issue> {
  const { tracker, scope, own, signal } = place;
  if (isOwn(key, own)) return tracker.fetchIssueById(own.id, signal);
  demandKey(scope, key, own);
  const issue = await read(key, place);
  const project = projectOfKey(issue.identifier);
  if (project === null || issue.id === own.id || scope === null || scope.includes(project)) return issue;
  // The identifier that was found is not said: what lies outside is nobody's business inside.
  throw new ToolFault('project_scope_violation', `issue ${key} is out of scope: it lies in another project`);
}

async function read(key: string, { tracker, signal }: Place): Promise<Issue> {
  const byId = (): Promise<Issue> => tracker.fetchIssueById(key, signal);
  if (!canFindIssue(tracker)) return byId();
  // An identifier goes before an id: that is what people mean. What is no key may still be either.
  try {
    return await tracker.fetchIssueByIdentifier(key, signal);
  } catch (error) {
    const absent = error instanceof TrackerError && error.kind === 'tracker_not_found';
    if (!absent || projectOfKey(key) !== null) throw error;
    return byId();
  }
}
