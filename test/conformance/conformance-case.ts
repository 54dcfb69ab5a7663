// One rule of a port, checkable. Imports nothing, so that every suite can use it.

/** Hand it to any runner: `for (const { name, run } of cases) test(name, run)`. */
export interface ConformanceCase {
  /** Says the behaviour, and is unique within its suite. */
  readonly name: string;
  /** Resolves when the rule is kept; throws (an AssertionError, mostly) when it is broken. Cleans up in any case. */
  run(): Promise<void>;
}
