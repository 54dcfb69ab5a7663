// Creating, editing, assigning and deleting issues. Fields are judged by the screen of the project.
import { z } from 'zod';
import { JiraError, type Answer } from '../answer.ts';
import { readChanges, type Changes } from '../field-changes.ts';
import { message, type Message } from '../messages.ts';
import type { IssueRecord, ProjectRecord } from '../model.ts';
import { choice, expand, flag } from '../parameters.ts';
import { issueBean, issueExpansions, selectFields } from '../render/issue-bean.ts';
import { api } from '../render/links.ts';
import { noParameters, route } from '../route.ts';
import { createdIssue, issueBean as issueBeanShape } from '../shapes/issue.ts';
import { issueEdit, issueToCreate } from '../shapes/transition.ts';
import type { Site } from '../site.ts';
import { addComment } from '../writes.ts';
import { issueOfPath, requirePermission } from './lookup.ts';

const alwaysEditable = ['comment', 'labels', 'parent'];

function refuseBad({ errors, problem }: Changes, missing: Readonly<Record<string, Message>> = {}): void {
  const all = { ...missing, ...errors };
  if (Object.keys(all).length > 0)
    throw new JiraError(400, { errors: all, violation: problem && `body: ${problem}` });
}

function screenOf(project: ProjectRecord): Set<string> {
  return new Set(project.createScreen.map(({ fieldId }) => fieldId));
}

function withProperties(
  before: IssueRecord['properties'],
  given: readonly { readonly key: string; readonly value?: unknown }[] = [],
): IssueRecord['properties'] {
  return { ...before, ...Object.fromEntries(given.map(({ key, value }) => [key, value])) };
}

const create = route({
  method: 'POST',
  path: '/issue',
  query: z.strictObject({ updateHistory: flag() }),
  body: issueToCreate,
  answers: { 201: createdIssue },
  handle: ({ site, caller, body }) => {
    requirePermission(caller, 'create');
    const { state } = site;
    const asked = readChanges(
      site,
      { fields: { project: body.fields?.['project'] } },
      new Set(['project']),
      null,
    );
    refuseBad(asked);
    const project = state.need(state.projects, asked.record.projectId ?? '');
    const changes = readChanges(site, body, new Set([...screenOf(project), 'comment']), null);
    refuseBad(changes, missingFields(site, project, body.fields ?? {}));
    const made = newIssue(site, project, changes, caller.account?.accountId ?? null);
    const record = { ...made, properties: withProperties({}, body.properties) };
    state.putIssue(record);
    for (const document of changes.comments) addComment(site, caller, record, document);
    return { status: 201, body: { id: record.id, key: record.key, self: api(site, `/issue/${record.id}`) } };
  },
});

function missingFields(
  { state }: Site,
  { createScreen }: ProjectRecord,
  fields: Readonly<Record<string, unknown>>,
): Record<string, Message> {
  const missing = createScreen.filter(({ fieldId, required }) => required && fields[fieldId] == null);
  return Object.fromEntries(
    missing.map(({ fieldId }) => [fieldId, message('required', state.need(state.fields, fieldId).name)]),
  );
}

function newIssue(
  site: Site,
  project: ProjectRecord,
  changes: Changes,
  creatorId: string | null,
): IssueRecord {
  const { state } = site;
  const nowMs = state.now();
  const [firstStatus = ''] = state.need(state.workflows, project.workflowId).statusIds;
  return {
    id: state.nextId(),
    key: state.nextKey(project),
    projectId: project.id,
    summary: '',
    description: null,
    statusId: firstStatus,
    priorityId: state.priorities[Math.floor(state.priorities.length / 2)]?.id ?? null,
    issueTypeId: project.issueTypeIds[0] ?? '',
    labels: [],
    components: [],
    assigneeId: null,
    reporterId: creatorId,
    creatorId,
    parentId: null,
    resolution: null,
    dueDate: null,
    createdMs: nowMs,
    updatedMs: nowMs,
    custom: {},
    properties: {},
    ...changes.record,
  };
}

const edit = route({
  method: 'PUT',
  path: '/issue/{issueIdOrKey}',
  query: z.strictObject({
    notifyUsers: flag(),
    overrideScreenSecurity: flag(),
    overrideEditableFlag: flag(),
    returnIssue: flag(),
    expand: expand(...issueExpansions),
  }),
  body: issueEdit,
  answers: { 204: null, 200: issueBeanShape },
  handle: (exchange): Answer => {
    const { site, caller, query, body } = exchange;
    const issue = issueOfPath(exchange);
    requirePermission(caller, 'edit', 400);
    const project = site.state.need(site.state.projects, issue.projectId);
    const allowed = new Set([...screenOf(project), ...alwaysEditable]);
    allowed.delete('project');
    const changes = readChanges(site, body, allowed, issue);
    refuseBad(changes);
    const properties = withProperties(issue.properties, body.properties);
    const edited = site.state.editIssue(issue.id, { ...changes.record, properties });
    for (const document of changes.comments) addComment(site, caller, edited, document);
    if (query.returnIssue !== true) return { status: 204 };
    const selection = selectFields(site, undefined, '*all');
    return { status: 200, body: issueBean(site, caller, edited, selection, query.expand) };
  },
});

const assign = route({
  method: 'PUT',
  path: '/issue/{issueIdOrKey}/assignee',
  query: noParameters,
  // Of the description's User only the account id: `name` and `key` ended with the privacy rules.
  body: z.strictObject({ accountId: z.string().max(128).nullable() }),
  answers: { 204: null },
  handle: (exchange) => {
    const { site, caller, body } = exchange;
    const issue = issueOfPath(exchange);
    requirePermission(caller, 'assign');
    const lead = site.state.need(site.state.projects, issue.projectId).leadId;
    const assigneeId = body.accountId === '-1' ? lead : body.accountId;
    if (assigneeId !== null && !site.state.users.get(assigneeId)?.active) {
      throw new JiraError(400, { errors: { assignee: message('userGone', assigneeId) } });
    }
    site.state.editIssue(issue.id, { assigneeId });
    return { status: 204 };
  },
});

const remove = route({
  method: 'DELETE',
  path: '/issue/{issueIdOrKey}',
  query: z.strictObject({ deleteSubtasks: choice(['true', 'false']) }),
  answers: { 204: null },
  handle: (exchange) => {
    const { site, caller, query } = exchange;
    const issue = issueOfPath(exchange);
    requirePermission(caller, 'delete');
    const children = [...site.state.issues.values()].filter(({ parentId }) => parentId === issue.id);
    const subtasks = children.filter(({ issueTypeId }) => site.state.issueTypes.get(issueTypeId)?.subtask);
    if (subtasks.length > 0 && query.deleteSubtasks !== 'true') {
      throw new JiraError(400, { messages: [message('forbidden')] });
    }
    for (const { id } of [...subtasks, issue]) site.state.removeIssue(id);
    return { status: 204 };
  },
});

export const issueWriteRoutes = [create, edit, assign, remove];
