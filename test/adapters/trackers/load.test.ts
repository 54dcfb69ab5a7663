// A third party's adapter: found as a file or a package, checked before use, refused in one line.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadTrackerAdapter } from '../../../adapters/index.ts';
import { canComment, canStreamCandidates } from '../../../src/contract/tracker-capabilities.ts';
import { TrackerError, type TrackerContext } from '../../../src/contract/tracker.ts';
import { failure, never } from './file/issues-file.ts';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sortie-load-'));
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const registration = `{
  kind: 'mine', requiresProject: false, requiresApiKey: false,
  defaultActiveStates: ['Open'], defaultTerminalStates: [],
  settingsSchema: { safeParse: (data) => ({ success: true, data }) },
  pathSettings: [], secretSettings: [],
  identity: () => 'here',
  warnings: () => ['this will disappoint'],
  create: (context) => ({
    fetchCandidateIssues: async () => [],
    fetchIssueById: async (id) => { throw Object.assign(new Error('tracker: tracker_not_found: GET /x: gone'), { name: 'TrackerError', kind: 'tracker_not_found' }); },
    fetchIssueComments: async () => { throw new TypeError('a bug\\nin two lines'); },
    fetchIssuesByStates: async (states, signal) => { signal.throwIfAborted(); return []; },
    addComment: async () => 'c1',
    async *streamCandidateIssues() {
      yield [];
      throw Object.assign(new Error('tracker: tracker_api_error: GET /y: slow down'), { name: 'TrackerError', kind: 'tracker_api_error', retryAfterMs: 5000 });
    },
  }),
}`;

function put(path: string, text: string): void {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
}

it.each([
  ['a file beside WORKFLOW.md', './mine.mjs', { 'mine.mjs': `export const tracker = ${registration};` }],
  ['a CommonJS file', './mine.cjs', { 'mine.cjs': `exports.tracker = ${registration};` }],
  [
    'a package with `import` exports only',
    'sortie-mine',
    {
      'node_modules/sortie-mine/package.json': '{"type":"module","exports":{".":{"import":"./lib/a.js"}}}',
      'node_modules/sortie-mine/lib/a.js': `export const tracker = ${registration};`,
    },
  ],
  [
    'a scoped package with `main`',
    '@me/mine',
    {
      'node_modules/@me/mine/package.json': '{"main":"a.js"}',
      'node_modules/@me/mine/a.js': `exports.tracker = ${registration};`,
    },
  ],
  [
    'a subpath of a package',
    'kit/tracker',
    {
      'node_modules/kit/package.json': '{"type":"module","exports":{"./tracker":{"default":"./t.js"}}}',
      'node_modules/kit/t.js': `export const tracker = ${registration};`,
    },
  ],
])('loads %s', async (_, specifier, files) => {
  for (const [path, text] of Object.entries(files)) put(path, text);
  const loaded = await loadTrackerAdapter(specifier, folder, 'mine');
  expect(loaded.kind).toBe('mine');
  expect(loaded.identity({} as TrackerContext)).toBe('here');
  expect(await loaded.create({} as TrackerContext).fetchCandidateIssues(never)).toEqual([]);
});

it.each<[string, string, string, string]>([
  ['no such file', './none.mjs', '', 'does not load: Cannot find module'],
  ['no such package', 'not-installed-anywhere', '', 'no such package in '],
  ['a module of Node', 'fs', '', 'no such package in '],
  ['a syntax error', './mine.mjs', 'export const = 1', 'does not load: '],
  ['a module that throws', './mine.mjs', 'throw new Error("boom\\nmore")', 'does not load: boom; correct'],
  ['no export', './mine.mjs', 'export default {}', 'exports no `tracker`'],
  ['an export of another shape', './mine.mjs', 'export const tracker = 5', 'its export tracker is wrong'],
  [
    'a missing member',
    './mine.mjs',
    `export const tracker = { ...${registration}, create: undefined }`,
    'its export tracker.create is wrong: must be a function',
  ],
  [
    'a schema that is none',
    './mine.mjs',
    `export const tracker = { ...${registration}, settingsSchema: {} }`,
    'its export tracker.settingsSchema is wrong: must be a zod schema',
  ],
  [
    'another kind',
    './mine.mjs',
    `export const tracker = { ...${registration}, kind: 'other' }`,
    'is for tracker.kind "other", but tracker.kind is "mine"',
  ],
])('refuses %s', async (_, specifier, text, expected) => {
  if (text !== '') put('mine.mjs', text);
  const error = await failure(loadTrackerAdapter(specifier, folder, 'mine'));
  expect(error.kind).toBe('unsupported_tracker_kind');
  expect(error.message).toContain(`tracker: unsupported_tracker_kind: load ${specifier}: `);
  expect(error.message).toContain(expected);
  expect(error.message).not.toContain('\n');
});

it('hands on its warnings, and turns the errors of a stream into ours', async () => {
  put('mine.mjs', `export const tracker = ${registration};`);
  const tracker = await loadTrackerAdapter('./mine.mjs', folder);
  expect(tracker.warnings?.({} as TrackerContext)).toEqual(['this will disappoint']);
  const adapter = tracker.create({} as TrackerContext);
  if (!canStreamCandidates(adapter)) throw new Error('the capability was lost');
  const pages = adapter.streamCandidateIssues(never)[Symbol.asyncIterator]();
  expect(await pages.next()).toEqual({ done: false, value: [] });
  const error = await pages.next().catch((cause: unknown) => cause);
  expect(error).toBeInstanceOf(TrackerError);
  expect(error).toMatchObject({ kind: 'tracker_api_error', retryAfterMs: 5000 });
});

it('turns the adapter’s errors into ours, and lets aborts and capabilities through', async () => {
  put('mine.mjs', `export const tracker = ${registration};`);
  const adapter = (await loadTrackerAdapter('./mine.mjs', folder)).create({} as TrackerContext);
  const notFound = await failure(adapter.fetchIssueById('1', never));
  expect(notFound).toBeInstanceOf(TrackerError);
  expect(notFound.kind).toBe('tracker_not_found');
  expect(notFound.message).toBe('tracker: tracker_not_found: GET /x: gone');
  const bug = await failure(adapter.fetchIssueComments('1', never));
  expect(bug.message).toBe(
    'tracker: tracker_api_error: fetchIssueComments (adapter): the adapter threw TypeError: a bug in two lines',
  );
  await expect(adapter.fetchIssuesByStates(['x'], AbortSignal.abort())).rejects.toThrow(/aborted/);
  expect(canComment(adapter)).toBe(true);
});
