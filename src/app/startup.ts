// What keeps the program from starting, as problems that people can read: all at once, one line each.

import type { WorkflowProblem } from '../contract/index.ts';

/** One line a problem; all that is wrong, not only the first. */
export class StartupError extends Error {
  override readonly name = 'StartupError';
  readonly problems: readonly WorkflowProblem[];

  constructor(problems: readonly WorkflowProblem[], cause?: unknown) {
    super(problems.map(({ message }) => message).join('; '), { cause });
    this.problems = problems;
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
