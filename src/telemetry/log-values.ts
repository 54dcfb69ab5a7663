// Makes what callers hand to the logger into plain fields: errors become a line (and a stack where only a
// programmer can help), the record's own keys cannot be overwritten, absent values are left out. Values
// come from trackers and agents, so none is trusted to be small or well-formed.

/** Keys of the record itself; a field of that name would forge the line's time, level or message. */
const RESERVED = new Set(['time', 'level', 'msg']);
/** Enough for a bounded tail of stderr; an unbounded message would make a log line of megabytes. */
export const LONGEST_VALUE = 16_384;
/** Errors that say "this program is wrong": the world's failures are typed and need no stack. */
const PROGRAMMER_ERRORS = new Set([
  'Error',
  'TypeError',
  'RangeError',
  'ReferenceError',
  'SyntaxError',
  'AssertionError',
]);
const DEEPEST_CAUSE = 5;

/** Fields ready for pino. `{ error }` with an Error gives `error` and, for programmers' mistakes, `error_stack`. */
export function plainFields(fields: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const plain: Record<string, unknown> = {};
  for (const name of Object.keys(fields)) {
    const value = readField(fields, name);
    if (value === undefined || value === null) continue;
    const key = RESERVED.has(name) ? `${name}_field` : name;
    if (value instanceof Error) {
      plain[key] = errorLine(value);
      if (PROGRAMMER_ERRORS.has(value.name) && value.stack !== undefined) plain[`${key}_stack`] = value.stack;
    } else if (typeof value === 'bigint') {
      plain[key] = value.toString();
    } else {
      plain[key] = value;
    }
  }
  return plain;
}

/** A getter that throws must not take the caller down with it. */
function readField(fields: Readonly<Record<string, unknown>>, name: string): unknown {
  try {
    return fields[name];
  } catch {
    return '(unreadable)';
  }
}

/** The error's message and those of its causes, without repeating what a message already contains. */
export function errorLine(error: Error): string {
  let line = error.message === '' ? error.name : error.message;
  let cause: unknown = error.cause;
  for (let depth = 0; depth < DEEPEST_CAUSE && cause instanceof Error; depth++) {
    if (cause.message !== '' && !line.includes(cause.message)) line += `: ${cause.message}`;
    cause = cause.cause;
  }
  return line;
}

/** Cut to a bound, saying so. */
export function bounded(text: string): string {
  if (text.length <= LONGEST_VALUE) return text;
  const left = text.length - LONGEST_VALUE;
  return `${text.slice(0, LONGEST_VALUE)}… (${left} more characters)`;
}
