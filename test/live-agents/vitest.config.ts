// `npm run test:agents`: the real CLIs that are on PATH, against a scripted model on the loopback. Not part of
// `npm test`: which CLIs there are, and how slow they start, is the machine's business.
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    environment: 'node',
    include: ['test/**/*.live.ts'],
    pool: 'forks',
    // They are heavy, and some share ports and caches in ways that they do not tell.
    maxWorkers: 1,
    testTimeout: 180_000,
    hookTimeout: 60_000,
    teardownTimeout: 30_000,
    allowOnly: false,
    // Says of everything that was skipped why.
    reporters: ['verbose'],
  },
});
