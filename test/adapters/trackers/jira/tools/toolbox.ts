// The tools of an adapter on a loopback Jira, called as the daemon calls them: arguments checked, planned, run.
import { expect } from 'vitest';
import {
  hasTools,
  ToolFault,
  type ToolPlace,
  type ToolPlan,
  type TrackerTool,
} from '../../../../../src/contract/agent-tools.ts';
import type { WriteAction } from '../../../../../src/contract/tool-operations.ts';
import type { TrackerSchema } from '../../../../../src/contract/tracker-capabilities.ts';
import { TrackerError } from '../../../../../src/contract/tracker.ts';
import {
  addIssue,
  addProject,
  basicSite,
  type IssueRecord,
  type JiraState,
  type LoopbackJira,
  type LoopbackOptions,
} from '../../../../loopback-jira/index.ts';
import { never } from '../jira-context.ts';
import { attach, loopback } from '../loopback.ts';

type Args = Readonly<Record<string, unknown>>;
export type Answered = Readonly<Record<string, unknown>>;

export interface Toolbox {
  readonly state: JiraState;
  readonly jira: LoopbackJira;
  /** PROJ-1: the run's issue. */
  readonly own: IssueRecord;
  readonly schema: TrackerSchema;
  readonly tool: (name: string) => TrackerTool;
  readonly plan: (name: string, args: Args, place?: Partial<ToolPlace>) => ToolPlan;
  readonly read: (name: string, args: Args, place?: Partial<ToolPlace>) => Promise<Answered>;
  readonly actions: (name: string, args: Args, place?: Partial<ToolPlace>) => readonly WriteAction[];
}

/** A site with PROJ and OTHER; tools may touch PROJ. */
export async function toolbox(
  prepare: (state: JiraState) => void = () => undefined,
  settings: NonNullable<LoopbackOptions['settings']> = {},
): Promise<Toolbox> {
  const state = basicSite();
  addProject(state, 'OTHER');
  const own = addIssue(state, 'PROJ', { summary: 'The run’s own' });
  prepare(state);
  const jira = await loopback({ state, settings });
  const { tracker } = attach(jira);
  const issue = await tracker.fetchIssueById(own.id, never);
  const schema = await tracker.discoverSchema(never);
  // Proves that we are logged in, so that tests count only the requests of tools.
  await tracker.fetchCandidateIssues(never);
  const place: ToolPlace = { issue, projects: ['PROJ'], schema };
  const tools = tracker.tools();
  expect(hasTools(tracker)).toBe(true);
  expect(tracker.tools()).toBe(tools);
  jira.forgetRequests();

  const tool: Toolbox['tool'] = (name) => {
    const found = tools.find((one) => one.name === `atlassian_jira_${name}`);
    if (found === undefined) throw new Error(`no tool ${name}`);
    return found;
  };
  const plan: Toolbox['plan'] = (name, args, changes = {}) => {
    const { input, plan: planOf, operations } = tool(name);
    const planned = planOf(input.parse(args), { ...place, ...changes });
    const used =
      planned.kind === 'read' ? [planned.operation] : planned.actions.map(({ operation }) => operation);
    for (const operation of used) expect(operations).toContain(operation);
    return planned;
  };
  return {
    ...{ state, jira, own, schema, tool, plan },
    read: async (name, args, changes) => {
      const planned = plan(name, args, changes);
      if (planned.kind !== 'read') throw new Error(`${name} writes`);
      return JSON.parse(JSON.stringify(await planned.run(never))) as Answered;
    },
    actions: (name, args, changes) => {
      const before = jira.requests.length;
      const planned = plan(name, args, changes);
      if (planned.kind !== 'write') throw new Error(`${name} reads`);
      expect(jira.requests.length).toBe(before);
      return planned.actions;
    },
  };
}

export interface Refusal {
  readonly kind: string;
  readonly message: string;
}

/** Of a ToolFault or a TrackerError, always one line. */
export async function refusal(job: () => unknown): Promise<Refusal> {
  try {
    const value: unknown = await job();
    throw new Error(`succeeded: ${JSON.stringify(value)}`);
  } catch (error) {
    if (!(error instanceof ToolFault) && !(error instanceof TrackerError)) throw error;
    const { kind, message } = error;
    expect(message).not.toMatch(/[\n\r]/);
    return { kind, message };
  }
}

export function keys(answer: Answered): string[] {
  return (answer['issues'] as { key: string }[]).map(({ key }) => key);
}
