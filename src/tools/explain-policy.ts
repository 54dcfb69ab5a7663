// What the policy would say to an operation, for people who try their rules: by the words alone, nothing is looked up but
// the types of links, which a rule may know by another phrase. Details that are not given, or not of their type, are as
// if they were not said.

import type { PolicyQuestion } from '../contract/agent-tools.ts';
import { isWriteOperation, type JsonMap, type WriteAction } from '../contract/tool-operations.ts';
import type { PolicyVerdict, ToolSettings } from '../contract/tool-policy.ts';
import { newIssuesOf } from './operations/new-issues.ts';
import { decideAll } from './policy/index.ts';
import type { ActionFacts, RuleUse } from './ports.ts';
import type { TrackerSchema } from '../contract/tracker-capabilities.ts';
import { linkTypeWords } from './resolve/site-names.ts';
import { factsOfChange, factsOfNew, factsOfReading } from './resolve/facts.ts';

const SOME_ISSUE = '(some issue)';

interface Asked {
  readonly settings: ToolSettings;
  readonly agentKind: string;
  readonly use: RuleUse;
  /** null = not known. */
  readonly schema: TrackerSchema | null;
}

/** Throws ToolFault `invalid_arguments` for a link type that the site does not have. */
export function explainPolicy(question: PolicyQuestion, by: Asked): PolicyVerdict {
  return decideAll(by.settings, factsOf(question, by), by.use);
}

function factsOf(
  { operation, details, issueIdentifier }: PolicyQuestion,
  { agentKind, schema }: Pick<Asked, 'agentKind' | 'schema'>,
): readonly ActionFacts[] {
  const own = { id: ' ', identifier: issueIdentifier === '' ? ' ' : issueIdentifier };
  const key = textOf(details['issueKey']) ?? (issueIdentifier === '' ? SOME_ISSUE : issueIdentifier);
  if (!isWriteOperation(operation)) {
    const issueKeys = operation === 'fetch_issue' || operation === 'fetch_comments' ? [key] : [];
    return factsOfReading(operation, { projects: [], issueKeys }, own, agentKind);
  }
  const action = { operation, details: wellTyped(details) } as unknown as WriteAction;
  if (action.operation === 'create_issue' || action.operation === 'create_issues') {
    const issues = newIssuesOf(
      action.operation === 'create_issue' ? action : { ...action, details: listed(action.details) },
    );
    return issues.map((issue) =>
      factsOfNew(
        action.operation,
        { ...issue, projectKey: issue.projectKey ?? '', issueType: issue.issueType ?? '' },
        agentKind,
      ),
    );
  }
  const target = textOf(details['targetIssueKey']);
  const targets = [key, ...(target === null ? [] : [target])].map((identifier) => ({ id: '', identifier }));
  const complete = { to: '', linkType: '', assignee: 'nobody', ...action.details };
  const linkType = operation === 'link_issues' ? textOf(details['linkType']) : null;
  const words = linkType === null ? {} : { linkType: linkTypeWords(linkType, schema) };
  const place = { targets, own, agentKind };
  return factsOfChange({ ...action, details: complete } as typeof action, place, words);
}

type Bulk = Extract<WriteAction, { readonly operation: 'create_issues' }>['details'];

function listed(details: Bulk): Bulk {
  const given = Array.isArray(details.issues) ? (details.issues as unknown as JsonMap[]).map(wellTyped) : [];
  const issues = (given.length === 0 ? [{}] : given) as unknown as Bulk['issues'];
  const count = typeof details.issueCount === 'number' ? details.issueCount : issues.length;
  return { ...details, issues, issueCount: Math.max(1, count) };
}

function wellTyped(details: JsonMap): JsonMap {
  const kept = Object.entries(details).filter(([name, value]) => {
    if (name === 'labels' || name === 'components')
      return Array.isArray(value) && value.every((one) => typeof one === 'string');
    if (name === 'customFields') return typeof value === 'object' && value !== null && !Array.isArray(value);
    if (name === 'issues' || name === 'issueCount') return true;
    return typeof value === 'string';
  });
  return Object.fromEntries(kept);
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
