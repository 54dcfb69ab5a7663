// What the registration does before the first read: the seed, the identity, the settings.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { tracker } from '../../../../adapters/trackers/file/index.ts';
import { canComment } from '../../../../src/contract/tracker-capabilities.ts';
import type { TrackerContext } from '../../../../src/contract/tracker.ts';
import { contextFor } from '../world-over-files.ts';
import { failure, never, record, withIssues } from './issues-file.ts';

const states = { activeStates: ['To Do'], terminalStates: ['Done'] };
const contextOf = (folder: string, settings: Record<string, unknown>): TrackerContext =>
  contextFor(tracker, folder, settings, states);

it('copies the seed to a path that does not exist, folders included, and lets it be written', async () => {
  await withIssues([record(1)], async (file) => {
    const context = contextOf(file.folder, { path: 'deep/er/list.json', seed: 'issues.json' });
    await tracker.prepare?.(context);
    const adapter = tracker.create(context);
    expect(await adapter.fetchCandidateIssues(never)).toHaveLength(1);
    await adapter.transitionIssue('1', 'Done', {}, never);
    expect(file.records()[0]?.['state']).toBe('To Do');
    expect(readdirSync(join(file.folder, 'deep/er'))).toEqual(['list.json']);
    expect(statSync(join(file.folder, 'deep/er/list.json')).mode & 0o777).toBe(0o644);
  });
});

it('never overwrites, not even when several processes prepare at once, and needs no seed then', async () => {
  await withIssues([record(1)], async (file) => {
    const context = contextOf(file.folder, { path: 'list.json', seed: 'issues.json' });
    await Promise.all(Array.from({ length: 8 }, async () => tracker.prepare?.(context)));
    writeFileSync(join(file.folder, 'list.json'), '[]');
    await tracker.prepare?.(contextOf(file.folder, { path: 'list.json', seed: 'missing.json' }));
    expect(readFileSync(join(file.folder, 'list.json'), 'utf8')).toBe('[]');
    expect(readdirSync(file.folder).sort()).toEqual(['issues.json', 'list.json']);
  });
});

it('says that the seed is missing, and leaves nothing', async () => {
  await withIssues([], async (file) => {
    const preparing = tracker.prepare?.(contextOf(file.folder, { path: 'list.json', seed: 'no.json' }));
    const error = await failure(Promise.resolve(preparing));
    expect(error.message).toBe(
      `tracker: tracker_payload_error: prepare ${file.folder}/no.json: cannot be copied to ` +
        `${file.folder}/list.json (ENOENT); correct file.seed`,
    );
    expect(file.leftovers()).toEqual([]);
  });
});

it('does nothing without a seed', async () => {
  await withIssues([], async (file) => {
    await tracker.prepare?.(contextOf(file.folder, { path: 'list.json' }));
    expect(existsSync(join(file.folder, 'list.json'))).toBe(false);
  });
});

it('is known by the real path, before the file exists and after, through links too', async () => {
  await withIssues([], async (file) => {
    mkdirSync(join(file.folder, 'real'));
    symlinkSync('real', join(file.folder, 'link'));
    const context = contextOf(file.folder, { path: 'link/list.json' });
    const expected = join(file.folder, 'real/list.json');
    expect(tracker.identity(context)).toBe(expected);
    writeFileSync(expected, '[]');
    expect(tracker.identity(context)).toBe(expected);
    expect(tracker.identity(contextOf('/nowhere', { path: expected }))).toBe(expected);
  });
});

it('demands a path, and can comment', () => {
  expect(tracker.settingsSchema.safeParse({}).success).toBe(false);
  expect(tracker.settingsSchema.safeParse({ path: '' }).success).toBe(false);
  expect(tracker.settingsSchema.safeParse({ path: 'a.json', seed: 5 }).success).toBe(false);
  expect(canComment(tracker.create(contextOf('/nowhere', { path: 'a.json' })))).toBe(true);
});

it('stays the same list when the link behind its name is swapped', async () => {
  await withIssues([], async (file) => {
    const context = contextOf(file.folder, { path: 'swapped.json' });
    const place = join(file.folder, 'swapped.json');
    symlinkSync('one.json', place);
    writeFileSync(join(file.folder, 'one.json'), '[]');
    expect(tracker.identity(context)).toBe(place);
    rmSync(place);
    symlinkSync('two.json', place);
    expect(tracker.identity(context)).toBe(place);
  });
});
