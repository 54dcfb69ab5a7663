// Tools whose parameters depend on `action` have one flat schema, which cannot say what goes with what. It is said here:
// what is missing and what is too much is named, all at once, and nothing is guessed from what else was given.
import { refuse } from './tool.ts';

export interface Wanted {
  /** Besides `always`. */
  readonly required: readonly string[];
  readonly optional?: readonly string[];
}

/** Throws a ToolFault that names each missing and each superfluous parameter. */
export function checkCombination(
  args: Readonly<Record<string, unknown>>,
  action: string,
  { required, optional = [] }: Wanted,
  always: readonly string[],
): void {
  const allowed = new Set([...always, ...required, ...optional]);
  const missing = required.filter((name) => args[name] === undefined);
  const superfluous = Object.keys(args).filter((name) => args[name] !== undefined && !allowed.has(name));
  const problems = [
    ...(missing.length === 0 ? [] : [`${missing.join(', ')} missing`]),
    ...(superfluous.length === 0 ? [] : [`${superfluous.join(', ')} not allowed`]),
  ];
  if (problems.length === 0) return;
  const takes = [...required, ...optional.map((name) => `${name} (optional)`)];
  throw refuse(
    `action ${action}: ${problems.join('; ')}; it takes ${takes.length === 0 ? 'nothing else' : takes.join(', ')}`,
  );
}
