// The README promises two commands and one workflow. The commands must be scripts of this package, and the
// workflow must be one that `sortie validate` reads.
import { expect, it } from 'vitest';
import { fencesIn, read } from './repository-files.ts';

const fences = fencesIn(read('README.md'));

it('gives exactly two commands to start with', () => {
  const start = fences.filter((fence) => fence.startsWith('npm ci'));
  expect(start).toEqual(['npm ci && npm start\n', 'npm ci && npm test\n']);
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(['start', 'test', 'build']));
});
