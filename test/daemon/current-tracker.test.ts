// The tracker in force: other credentials are taken by a reload, another tracker is not.

import { expect, it } from 'vitest';
import type { TrackerAdapter, TrackerContext, TrackerRegistration } from '../../src/contract/index.ts';
import { createCurrentTracker } from '../../src/daemon/current-tracker.ts';

const context = (facts: Partial<TrackerContext>) =>
  ({ project: 'A', apiKey: 'k', ...facts }) as TrackerContext;

const registration = {
  kind: 'fake',
  identity: ({ project }: TrackerContext) => `fake ${project}`,
  create: ({ apiKey }: TrackerContext) => {
    if (apiKey === 'bad') throw new Error('the key is bad');
    return { apiKey } as unknown as TrackerAdapter;
  },
} as unknown as TrackerRegistration;

it('makes a new adapter for new credentials', () => {
  const tracker = createCurrentTracker(registration, context({}));
  expect(tracker.identity).toBe('fake A');
  expect(tracker.current()).toEqual({ apiKey: 'k' });
  tracker.replace(context({ apiKey: 'new' }));
  expect(tracker.current()).toEqual({ apiKey: 'new' });
});

it('keeps the one in force when the settings name another tracker', () => {
  const tracker = createCurrentTracker(registration, context({}));
  expect(tracker.isNamedBy(context({ apiKey: 'other' }))).toBe(true);
  expect(tracker.isNamedBy(context({ project: 'B' }))).toBe(false);
  expect(() => {
    tracker.replace(context({ project: 'B' }));
  }).toThrow(/another tracker: restart the daemon/);
  expect(tracker.current()).toEqual({ apiKey: 'k' });
});

it('keeps the one in force when the adapter refuses the settings', () => {
  const tracker = createCurrentTracker(registration, context({}));
  expect(() => {
    tracker.replace(context({ apiKey: 'bad' }));
  }).toThrow('the key is bad');
  expect(tracker.current()).toEqual({ apiKey: 'k' });
});
