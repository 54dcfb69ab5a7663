// What is kept of a workspace for the next run comes back as it was, or not at all.

import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { serialize } from 'node:v8';
import { describe, expect, it } from 'vitest';
import { dropLook, keepLook, keptLook, NO_WORK, takeBaseline } from '../../src/workspace/index.ts';
import { scratchFolder } from './scratch.ts';

const OWNERS = '.sortie-owners';

function workspace(): string {
  const root = scratchFolder();
  mkdirSync(join(root, OWNERS));
  mkdirSync(join(root, 'A-1'));
  writeFileSync(join(root, 'A-1', 'a'), '');
  return join(root, 'A-1');
}

describe('a look', () => {
  it('is kept until it is dropped', async () => {
    const path = workspace();
    const look = { baseline: await takeBaseline(path), carried: { ...NO_WORK, commits: ['commit on main'] } };
    await keepLook(path, look);
    expect(await keptLook(path)).toEqual(look);
    await dropLook(path);
    expect(await keptLook(path)).toBeNull();
  });

  const odd: [string, unknown][] = [
    ['no object', 7],
    ['no list of commits', { baseline: null, carried: { commits: 'x', changes: 0 } }],
    [
      'something else of a repository',
      {
        baseline: {
          paths: new Float64Array(0),
          files: new Float64Array(0),
          repositories: new Map([['', { heads: {} }]]),
        },
        carried: NO_WORK,
      },
    ],
  ];

  it.each(odd)('that holds %s is none', async (_, value) => {
    const path = workspace();
    writeFileSync(join(path, '..', OWNERS, '~look-A-1'), serialize(value));
    expect(await keptLook(path)).toBeNull();
  });

  it('behind a link is none', async () => {
    const path = workspace();
    const elsewhere = join(path, 'look');
    writeFileSync(elsewhere, serialize({ baseline: null, carried: NO_WORK }));
    symlinkSync(elsewhere, join(path, '..', OWNERS, '~look-A-1'));
    expect(await keptLook(path)).toBeNull();
  });
});
