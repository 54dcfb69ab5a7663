// What the policy is told of an action, all values lower-cased. Names are told in every form that a rule may use: as
// they were given and as they were resolved, so that a rule is not passed by another word for the same thing.

import type { IssueRef } from '../../contract/issue.ts';
import type { ToolOperation, WriteAction } from '../../contract/tool-operations.ts';
import type { ConditionField } from '../../contract/tool-policy.ts';
import type { ActionFacts } from '../ports.ts';
import type { WholeIssue } from '../operations/new-issues.ts';
import { isOwn, projectKey, projectOfKey } from '../scope.ts';

export interface ResolvedWords {
  readonly assignee?: readonly string[] | undefined;
  /** Of a custom field as it was given: its other word, id or name. */
  readonly aliases?: Readonly<Record<string, string>> | undefined;
  readonly to?: readonly string[] | undefined;
  readonly linkType?: readonly string[] | undefined;
}

type Fields = Partial<Record<ConditionField, readonly string[]>>;
type Existing = Exclude<WriteAction, { readonly operation: 'create_issue' | 'create_issues' }>;

/** What every creation says: no rule needs to list it. */
const ALWAYS_GIVEN: ReadonlySet<string> = new Set(['projectKey', 'issueType', 'summary']);

/** Of one issue that would be made. */
export function factsOfNew(
  operation: 'create_issue' | 'create_issues',
  issue: WholeIssue,
  agentKind: string,
  words: ResolvedWords = {},
): ActionFacts {
  const fields: Fields = {
    issue: ['other'],
    project: [projectKey(issue.projectKey)],
    issue_type: [issue.issueType],
    fields: givenFields(issue, ALWAYS_GIVEN),
    agent: [agentKind],
    ...(issue.priority !== undefined && { priority: [issue.priority] }),
    ...(issue.labels !== undefined && { labels: issue.labels }),
    ...(issue.components !== undefined && { components: issue.components }),
    ...(issue.assignee !== undefined && { assignee: words.assignee ?? [issue.assignee] }),
  };
  return { operation, fields: lowered(fields), to: [], aliases: aliasesOf(words) };
}

/**
 * Of an action on an issue that exists: one for each project that it touches, since a rule that allows one of them says
 * nothing of the other. @param targets the issues that it names, the one that changes first; id "" = not known.
 */
export function factsOfChange(
  { operation, details }: Existing,
  {
    targets,
    own,
    agentKind,
  }: { readonly targets: readonly IssueRef[]; readonly own: IssueRef; readonly agentKind: string },
  words: ResolvedWords = {},
): readonly ActionFacts[] {
  const common: Fields = {
    issue: [targets[0] !== undefined && isOwnIssue(targets[0], own) ? 'own' : 'other'],
    agent: [agentKind],
    ...(operation === 'update_issue' && {
      fields: givenFields(details, new Set(['issueKey'])),
      ...(details.priority !== undefined && { priority: [details.priority] }),
      ...(details.components !== undefined && { components: details.components }),
      ...(details.assignee !== undefined && { assignee: words.assignee ?? [details.assignee] }),
    }),
    ...('labels' in details && details.labels !== undefined && { labels: details.labels }),
    ...(operation === 'assign_issue' && {
      assignee: words.assignee ?? [details.assignee ?? 'nobody'],
    }),
    ...(operation === 'link_issues' && { link_type: words.linkType ?? [details.linkType] }),
  };
  const to = operation === 'transition_issue' ? (words.to ?? [details.to]) : [];
  const projects = projectsOf(targets.map(({ identifier }) => identifier));
  const asked = projects.map((project) => ({
    operation,
    fields: lowered({ ...common, ...project }),
    to: [...new Set(to.map(fold))],
    aliases: aliasesOf(words),
  }));
  if (operation !== 'transition_issue' || details.comment === undefined) return asked;
  // Else a rule about comments would be passed by moving along with them.
  const comment = projects.map((project): ActionFacts => {
    return { operation: 'add_comment', fields: lowered({ ...common, ...project }), to: [] };
  });
  return [...asked, ...comment];
}

/** Of a reading operation, or a message: one for each issue and project that it names, or one for all. */
export function factsOfReading(
  operation: ToolOperation,
  named: { readonly projects: readonly string[]; readonly issueKeys: readonly string[] },
  own: IssueRef,
  agentKind: string,
): readonly ActionFacts[] {
  const ofIssues = named.issueKeys.flatMap((key) =>
    projectsOf([isOwn(key, own) ? own.identifier : key]).map((project): Fields => ({
      issue: [ownership(key, own)],
      ...project,
    })),
  );
  const ofProjects = named.projects.map((key): Fields => ({ project: [key] }));
  const all = [...ofIssues, ...ofProjects];
  return (all.length === 0 ? [{}] : all).map((fields) => ({
    operation,
    fields: lowered({ ...fields, agent: [agentKind] }),
    to: [],
  }));
}

function ownership(key: string, own: IssueRef): 'own' | 'other' {
  return isOwn(key, own) ? 'own' : 'other';
}

/** By its id where that is known: a key may have changed since the run began. */
function isOwnIssue({ id, identifier }: IssueRef, own: IssueRef): boolean {
  return id === '' ? isOwn(identifier, own) : id === own.id;
}

function projectsOf(keys: readonly string[]): readonly Fields[] {
  const projects = [...new Set(keys.map(projectOfKey).filter((key) => key !== null))];
  return projects.length === 0 ? [{}] : projects.map((project) => ({ project: [project] }));
}

function givenFields(details: object, without: ReadonlySet<string>): readonly string[] {
  const named = Object.entries(details)
    .filter(([name, value]) => value !== undefined && name !== 'customFields' && !without.has(name))
    .map(([name]) => name);
  const custom = (details as { readonly customFields?: object }).customFields ?? {};
  return [...named, ...Object.keys(custom)];
}

function aliasesOf({ aliases = {} }: ResolvedWords): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(aliases).map(([given, other]) => [fold(given), fold(other)]));
}

function lowered(fields: Fields): ActionFacts['fields'] {
  const entries = Object.entries(fields).map(([name, values]): [string, readonly string[]] => [
    name,
    [...new Set(values.map(fold))],
  ]);
  return Object.fromEntries(entries);
}

function fold(word: string): string {
  return word.trim().toLowerCase();
}
