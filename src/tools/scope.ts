// Which projects tools may touch, judged before any request is made. The key of an issue carries its project; the run's
// own issue is always inside. An id carries none: who has only that reads the issue once and judges what came back,
// before anything of it is shown or written. A key that was moved elsewhere is caught in the same way.

import { ToolFault } from '../contract/agent-tools.ts';
import type { IssueRef } from '../contract/issue.ts';
import type { Settings } from '../contract/settings.ts';
import type { WriteAction } from '../contract/tool-operations.ts';

/** Upper-cased keys; null = all, or the tracker has no projects. */
export type Scope = readonly string[] | null;

const ISSUE_KEY = /^([a-z][a-z0-9_]*)-[0-9]+$/i;

export function scopeOf({ tools, tracker }: Pick<Settings, 'tools' | 'tracker'>): Scope {
  if (tools.projects.includes('*')) return null;
  if (tools.projects.length > 0) return tools.projects.map((key) => key.toUpperCase());
  return tracker.project === '' ? null : [tracker.project.toUpperCase()];
}

/** The project that an issue's key carries, upper-cased; null = it carries none. */
export function projectOfKey(key: string): string | null {
  return ISSUE_KEY.exec(key.trim())?.[1]?.toUpperCase() ?? null;
}

/** As it is compared and sent. What policy, scope and tracker see must be one spelling: "ſ" is "S" in capitals only. */
export function projectKey(given: string): string {
  return given.trim().toUpperCase();
}

export function isOwn(key: string, own: IssueRef): boolean {
  return key === own.id || key.toLowerCase() === own.identifier.toLowerCase();
}

/** Throws ToolFault `project_scope_violation`. */
export function demandProject(scope: Scope, project: string): void {
  if (scope === null || scope.includes(projectKey(project))) return;
  const allowed = scope.join(', ');
  const message = `project ${project.slice(0, 100)} is out of scope: tools may touch ${allowed} only (tools.projects)`;
  throw new ToolFault('project_scope_violation', message);
}

/** Throws ToolFault `project_scope_violation` for a key of another project; lets pass what carries no project. */
export function demandKey(scope: Scope, key: string, own: IssueRef): void {
  if (isOwn(key, own)) return;
  const project = projectOfKey(key);
  if (project !== null) demandProject(scope, project);
}

/** Everything that an action names. */
export function demandAction(scope: Scope, { operation, details }: WriteAction, own: IssueRef): void {
  if (operation === 'create_issue' || operation === 'create_issues') {
    demandProject(scope, details.projectKey);
    const parents = [details, ...(operation === 'create_issues' ? details.issues : [])];
    for (const { parentKey } of parents) if (parentKey !== undefined) demandKey(scope, parentKey, own);
    return;
  }
  demandKey(scope, details.issueKey, own);
  if (operation === 'link_issues') demandKey(scope, details.targetIssueKey, own);
}
