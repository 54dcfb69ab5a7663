// A workflow file that is being written while it is looked at: halves of it, good or bad, are neither taken nor said.

import { expect, it } from 'vitest';
import { createWorkflowSource, type Loaded } from '../../src/daemon/workflow-source.ts';
import { aWorkflow } from './a-workflow.ts';
import { rememberingLog } from './hand-clock.ts';

const good = (hash: string): Loaded => ({ ok: true, workflow: aWorkflow({ contentHash: hash }) });
const bad = (hash: string | null, message: string): Loaded => ({
  ok: false,
  contentHash: hash,
  problems: [{ severity: 'error', check: 'workflow_load', message }],
});

/** Each look finds the next of them; the last one stays. */
function aFile(...found: Loaded[]) {
  const log = rememberingLog();
  let looks = 0;
  const source = createWorkflowSource({
    first: aWorkflow({ contentHash: 'first' }),
    load: () => Promise.resolve(found[Math.min(looks++, found.length - 1)] ?? good('first')),
    settle: () => Promise.resolve(),
    sameTracker: () => true,
    accept: () => undefined,
    onReloaded: () => undefined,
    clock: { nowMs: () => 0 },
    log,
  });
  return {
    source,
    looks: () => looks,
    said: () =>
      log.lines.map(({ message, fields: { error } }) =>
        error === undefined ? message : `${message} ${JSON.stringify(error)}`,
      ),
  };
}

it.each<[string, Loaded[]]>([
  ['empty', [bad('empty', 'no tracker'), good('second')]],
  ['gone', [bad(null, 'no such file'), good('second')]],
  ['half of a good one', [good('half'), good('second')]],
  ['one thing after another', [bad(null, 'gone'), bad('empty', 'no tracker'), good('half'), good('second')]],
])('is taken when it is whole, after it was %s', async (_name, found) => {
  const { source, said } = aFile(...found);
  await source.recheck();
  expect(source.current().contentHash).toBe('second');
  expect(said()).toEqual(['workflow reloaded']);
});

it('is taken for bad when it stays so, and is then looked at once a time', async () => {
  for (const wrong of [bad('wrong', 'a bad key'), bad(null, 'no such file')]) {
    const { source, said, looks } = aFile(wrong);
    await source.recheck();
    expect(looks()).toBe(2);
    await source.recheck();
    expect(looks()).toBe(3);
    expect(said()).toHaveLength(1);
    expect(source.reloadError()).toMatch(/a bad key|no such file/);
  }
});

it('is not looked at twice when nothing has changed', async () => {
  const { source, looks } = aFile(good('first'));
  await source.recheck();
  expect(looks()).toBe(1);
});

it('is not waited for without an end', async () => {
  const { source, looks } = aFile(...Array.from({ length: 100 }, (_, look) => good(`version ${look}`)));
  await source.recheck();
  expect(looks()).toBeLessThan(20);
  expect(source.current().contentHash).toMatch(/^version \d+$/);
});
