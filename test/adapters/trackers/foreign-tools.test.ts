// The tools that a third party's adapter brings: shown only when they are whole, and what they throw is known, also when
// it comes from another copy of our classes.
import { expect, it } from 'vitest';
import { z } from 'zod';
import { withOwnErrors } from '../../../adapters/foreign-errors.ts';
import { hasTools, ToolFault, type ToolPlan, type TrackerTool } from '../../../src/contract/agent-tools.ts';
import { TrackerError, type TrackerAdapter, type TrackerRegistration } from '../../../src/contract/index.ts';

const theirFault = (): Error =>
  Object.assign(new Error('no such sprint'), { name: 'ToolFault', kind: 'invalid_arguments' });

const good = {
  name: 'sprints',
  title: 'Sprints',
  summary: 'list sprints',
  describe: () => 'Lists sprints.',
  input: z.strictObject({}),
  operations: ['search_issues'],
  plan: (): ToolPlan => ({
    kind: 'read',
    operation: 'search_issues',
    projects: [],
    issueKeys: [],
    run: () => Promise.resolve({ sprints: [] }),
  }),
} as const;

function adapterWith(methods: object): TrackerAdapter {
  const registration = { kind: 'theirs', create: () => methods } as unknown as TrackerRegistration;
  return withOwnErrors(registration).create({} as never);
}

function toolsOf(tools: unknown): readonly TrackerTool[] {
  const adapter = adapterWith({ tools: () => tools });
  if (!hasTools(adapter)) throw new Error('the capability got lost');
  return adapter.tools();
}

const planOf = (change: object): ToolPlan =>
  (toolsOf([{ ...good, ...change }])[0] as TrackerTool).plan({}, {} as never);

it('are there at once, as they are', async () => {
  const [tool] = toolsOf([good]);
  expect(tool).toMatchObject({ name: 'sprints', summary: 'list sprints', operations: ['search_issues'] });
  expect(tool?.describe(null)).toBe('Lists sprints.');
  const plan = planOf({});
  expect(plan.kind === 'read' && (await plan.run(new AbortController().signal))).toEqual({ sprints: [] });
});

it.each([
  ['no list', Promise.resolve([]), 'tools (adapter): its answer'],
  [
    'an operation that there is not',
    [{ ...good, operations: ['delete_issue'] }],
    'tools (adapter): 0.operations.0',
  ],
  ['no plan', [{ ...good, plan: undefined }], 'tools (adapter): 0.plan'],
])('are refused in one line that names the place: %s', (_, tools, place) => {
  expect(() => toolsOf(tools)).toThrow(TrackerError);
  expect(() => toolsOf(tools)).toThrow(`tracker: tracker_payload_error: ${place}`);
});

it('a fault of another copy of the class is one of ours, from the plan and from its run', async () => {
  const throwing = (): never => {
    throw theirFault();
  };
  expect(() => planOf({ plan: throwing })).toThrow(ToolFault);
  const plan = planOf({ plan: () => ({ ...good.plan(), run: () => Promise.reject(theirFault()) }) });
  const failure: unknown =
    plan.kind === 'read' ? await plan.run(new AbortController().signal).catch((e: unknown) => e) : 0;
  expect(failure).toBeInstanceOf(ToolFault);
  expect(failure).toMatchObject({ kind: 'invalid_arguments', message: 'no such sprint' });
});

it('a plan that is none is refused', () => {
  expect(() => planOf({ plan: () => ({ kind: 'write', actions: 'all' }) })).toThrow(
    'tracker_payload_error: sprints.plan (adapter): actions',
  );
});

it.each([
  [
    'what their TrackerError says',
    { name: 'TrackerError', kind: 'tracker_api_error', applied: 'unknown' },
    'unknown',
  ],
  [
    'what it says, also that it was not',
    { name: 'TrackerError', kind: 'tracker_transport_error', applied: 'no' },
    'no',
  ],
  ['the rule of its kind when it says nothing', { name: 'TrackerError', kind: 'tracker_api_error' }, 'no'],
  ['nothing of an error that is none of ours', { name: 'TypeError' }, 'unknown'],
])('whether a write that failed was applied is %s', async (_, facts, applied) => {
  const adapter = adapterWith({
    transitionIssue: () => Promise.reject(Object.assign(new Error('it broke'), facts)),
  });
  const failure: unknown = await adapter
    .transitionIssue('1', 'Done', {}, new AbortController().signal)
    .catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(TrackerError);
  expect(failure).toMatchObject({ applied });
});
