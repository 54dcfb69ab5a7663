// The block `mock:` of WORKFLOW.md: how the bundled agent behaves. `by_issue` changes it for single issues, so that
// one workflow can show a success, a failure and a question side by side.

import { isAbsolute } from 'node:path';
import { z } from 'zod';

/**
 * What a turn comes to. `flood` prints far more than anybody wants and succeeds; `hang` and `ignore_sigterm` never
 * end by themselves, and the latter does not listen when it is asked to.
 */
export const MOCK_OUTCOMES = [
  'succeed',
  'fail',
  'crash',
  'hang',
  'flood',
  'input_required',
  'ignore_sigterm',
] as const;

const HOUR_MS = 3_600_000;
const MAX_TOKENS_A_TURN = 100_000_000;

/** Integers may be quoted, like everywhere in WORKFLOW.md. */
const count = (max: number) =>
  z
    .union([z.number(), z.string().regex(/^\d+$/, 'must be an integer').transform(Number)])
    .pipe(z.int().min(0).max(max));

const fields = {
  turn_ms: count(HOUR_MS),
  outcome: z.enum(MOCK_OUTCOMES),
  fail_first: count(1_000_000),
  status: z
    .string()
    .max(200)
    .regex(/^[^\r\n]*$/, 'must be a single line'),
  file: z.string().max(400).refine(staysInside, 'must be a relative path inside of the workspace'),
  input_tokens: count(MAX_TOKENS_A_TURN),
  output_tokens: count(MAX_TOKENS_A_TURN),
  calls: z.array(
    z.object({
      tool: z.string().regex(/^\w{1,100}$/, 'must be the name of a tool'),
      arguments: z.record(z.string(), z.unknown()).default({}),
      turn: count(10_000).prefault(1),
    }),
  ),
};

/** Keys as users write them, with their defaults (`prefault` where quoted integers would hide them from JSON Schema). */
export const mockSettings = z.object({
  turn_ms: fields.turn_ms.describe('how long a turn takes').prefault(3000),
  outcome: fields.outcome.describe('what a turn comes to').default('succeed'),
  fail_first: fields.fail_first.describe('N: attempts 0 to N-1 fail, whatever outcome says').prefault(0),
  status: fields.status
    .describe('written into .sortie/status at the end of a good turn; empty writes none')
    .default(''),
  file: fields.file.describe('gets one more line each turn; empty writes none').default('NOTES.md'),
  input_tokens: fields.input_tokens.describe('input tokens of a turn').prefault(1200),
  output_tokens: fields.output_tokens.describe('output tokens of a turn').prefault(300),
  calls: fields.calls
    .describe(
      'tools of the run to call, each `{tool, arguments, turn}`; in arguments `$ISSUE` is the identifier and `$LAST_ID` the id in the last answer',
    )
    .default([]),
  by_issue: z
    .record(z.string(), z.object(fields).partial())
    .describe('issue identifier → the keys above that differ for it')
    .prefault({}),
});

/** What one turn of one issue does: the settings without `by_issue`. */
export type MockPlan = Omit<z.infer<typeof mockSettings>, 'by_issue'>;

/** The plan for an issue. `block` is a checked `mock:` block. */
export function planFor(block: Readonly<Record<string, unknown>>, issueIdentifier: string): MockPlan {
  const { by_issue: byIssue, ...plan } = mockSettings.parse(block);
  const own = Object.hasOwn(byIssue, issueIdentifier) ? byIssue[issueIdentifier] : {};
  const changes = Object.entries(own ?? {}).filter(([, value]) => value !== undefined);
  return { ...plan, ...(Object.fromEntries(changes) as Partial<MockPlan>) };
}

function staysInside(path: string): boolean {
  return !isAbsolute(path) && !path.includes('\0') && !path.split('/').includes('..') && !path.endsWith('/');
}
