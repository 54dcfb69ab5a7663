// Reads every source of the repository and fails where the architecture's arrows or a house rule is broken.
// The rules live in test/tidy/, the arrows in test/tidy/arrow-table.ts; that the rules can fail is proved by
// test/tidy/*.test.ts. Each finding says the file, the line, the rule and what to do.
import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { checkAll } from './tidy/rules.ts';
import { readSources, show } from './tidy/source.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

it('finds every source of the repository', () => {
  const paths = readSources(root).map(({ path }) => path);
  expect(paths).toContain('src/contract/issue.ts');
  expect(paths).toContain('src/dashboard/main.tsx');
  expect(paths).toContain('test/tidy.test.ts');
  expect(paths).toContain('scripts/copy-assets.mjs');
});

it('keeps the arrows of the architecture and the rules of the house', () => {
  const findings = readSources(root).flatMap(checkAll).map(show);
  expect(findings).toEqual([]);
});
