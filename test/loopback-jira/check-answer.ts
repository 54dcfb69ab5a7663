// Holds the loopback to its word: an answer must have a status that its route declares, and that status's shape.
import type { Answer } from './answer.ts';
import { describe, type Route } from './route.ts';

/** Null when the answer is as declared. */
export function checkAnswer({ answers }: Route, { status, body }: Answer): string | null {
  const shape = answers[status];
  if (shape === undefined) return `answers ${status}, which its description lacks`;
  if (shape === null) return body === undefined ? null : `answers ${status} with a body`;
  // Checked as the client will see it: without what JSON drops.
  const checked = shape.safeParse(JSON.parse(JSON.stringify(body ?? null)));
  return checked.success ? null : `answers ${status} with ${describe(checked.error)}`;
}
