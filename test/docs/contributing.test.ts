// Holds the tree in CONTRIBUTING.md to the real one, and its "(imports nothing)" to the arrow table.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { arrows } from '../tidy/arrow-table.ts';
import { exists, fencesIn, read, root } from './repository-files.ts';

const tree = fencesIn(read('CONTRIBUTING.md')).find((fence) => fence.startsWith('src/')) ?? '';

/** Path → whether it is said to import nothing. */
const entries = new Map<string, boolean>();
let parent = '';
for (const line of tree.trimEnd().split('\n')) {
  const [name = ''] = line.trim().split(/\s/);
  if (!line.startsWith(' ')) parent = name;
  entries.set(line.startsWith(' ') ? parent + name : name, line.includes('(imports nothing)'));
}

it('shows only what is there', () => {
  expect(entries.size).toBeGreaterThan(15);
  expect([...entries.keys()].filter((path) => !exists(path))).toEqual([]);
});

it('shows every folder of src', () => {
  const folders = readdirSync(join(root, 'src'), { withFileTypes: true }).filter((entry) =>
    entry.isDirectory(),
  );
  expect(folders.map(({ name }) => name).filter((name) => !entries.has(`src/${name}/`))).toEqual([]);
});

it('says "imports nothing" of the pure folders, and of no other', () => {
  const said = [...entries].filter(([, nothing]) => nothing).map(([path]) => path.replace(/\/$/, ''));
  const pure = Object.entries(arrows).filter(([, row]) => row.from.length === 0 && !row.node);
  expect(said.sort()).toEqual(pure.map(([folder]) => folder).sort());
});
