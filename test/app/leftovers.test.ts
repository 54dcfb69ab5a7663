// What a dead daemon left in the shared temporary folder goes, and nothing else there does.

import { randomUUID } from 'node:crypto';
import { chmodSync, existsSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { endOrphans } from '../../src/app/leftovers.ts';
import { createLogger } from '../../src/telemetry/index.ts';
import { NOTHING_STORED } from '../core/driver.ts';
import { scratchFolder } from '../workspace/scratch.ts';

it('removes the temporary folders of runs of this store, by their whole name, and no link or file', async () => {
  const root = scratchFolder();
  const outside = scratchFolder();
  writeFileSync(join(outside, 'precious'), '');
  const [ours, theirs, linked, file] = [randomUUID(), randomUUID(), randomUUID(), randomUUID()];
  for (const name of [
    `sortie-${ours}`,
    `sortie-${theirs}`,
    `sortie-${ours}-x`,
    `x-sortie-${ours}`,
    'sortie-..',
  ]) {
    mkdirSync(join(root, name, 'deep'), { recursive: true });
  }
  symlinkSync(outside, join(root, `sortie-${ours}`, 'link'));
  chmodSync(join(root, `sortie-${ours}`, 'deep'), 0);
  symlinkSync(outside, join(root, `sortie-${linked}`));
  writeFileSync(join(root, `sortie-${file}`), '');
  const lines: string[] = [];
  const log = createLogger({
    level: 'info',
    format: 'json',
    destination: { write: (line) => lines.push(line) },
  });
  const known = new Set<string>([ours, linked, file]);
  const store = {
    load: () => Promise.resolve(NOTHING_STORED),
    knownRunIds: (ids: readonly string[]) => Promise.resolve(new Set(ids.filter((id) => known.has(id)))),
  };
  await endOrphans(store, 100, log, root);
  expect(readdirSync(root).sort()).toEqual(
    [
      `sortie-${theirs}`,
      `sortie-${ours}-x`,
      `x-sortie-${ours}`,
      'sortie-..',
      `sortie-${linked}`,
      `sortie-${file}`,
    ].sort(),
  );
  expect(existsSync(join(outside, 'precious'))).toBe(true);
  expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).toEqual([
    'temporary folder of a dead run removed',
  ]);
});
