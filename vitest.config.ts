// How the tests run: each file in its own process, because they open databases, spawn process groups and
// send signals, and at most three at a time, because real processes need the processor too: most of them wait.
// Refuses network names other than the loopback only by habit: no test here has a reason to look further.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'node',
    include: ['test/**/*.test.ts'],
    setupFiles: ['./test/reporter/property-seed.ts'],
    pool: 'forks',
    maxWorkers: 3,
    // Patience, not a measure: how long something takes is never what a test asserts.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    expect: { poll: { timeout: 30_000 } },
    teardownTimeout: 10_000,
    // A stray .only would hide every other test and still be green.
    allowOnly: false,
    reporters: ['default', './test/reporter/plain-ending.ts'],
    coverage: { include: ['src/**/*.ts', 'adapters/**/*.ts'], reporter: ['text-summary', 'html'] },
  },
});
