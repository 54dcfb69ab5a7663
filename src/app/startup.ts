// What keeps the program from starting, as problems that people can read: all at once, one line each.

import type { WorkflowProblem } from '../contract/index.ts';
import { checkTracker, missingAgent, trackerContext, type LoadResult } from '../workflow/index.ts';

/** One line a problem; all that is wrong, not only the first. */
export class StartupError extends Error {
  override readonly name = 'StartupError';
  readonly problems: readonly WorkflowProblem[];

  constructor(problems: readonly WorkflowProblem[], cause?: unknown) {
    super(problems.map(({ message }) => message).join('; '), { cause });
    this.problems = problems;
  }
}

type GoodLoad = Extract<LoadResult, { ok: true }>;

/**
 * Everything that can be known before anything is touched: the file, the tracker's adapter, the agent's program. A
 * daemon whose agent is not installed would only look busy; one that vanishes later stops dispatch instead.
 */
export async function refuseUnlessStartable(
  loaded: LoadResult,
  env: Readonly<Record<string, string | undefined>>,
): Promise<GoodLoad> {
  const missing = await missingAgent(loaded, env, 'error');
  const problems = loaded.ok
    ? [...trackerProblems(loaded), ...missing, ...loaded.workflow.warnings]
    : [...loaded.problems, ...missing];
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (loaded.ok && errors.length === 0) return loaded;
  throw new StartupError([...errors, ...problems.filter(({ severity }) => severity === 'warning')]);
}

/** Of an adapter that is made for this question only. */
function trackerProblems({ workflow, tracker }: GoodLoad): readonly WorkflowProblem[] {
  try {
    return checkTracker(workflow, tracker, tracker.create(trackerContext(workflow, () => undefined)));
  } catch (error) {
    return asStartupError('tracker_adapter', error).problems;
  }
}

/** Throws when there is an error among them. */
export function refuseErrors(problems: readonly WorkflowProblem[]): void {
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new StartupError(errors);
}

/** Names the step whose failure keeps the program from starting. */
export async function startupStep<T>(check: string, step: () => Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw asStartupError(check, error);
  }
}

export function asStartupError(check: string, error: unknown): StartupError {
  if (error instanceof StartupError) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new StartupError([{ severity: 'error', check, message }], error);
}
