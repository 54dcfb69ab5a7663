// The tools that a third party's adapter brings: looked at once, before an agent is shown any, and wrapped so that what
// they throw is known. A copy of ToolFault counts by its name, as a copy of TrackerError does.
import { z } from 'zod';
import { ToolFault } from '../src/contract/agent-tools.ts';
import type { ToolPlan, TrackerTool } from '../src/contract/agent-tools.ts';
import { TOOL_OPERATIONS } from '../src/contract/tool-operations.ts';
import { TrackerError } from '../src/contract/tracker.ts';

const callable = z.custom((value) => typeof value === 'function', 'must be a function');
const tool = z.looseObject({
  name: z.string(),
  title: z.string(),
  summary: z.string(),
  describe: callable,
  input: z.looseObject({ safeParse: callable }),
  operations: z.array(z.enum(TOOL_OPERATIONS)),
  plan: callable,
});

const plans = z.discriminatedUnion('kind', [
  z.looseObject({
    kind: z.literal('read'),
    operation: z.string(),
    projects: z.array(z.string()),
    issueKeys: z.array(z.string()),
    run: callable,
  }),
  z.looseObject({
    kind: z.literal('write'),
    actions: z.array(z.looseObject({ operation: z.string(), details: z.looseObject({}) })),
  }),
]);

/** Throws TrackerError `tracker_payload_error` for a list that is none. @param ownError makes an error one of ours. */
export function ownTools(
  given: unknown,
  ownError: (method: string, error: unknown) => unknown,
): readonly TrackerTool[] {
  checked('tools', z.array(tool), given);
  return (given as readonly TrackerTool[]).map((theirs) => {
    const faultOf = (error: unknown): unknown => ownFault(error) ?? ownError(theirs.name, error);
    return {
      name: theirs.name,
      title: theirs.title,
      summary: theirs.summary,
      input: theirs.input,
      operations: theirs.operations,
      describe: (schema) => String(theirs.describe(schema)),
      plan(args, place): ToolPlan {
        try {
          const plan = theirs.plan(args, place);
          checked(`${theirs.name}.plan`, plans, plan);
          if (plan.kind === 'write') return plan;
          const run: typeof plan.run = async (signal) => {
            try {
              return await plan.run(signal);
            } catch (error) {
              throw faultOf(error);
            }
          };
          return { ...plan, run };
        } catch (error) {
          throw faultOf(error);
        }
      },
    };
  });
}

function checked(method: string, shape: z.ZodType, given: unknown): void {
  const problem = shape.safeParse(given).error?.issues[0];
  if (problem === undefined) return;
  const place = problem.path.length === 0 ? 'its answer' : problem.path.join('.');
  throw new TrackerError({
    kind: 'tracker_payload_error',
    method,
    path: '(adapter)',
    detail: `${place}: ${problem.message}; correct the adapter`,
  });
}

/** null = it is none. */
function ownFault(error: unknown): ToolFault | null {
  if (error instanceof ToolFault) return error;
  if (!(error instanceof Error) || error.name !== 'ToolFault') return null;
  const { kind } = error as Error & { kind?: unknown };
  return new ToolFault(typeof kind === 'string' ? kind : 'internal_error', error.message);
}
