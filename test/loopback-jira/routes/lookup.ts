// Finding what a path names, for the caller who asks: what he may not see is gone, as in Jira.
import { browses, may, sees, type Caller, type Permission } from '../accounts.ts';
import { JiraError } from '../answer.ts';
import { message } from '../messages.ts';
import type { IssueRecord, ProjectRecord } from '../model.ts';
import { issueGone, type Exchange } from '../route.ts';
import type { Site } from '../site.ts';

type Asking = Pick<Exchange<unknown, unknown>, 'site' | 'caller' | 'path'>;

export function visibleIssue(site: Site, caller: Caller, idOrKey: string): IssueRecord | null {
  const issue = site.state.findIssue(idOrKey);
  return issue && sees(caller, issue, site.state.projects) ? issue : null;
}

/** The issue of the path, by id, key or former key; 404 otherwise. */
export function issueOfPath({ site, caller, path }: Asking): IssueRecord {
  const issue = visibleIssue(site, caller, path['issueIdOrKey'] ?? '');
  if (!issue) throw issueGone();
  return issue;
}

export function projectOfPath({ site, caller, path }: Asking): ProjectRecord {
  const idOrKey = path['projectIdOrKey'] ?? '';
  const project = site.state.findProject(idOrKey);
  if (project && browses(caller, project)) return project;
  throw new JiraError(404, { messages: [message('projectGone', idOrKey)] });
}

export function requirePermission(caller: Caller, permission: Permission, status = 403): void {
  if (!may(caller, permission)) throw new JiraError(status, { messages: [message('forbidden')] });
}

export function requireLogin({ account }: Caller): void {
  if (!account) throw new JiraError(401, { messages: [message('login')] });
}
