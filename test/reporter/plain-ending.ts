// The plain ending of a test run: each skipped test with its reason, then one line of counts.
// `.ci/run` reads that last line, so nothing may be printed after it and its words never change.
// A file that could not be loaded, a test that never ended and an error outside of any test count as
// failures: green means that all ran.
import type { Reporter, SerializedError, TestCase, TestModule } from 'vitest/node';

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skips: readonly { readonly name: string; readonly reason: string }[];
}

export const noReason = "no reason given; say it with ctx.skip(condition, 'reason')";

export function count(modules: readonly TestModule[], unhandled: readonly SerializedError[]): Counts {
  const tests = modules.flatMap((module) => [...module.children.allTests()]);
  const ended = (state: string): TestCase[] => tests.filter((test) => test.result().state === state);
  const outsideOfTests = modules.flatMap((module) => [
    ...module.errors(),
    ...[...module.children.allSuites()].flatMap((suite) => suite.errors()),
  ]);
  return {
    passed: ended('passed').length,
    failed: ended('failed').length + ended('pending').length + outsideOfTests.length + unhandled.length,
    skips: ended('skipped').map((test) => ({ name: nameOf(test), reason: reasonOf(test) })),
  };
}

export function ending({ passed, failed, skips }: Counts): string {
  const lines = skips.map(({ name, reason }) => `skipped: ${name}: ${reason}`);
  return [...lines, `${passed} passed, ${failed} failed, ${skips.length} skipped`].join('\n');
}

function nameOf(test: TestCase): string {
  return `${test.module.relativeModuleId} > ${test.fullName}`;
}

function reasonOf(test: TestCase): string {
  const result = test.result();
  return (result.state === 'skipped' ? result.note : undefined) ?? noReason;
}

export default class PlainEnding implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandled: readonly SerializedError[]): void {
    console.log(`\n${ending(count(modules, unhandled))}`);
  }
}
