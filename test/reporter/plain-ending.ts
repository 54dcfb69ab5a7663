// The plain ending of a test run: each skipped test with its reason, then one line of counts.
// `.ci/run` reads that last line, so nothing may be printed after it and its words never change.
// A file that could not be loaded and an error outside any test count as failures: green means all ran.
import type { Reporter, SerializedError, TestCase, TestModule } from 'vitest/node';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skips: readonly { readonly name: string; readonly reason: string }[];
}

export const noReason = 'no reason given; say it with ctx.skip(condition, "reason")';

export function count(modules: readonly TestModule[], unhandled: readonly SerializedError[]): Counts {
  let passed = 0;
  let failed = unhandled.length;
  const skips: { name: string; reason: string }[] = [];
  for (const module of modules) {
    failed += module.errors().length;
    for (const suite of module.children.allSuites()) failed += suite.errors().length;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === 'passed') passed += 1;
      else if (state === 'failed') failed += 1;
      else skips.push({ name: `${module.relativeModuleId} > ${test.fullName}`, reason: reasonOf(test) });
    }
  }
  return { passed, failed, skips };
}

export function ending({ passed, failed, skips }: Counts): string {
  const lines = skips.map(({ name, reason }) => `skipped: ${name}: ${reason}`);
  return [...lines, `${passed} passed, ${failed} failed, ${skips.length} skipped`].join('\n');
}

function reasonOf(test: TestCase): string {
  const result = test.result();
  if (result.state === 'skipped') return result.note ?? noReason;
  return 'never finished: the run was interrupted';
}

export default class PlainEnding implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    console.log(`\n${ending(count(modules, unhandled))}`);
  }
}
