// From an action's words to what would be sent: names become ids, what would change is read, and the policy gets its
// facts. Only reads. Every error is a ToolFault or a TrackerError, before anything was begun.

import type { Issue } from '../../contract/issue.ts';
import type { JsonMap, WriteAction } from '../../contract/tool-operations.ts';
import type { IssueChanges, NewIssue } from '../../contract/tracker-capabilities.ts';
import type { TrackerWrite } from '../../contract/tracker-write.ts';
import { newIssuesOf, type WholeIssue } from '../operations/new-issues.ts';
import { summarize } from '../operations/summary.ts';
import { demandSupportOf } from '../operations/support.ts';
import type { ActionFacts, ResolvedAction } from '../ports.ts';
import { demandAction, projectKey } from '../scope.ts';
import { factsOfChange, factsOfNew, type ResolvedWords } from './facts.ts';
import { findIssue } from './find-issue.ts';
import type { Ground } from './ground.ts';
import { pathsOf, type Paths } from './led-to.ts';
import { findPerson, wordsFor } from './person.ts';
import { seeIssue } from './seen.ts';
import { linkTypeWords, siteFields, sitePriority, siteType } from './site-names.ts';
import { findTransition } from './transition.ts';

type Creation = Extract<WriteAction, { readonly operation: 'create_issue' | 'create_issues' }>;
type Change = Exclude<WriteAction, Creation>;
interface Resolution {
  readonly write: TrackerWrite;
  readonly words: ResolvedWords;
}

/** Scope and what the tracker can do are judged before the first request. */
export async function resolveAction(action: WriteAction, ground: Ground): Promise<ResolvedAction> {
  demandSupportOf(ground.tracker, action);
  demandAction(ground.scope, action, ground.own);
  return isCreation(action) ? resolveCreation(action, ground) : resolveChange(action, ground);
}

function isCreation(action: WriteAction): action is Creation {
  return action.operation === 'create_issue' || action.operation === 'create_issues';
}

async function resolveCreation(action: Creation, ground: Ground): Promise<ResolvedAction> {
  const writes: TrackerWrite[] = [];
  const facts: ActionFacts[] = [];
  const found = new Map<string, ReturnType<typeof findPerson>>();
  const paths = pathsOf(ground);
  for (const issue of newIssuesOf(action)) {
    const { assignee } = issue;
    if (assignee !== undefined && !found.has(assignee)) found.set(assignee, findPerson(assignee, ground));
    const user = assignee === undefined ? undefined : await found.get(assignee);
    const made = await newIssue(issue, user?.accountId, { ground, paths });
    writes.push({ operation: 'create_issue', issue: made.issue });
    const words = {
      aliases: made.aliases,
      ...(user !== undefined && assignee !== undefined && { assignee: wordsFor(assignee, user) }),
    };
    facts.push(factsOfNew(action.operation, issue, ground.agentKind, words));
  }
  const { operation } = action;
  const summary = summarize(action, '', '');
  return { operation, details: asJson(action.details), writes, target: null, before: null, summary, facts };
}

async function newIssue(
  issue: WholeIssue,
  accountId: string | undefined,
  { ground, paths }: { readonly ground: Ground; readonly paths: Paths },
): Promise<{ readonly issue: NewIssue; readonly aliases: Readonly<Record<string, string>> }> {
  const { schema } = ground;
  const { summary, description, priority, labels, components, parentKey, customFields } = issue;
  const custom = customFields === undefined ? null : siteFields(customFields, schema);
  await paths.fields(custom?.values ?? {});
  const parent = parentKey === undefined ? undefined : await paths.parent(parentKey);
  const made: NewIssue = {
    project: projectKey(issue.projectKey),
    issueType: siteType(issue.issueType, schema),
    title: summary.trim(),
    ...(description !== undefined && { description }),
    ...(accountId !== undefined && { accountId }),
    ...(priority !== undefined && { priority: sitePriority(priority, schema) }),
    ...(labels !== undefined && { labels }),
    ...(components !== undefined && { components }),
    ...(parent !== undefined && { parent }),
    ...(custom !== null && { fields: custom.values }),
  };
  return { issue: made, aliases: custom?.aliases ?? {} };
}

async function resolveChange(action: Change, ground: Ground): Promise<ResolvedAction> {
  const issue = await findIssue(action.details.issueKey, ground);
  const other =
    action.operation === 'link_issues' ? await findIssue(action.details.targetIssueKey, ground) : null;
  const { write, words } = await writeOf(action, issue, other, ground);
  const before = await seeIssue(write, issue, ground);
  const targets = [issue, other].filter((one) => one !== null);
  const place = { targets, own: ground.own, agentKind: ground.agentKind };
  const facts = factsOfChange(action, place, words);
  const { operation } = action;
  const details = asJson(action.details);
  const summary = summarize(action, issue.identifier, issue.state);
  const writes = [write, ...commentOf(action, issue)];
  return { operation, details, writes, target: refOf(issue), before, summary, facts };
}

/** Of a move that has one; newWrites ties the two together. */
function commentOf(action: Change, at: Issue): readonly TrackerWrite[] {
  if (action.operation !== 'transition_issue' || action.details.comment === undefined) return [];
  return [{ operation: 'add_comment', issue: refOf(at), body: action.details.comment }];
}

async function writeOf(action: Change, at: Issue, other: Issue | null, ground: Ground): Promise<Resolution> {
  const issue = refOf(at);
  switch (action.operation) {
    case 'update_issue':
      return update(action.details, at, ground);
    case 'transition_issue': {
      const { to } = action.details;
      const { toState, name } = await findTransition(to, at, ground);
      const words = { to: [to, toState, ...(name === '' ? [] : [name])] };
      const write = { operation: action.operation, issue, toState, from: [at.state], transition: name };
      return { write, words };
    }
    case 'add_comment':
      return { write: { operation: action.operation, issue, body: action.details.body }, words: {} };
    case 'add_worklog': {
      const { timeSpent, comment = '' } = action.details;
      const write = { operation: action.operation, issue, timeSpent, comment, startedAtMs: ground.nowMs };
      return { write, words: {} };
    }
    case 'link_issues': {
      const target = refOf(other ?? at);
      const { linkType } = action.details;
      const words = { linkType: linkTypeWords(linkType, ground.schema) };
      return { write: { operation: action.operation, issue, target, linkType }, words };
    }
    case 'add_labels':
    case 'remove_labels':
      return { write: { operation: action.operation, issue, labels: action.details.labels }, words: {} };
    case 'assign_issue': {
      const { assignee } = action.details;
      if (assignee === null)
        return {
          write: { operation: action.operation, issue, accountId: null },
          words: { assignee: ['nobody'] },
        };
      const user = await findPerson(assignee, ground);
      const write = { operation: action.operation, issue, accountId: user.accountId };
      return { write, words: { assignee: wordsFor(assignee, user) } };
    }
    case 'add_watcher': {
      const user = await findPerson(action.details.watcher, ground);
      return { write: { operation: action.operation, issue, accountId: user.accountId }, words: {} };
    }
  }
}

async function update(
  details: Extract<WriteAction, { readonly operation: 'update_issue' }>['details'],
  at: Issue,
  ground: Ground,
): Promise<Resolution> {
  const { summary, description, assignee, priority, labels, components, customFields } = details;
  const user = assignee === undefined ? null : await findPerson(assignee, ground);
  const custom = customFields === undefined ? null : siteFields(customFields, ground.schema);
  await pathsOf(ground).fields(custom?.values ?? {});
  const changes: IssueChanges = {
    ...(summary !== undefined && { title: summary.trim() }),
    ...(description !== undefined && { description }),
    ...(user !== null && { accountId: user.accountId }),
    ...(priority !== undefined && { priority: sitePriority(priority, ground.schema) }),
    ...(labels !== undefined && { labels }),
    ...(components !== undefined && { components }),
    ...(custom !== null && { fields: custom.values }),
  };
  const words = {
    aliases: custom?.aliases ?? {},
    ...(user !== null && assignee !== undefined && { assignee: wordsFor(assignee, user) }),
  };
  return { write: { operation: 'update_issue', issue: refOf(at), changes }, words };
}

function refOf({ id, identifier }: Issue): { readonly id: string; readonly identifier: string } {
  return { id, identifier };
}

/** Checked details hold no undefined (operations/details.ts): they are JSON. */
function asJson(details: WriteAction['details']): JsonMap {
  return details as unknown as JsonMap;
}
