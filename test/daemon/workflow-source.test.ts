// The workflow in force: a good reload replaces it, a bad one changes nothing and is said once.

import { describe, expect, it } from 'vitest';
import type { Settings, Workflow } from '../../src/contract/index.ts';
import {
  createWorkflowSource,
  type Loaded,
  type WorkflowSourceParts,
} from '../../src/daemon/workflow-source.ts';
import { aWorkflow, type WorkflowChange } from './a-workflow.ts';
import { rememberingLog, settled } from './hand-clock.ts';

function good(hash: string, change: WorkflowChange = {}): Loaded {
  return { ok: true, workflow: aWorkflow({ ...change, contentHash: hash }) };
}

function bad(hash: string | null, ...messages: string[]): Loaded {
  const problems = messages.map(
    (message) => ({ severity: 'error', check: 'workflow_load', message }) as const,
  );
  const warning = { severity: 'warning', check: 'unknown_key', message: 'beside the point' } as const;
  return { ok: false, contentHash: hash, problems: [...problems, warning] };
}

function aSource(change: Partial<WorkflowSourceParts> = {}) {
  const clock = { now: 0 };
  const log = rememberingLog();
  const reloads: (readonly [Workflow, Workflow])[] = [];
  const file: { now: Loaded | Error } = { now: good('first') };
  const source = createWorkflowSource({
    first: aWorkflow({ contentHash: 'first' }),
    load: () => (file.now instanceof Error ? Promise.reject(file.now) : Promise.resolve(file.now)),
    sameTracker: () => true,
    accept: () => undefined,
    onReloaded: (before, after) => reloads.push([before, after]),
    clock: { nowMs: () => clock.now },
    log,
    ...change,
  });
  const errors = () =>
    log.lines.filter(({ level }) => level === 'error').map(({ fields }) => fields['error']);
  const warned = () =>
    log.lines.filter(({ message }) => message.includes('next restart')).map(({ fields }) => fields['key']);
  return { source, clock, file, log, reloads, errors, warned };
}

describe('a good reload', () => {
  it('replaces the workflow and tells what was before', async () => {
    const { source, file, reloads, log } = aSource();
    const before = source.current();
    file.now = good('second', { settings: { pollIntervalMs: 5 } });
    await source.recheck();
    expect(source.current().settings.pollIntervalMs).toBe(5);
    expect(reloads).toEqual([[before, source.current()]]);
    expect(log.lines.map(({ message }) => message)).toEqual(['workflow reloaded']);
  });

  it('is not one when nothing changed', async () => {
    const { source, log, reloads } = aSource();
    await source.recheck();
    await source.recheck();
    expect(reloads).toEqual([]);
    expect(log.lines).toEqual([]);
  });

  it('says its warnings', async () => {
    const { source, file, log } = aSource();
    const warnings = [
      { severity: 'warning', check: 'unknown_key', message: 'pooling: did you mean polling?' },
    ] as const;
    file.now = good('second', { warnings });
    await source.recheck();
    expect(log.lines[0]).toMatchObject({
      level: 'warn',
      fields: { check: 'unknown_key', problem: 'pooling: did you mean polling?' },
    });
  });
});

describe('a bad reload', () => {
  it('changes nothing, is said once, and is shown until it is mended', async () => {
    const { source, file, reloads, errors } = aSource();
    const before = source.current();
    file.now = bad('broken', 'WORKFLOW.md:3:1: not a map', 'agent.kind: missing');
    await source.recheck();
    await source.recheck();
    expect(source.current()).toBe(before);
    expect(reloads).toEqual([]);
    expect(errors()).toEqual(['WORKFLOW.md:3:1: not a map; agent.kind: missing']);
    expect(source.reloadError()).toBe('WORKFLOW.md:3:1: not a map; agent.kind: missing');
    file.now = good('first');
    await source.recheck();
    expect(source.reloadError()).toBe('');
  });

  it('is said again when it is bad in another way', async () => {
    const { source, file, errors } = aSource();
    file.now = bad('broken', 'one');
    await source.recheck();
    file.now = bad('broken-2', 'two');
    await source.recheck();
    expect(errors()).toEqual(['one', 'two']);
  });

  it('of a file that cannot be read is said once, and is over when the same file is back', async () => {
    const { source, file, errors } = aSource();
    file.now = bad(null, 'no such file');
    for (let times = 0; times < 3; times += 1) await source.recheck();
    expect(errors()).toEqual(['no such file']);
    file.now = good('first');
    await source.recheck();
    expect(source.reloadError()).toBe('');
  });

  it('never rejects, also when the loader throws', async () => {
    const { source, file, errors } = aSource();
    file.now = new Error('loader bug');
    await source.recheck();
    expect(errors()).toEqual(['loader bug']);
  });

  it('is one, too, when the new settings cannot be used', async () => {
    const { source, file, errors, reloads } = aSource({
      accept: () => {
        throw new Error('the adapter refuses');
      },
    });
    const before = source.current();
    file.now = good('second');
    await source.recheck();
    await source.recheck();
    expect(source.current()).toBe(before);
    expect(reloads).toEqual([]);
    expect(errors()).toEqual(['the adapter refuses']);
  });
});

describe('what takes effect at a restart', () => {
  it.each([
    ['tracker.kind', { tracker: { kind: 'other' } }],
    ['tracker.adapter', { tracker: { adapter: './mine.mjs' } }],
    ['tracker.endpoint', { tracker: { endpoint: 'https://x' } }],
    ['tracker.project', { tracker: { project: 'X' } }],
    ['db_path', { dbPath: '/other.db' }],
    ['server', { server: { port: 1 } }],
    ['logging', { logging: { level: 'debug' } }],
    ['token_rates', { tokenRates: { mock: { inputPerMtok: 1 } } }],
  ] as [string, WorkflowChange['settings']][])('keeps %s and warns', async (key, settings) => {
    const { source, file, warned } = aSource();
    const { tracker, dbPath, server, logging, tokenRates } = source.current().settings;
    file.now = good('second', { settings: { ...settings, pollIntervalMs: 7 } });
    await source.recheck();
    expect(warned()).toEqual([key]);
    expect(source.current().settings).toMatchObject({ tracker, dbPath, server, logging, tokenRates });
    expect(source.current().settings.pollIntervalMs).toBe(7);
  });

  it('is not what may change while it runs', async () => {
    const { source, file, warned } = aSource();
    const tracker = {
      apiKey: 'new',
      activeStates: ['Doing'],
      handoffState: 'QA',
      block: { user_agent: 'x' },
    };
    file.now = good('second', { settings: { tracker } });
    await source.recheck();
    expect(warned()).toEqual([]);
    expect(source.current().settings.tracker).toMatchObject(tracker);
  });

  it('is the adapter’s block when it names other issues; the rest is taken', async () => {
    const block = { path: 'a.json' };
    const first = aWorkflow({ contentHash: 'first', settings: { tracker: { block } } });
    const sameTracker = ({ settings }: { settings: Settings }) => settings.tracker.block['path'] === 'a.json';
    const accepted: Workflow[] = [];
    const { source, file, warned } = aSource({ first, sameTracker, accept: (one) => accepted.push(one) });
    file.now = good('second', { settings: { pollIntervalMs: 7, tracker: { block: { path: 'b.json' } } } });
    await source.recheck();
    expect(warned()).toEqual(['file.path']);
    expect(source.current().settings.tracker.block).toEqual(block);
    expect(source.current().settings.pollIntervalMs).toBe(7);
    expect(accepted).toEqual([source.current()]);
    expect(source.reloadError()).toBe('');
  });
});

it('rechecks never overlap: all who ask meanwhile wait for the same one', async () => {
  let loads = 0;
  let release: () => void = () => undefined;
  const { source, reloads } = aSource({
    load: () => {
      loads += 1;
      return new Promise((resolve) => {
        release = () => {
          resolve(good(`load-${loads}`));
        };
      });
    },
  });
  let done = 0;
  const waiting = [1, 2, 3].map(() => source.recheck().then(() => (done += 1)));
  await settled();
  expect(loads).toBe(1);
  expect(done).toBe(0);
  release();
  await Promise.all(waiting);
  expect(reloads).toHaveLength(1);
  const next = source.recheck();
  await settled();
  release();
  await next;
  expect(loads).toBe(2);
});

it('knows when the file was last read well and when it was refused', async () => {
  const { source, clock, file } = aSource();
  expect(source.readAtMs()).toEqual({ loaded: 0, failed: null });
  clock.now = 10;
  file.now = bad('second', 'broken');
  await source.recheck();
  expect(source.readAtMs()).toEqual({ loaded: 0, failed: 10 });
  clock.now = 20;
  file.now = good('third');
  await source.recheck();
  expect(source.readAtMs()).toEqual({ loaded: 20, failed: 10 });
});

it('shows of what waits for a restart the value that is in force', async () => {
  const shown = (port: string, interval: string) => [
    { key: 'server.port', value: port, source: 'front_matter', place: 'WORKFLOW.md:3' } as const,
    { key: 'polling.interval_ms', value: interval, source: 'front_matter', place: 'WORKFLOW.md:4' } as const,
  ];
  const first = aWorkflow({ contentHash: 'first', effective: shown('7678', '30000') });
  const { source, file } = aSource({ first });
  file.now = good('second', { effective: shown('9999', '500') });
  await source.recheck();
  const values = Object.fromEntries(source.current().effective.map(({ key, value }) => [key, value]));
  expect(values).toEqual({ 'server.port': '7678', 'polling.interval_ms': '500' });
});
