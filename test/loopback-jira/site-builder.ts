// Builds sites by names instead of ids: a standard site, projects with a workflow, single issues, ten thousand.
// What it is given is trusted; what the API is given is not, and is judged elsewhere.
import { adf } from './adf/write.ts';
import type {
  Adf,
  IssueRecord,
  ProjectRecord,
  ScreenField,
  StatusRecord,
  TransitionRecord,
  UserRecord,
} from './model.ts';
import { standardFields } from './standard-fields.ts';
import { JiraState } from './state.ts';

export const botId = '5b10ac8d82e05b22cc7d4ef5';
export const annId = '5b10a2844c20165700ede21g';

/** The statuses of a default Jira Software board, and how one gets into each of them. */
const boardStatuses: readonly (readonly [string, StatusRecord['category'], string])[] = [
  ['Backlog', 'new', 'Put back'],
  ['Selected for Development', 'new', 'Select'],
  ['In Progress', 'indeterminate', 'Start work'],
  ['In Review', 'indeterminate', 'Ask for review'],
  ['Done', 'done', 'Close'],
];

const createScreen: readonly ScreenField[] = [
  { fieldId: 'project', required: true },
  { fieldId: 'issuetype', required: true },
  { fieldId: 'summary', required: true },
  ...['description', 'labels', 'priority', 'assignee', 'reporter', 'parent', 'components', 'duedate'].map(
    (fieldId) => ({ fieldId, required: false }),
  ),
];

/** People, priorities, types, link types and fields as a new site has them; no project yet. */
export function standardSite(): JiraState {
  const state = new JiraState();
  addUser(state, { accountId: botId, displayName: 'Sortie Bot', email: 'bot@example.com' });
  addUser(state, { accountId: annId, displayName: 'Ann Example', email: 'ann@example.com' });
  for (const [index, name] of ['Highest', 'High', 'Medium', 'Low', 'Lowest'].entries()) {
    state.priorities.push({ id: String(index + 1), name });
  }
  const types = [
    ['10001', 'Task', false, 0],
    ['10002', 'Story', false, 0],
    ['10004', 'Bug', false, 0],
    ['10000', 'Epic', false, 1],
    ['10003', 'Sub-task', true, -1],
  ] as const;
  for (const [id, name, subtask, hierarchyLevel] of types) {
    state.issueTypes.set(id, { id, name, subtask, hierarchyLevel });
  }
  state.linkTypes.set('10000', { id: '10000', name: 'Blocks', inward: 'is blocked by', outward: 'blocks' });
  state.linkTypes.set('10003', { id: '10003', name: 'Relates', inward: 'relates to', outward: 'relates to' });
  for (const field of standardFields) state.fields.set(field.id, field);
  state.resolutions.push('Done', "Won't Do", 'Duplicate');
  for (const [name, category] of boardStatuses) addStatus(state, name, category);
  return state;
}

/** A standard site with one project, `PROJ`, and no issues. */
export function basicSite(): JiraState {
  const state = standardSite();
  addProject(state, 'PROJ');
  return state;
}

export function addUser(
  state: JiraState,
  user: Partial<UserRecord> & Pick<UserRecord, 'accountId' | 'displayName'>,
): UserRecord {
  const record: UserRecord = {
    email: `${user.accountId}@example.com`,
    emailVisible: false,
    active: true,
    accountType: 'atlassian',
    timeZone: 'Etc/UTC',
    ...user,
  };
  state.users.set(record.accountId, record);
  return record;
}

export function addStatus(
  state: JiraState,
  name: string,
  category: StatusRecord['category'] = 'indeterminate',
  projectId: string | null = null,
): StatusRecord {
  const status = { id: state.nextId(), name, category, projectId };
  state.statuses.set(status.id, status);
  return status;
}

/** The status of that name; the first when several share it. */
export function statusNamed(state: JiraState, name: string): StatusRecord {
  return named([...state.statuses.values()], name, 'status');
}

export interface ProjectDraft extends Partial<
  Pick<ProjectRecord, 'name' | 'style' | 'leadId' | 'componentNames' | 'createScreen'>
> {
  /** Names of existing or new statuses, the first is where issues start; absent: those of a default board. */
  readonly statuses?: readonly string[];
}

/** With a workflow in which every status can be reached from every other. */
export function addProject(state: JiraState, key: string, draft: ProjectDraft = {}): ProjectRecord {
  const { statuses = boardStatuses.map(([name]) => name), ...rest } = draft;
  const existing = new Map([...state.statuses.values()].map((status) => [status.name, status]));
  const ids = statuses.map((name) => (existing.get(name) ?? addStatus(state, name)).id);
  const workflowId = state.nextId();
  const transitions = ids.map((to, index): TransitionRecord => {
    const name = statuses[index] ?? '';
    const wayIn = boardStatuses.find(([known]) => known === name)?.[2] ?? `Go to ${name}`;
    return transition({ id: String(11 + index * 10), name: wayIn, to });
  });
  state.workflows.set(workflowId, { id: workflowId, name: `${key} workflow`, statusIds: ids, transitions });
  const project: ProjectRecord = {
    id: state.nextId(),
    key,
    name: `${key} project`,
    leadId: annId,
    style: 'classic',
    workflowId,
    issueTypeIds: [...state.issueTypes.keys()],
    componentNames: ['Backend', 'Frontend'],
    createScreen,
    ...rest,
  };
  state.projects.set(project.id, project);
  return project;
}

/** Global, permitted, without a screen, unless said otherwise. `to` is a status id. */
export function transition(
  parts: Partial<TransitionRecord> & Pick<TransitionRecord, 'id' | 'name' | 'to'>,
): TransitionRecord {
  return { from: 'any', screen: [], permitted: true, refusal: null, ...parts };
}

/** Replaces the transitions of a project's workflow. */
export function setTransitions(
  state: JiraState,
  projectKey: string,
  transitions: readonly TransitionRecord[],
): void {
  const workflow = state.need(state.workflows, projectNamed(state, projectKey).workflowId);
  state.workflows.set(workflow.id, { ...workflow, transitions });
}

/** By names: of the status, the priority, the type. */
export interface IssueDraft {
  readonly id?: string;
  readonly summary?: string;
  readonly description?: string | Adf | null;
  readonly status?: string;
  readonly priority?: string | null;
  readonly type?: string;
  readonly labels?: readonly string[];
  readonly components?: readonly string[];
  readonly assigneeId?: string | null;
  readonly reporterId?: string | null;
  readonly parentId?: string | null;
  readonly createdMs?: number;
  readonly updatedMs?: number;
  readonly custom?: Readonly<Record<string, unknown>>;
  readonly properties?: Readonly<Record<string, unknown>>;
}

export function addIssue(state: JiraState, projectKey: string, draft: IssueDraft = {}): IssueRecord {
  const project = projectNamed(state, projectKey);
  const key = state.nextKey(project);
  const nowMs = draft.createdMs ?? state.now();
  const { description = null } = draft;
  const [firstStatus = ''] = state.need(state.workflows, project.workflowId).statusIds;
  const issue: IssueRecord = {
    id: draft.id ?? state.nextId(),
    key,
    projectId: project.id,
    summary: draft.summary ?? `Issue ${key}`,
    description: typeof description === 'string' ? adf(description) : description,
    statusId: draft.status === undefined ? firstStatus : statusNamed(state, draft.status).id,
    priorityId:
      draft.priority === null ? null : named(state.priorities, draft.priority ?? 'Medium', 'priority').id,
    issueTypeId: named([...state.issueTypes.values()], draft.type ?? 'Task', 'issue type').id,
    labels: draft.labels ?? [],
    components: draft.components ?? [],
    assigneeId: draft.assigneeId ?? null,
    reporterId: draft.reporterId ?? annId,
    creatorId: draft.reporterId ?? annId,
    parentId: draft.parentId ?? null,
    resolution: null,
    dueDate: null,
    createdMs: nowMs,
    updatedMs: draft.updatedMs ?? nowMs,
    custom: draft.custom ?? {},
    properties: draft.properties ?? {},
  };
  state.putIssue(issue);
  return issue;
}

/** Many at once; `draft` gets the index from 0. Ten thousand take a few tens of milliseconds. */
export function addIssues(
  state: JiraState,
  projectKey: string,
  count: number,
  draft: (index: number) => IssueDraft = () => ({}),
): IssueRecord[] {
  return Array.from({ length: count }, (_, index) => addIssue(state, projectKey, draft(index)));
}

/** `addBlocker(state, a, b)`: a blocks b. */
export function addBlocker(
  state: JiraState,
  blocker: Pick<IssueRecord, 'id'>,
  blocked: Pick<IssueRecord, 'id'>,
  typeName = 'Blocks',
): void {
  const type = named([...state.linkTypes.values()], typeName, 'link type');
  state.addLink({ id: state.nextId(), typeId: type.id, inwardId: blocker.id, outwardId: blocked.id });
}

function projectNamed(state: JiraState, key: string): ProjectRecord {
  const project = state.findProject(key);
  if (!project) throw new Error(`loopback Jira: no project ${key}: add it with addProject`);
  return project;
}

function named<T extends { readonly name: string }>(things: readonly T[], name: string, what: string): T {
  const found = things.find((thing) => thing.name === name);
  if (!found) throw new Error(`loopback Jira: no ${what} named "${name}": add it before it is used`);
  return found;
}
