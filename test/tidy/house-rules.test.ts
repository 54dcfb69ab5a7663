// Plants breaches of each house rule in sources that exist only in memory, next to what is allowed.
import { describe, expect, it } from 'vitest';
import { findingsIn } from './planted.ts';
import { show } from './source.ts';

describe('file names', () => {
  it.each([
    'src/http/utils.ts',
    'src/http/date-helpers.ts',
    'src/worker/session-manager.ts',
    'src/store/store-service.ts',
    'src/contract/common.ts',
    'src/contract/types.ts',
    'test/workflow/types.test.ts',
    'test/helpers/clock.ts',
    'src/http/StateRoute.ts',
    'src/http/state_route.ts',
  ])('not %s', (path) => {
    expect(findingsIn(path, '')).toEqual([expect.stringContaining('1: file-name: ')]);
  });

  it.each([
    'src/http/state-route.ts',
    'test/workflow/setting-types.test.ts',
    'vitest.config.ts',
    'test/http/state-route.test.ts',
  ])('%s', (path) => {
    expect(findingsIn(path, '')).toEqual([]);
  });
});

describe('opening comments', () => {
  it('are missed where a file starts with code, also after a shebang', () => {
    const missed = [expect.stringContaining('1: opening-comment: ')];
    expect(findingsIn('src/http/a.ts', 'const a = 1;', '')).toEqual(missed);
    expect(findingsIn('src/main.ts', 'const a = 1;', '#!/usr/bin/env node')).toEqual(missed);
    expect(findingsIn('src/http/a.ts', '', '')).toEqual(missed);
  });

  it('may follow a shebang', () => {
    expect(findingsIn('src/main.ts', '// The bin.', '#!/usr/bin/env node')).toEqual([]);
    expect(findingsIn('src/http/a.ts', 'const a = 1;', '/* A route. */')).toEqual([]);
  });
});

describe('open tasks', () => {
  it.each([
    ['// TODO: later', 2],
    ['const a = 1; // FIXME soon', 2],
    ['/* one\n * TODO two */', 3],
    ['function f() {\n  // TODO\n}', 3],
  ])('%j needs an issue number', (code, line) => {
    expect(findingsIn('src/http/a.ts', code)).toEqual([expect.stringContaining(`${line}: open-task: `)]);
  });

  it.each([
    '// TODO(#12): later',
    '// FIXME #7',
    "const state = 'TODO'; // the tracker's word",
    '// A todo list',
  ])('%j is fine', (code) => {
    expect(findingsIn('src/http/a.ts', code)).toEqual([]);
  });
});

describe('erasable syntax and named exports', () => {
  it.each([
    ['export enum Colour { Red }', 'erasable'],
    ['namespace Inner { export const a = 1; }', 'erasable'],
    ['export default 1;', 'named-export'],
    ['export default function go() {}', 'named-export'],
    ['const a = 1; export { a as default };', 'named-export'],
    ['export = {};', 'named-export'],
  ])('not %s', (code, rule) => {
    expect(findingsIn('src/http/a.ts', code)).toEqual([expect.stringContaining(`2: ${rule}: `)]);
  });

  it('leaves ambient modules alone, and defaults that a tool demands', () => {
    expect(findingsIn('src/http/a.ts', "declare module 'x' {}\ndeclare global {}")).toEqual([]);
    for (const path of ['vitest.config.ts', 'examples/adapter.mjs', 'test/reporter/a.ts']) {
      expect(findingsIn(path, 'export default {};')).toEqual([]);
    }
  });
});

describe('tests run, or say why not', () => {
  it.each([
    "it.only('a', go);",
    "describe.only('a', go);",
    "it.each([1]).only('a', go);",
    "it.skip('a', go);",
    "describe.skipIf(true)('a', go);",
    "test.runIf(chromium)('a', go);",
    "it.todo('a');",
    "it('a', (ctx) => ctx.skip());",
    "it('a', (ctx) => ctx.skip(!chromium));",
    "it('a', ({ skip, task }) => { task.context.skip(true); });",
  ])('not %s', (code) => {
    expect(findingsIn('test/a.test.ts', code)).toEqual([expect.stringContaining('2: tests-run: ')]);
  });

  it.each([
    "it('a', (ctx) => ctx.skip('no Chromium'));",
    "it('a', (ctx) => ctx.skip(!chromium, 'no Chromium'));",
    "it('a', (ctx) => { if (reason) ctx.skip(reason); });",
    'const only = settings.only;',
  ])('%s', (code) => {
    expect(findingsIn('test/a.test.ts', code)).toEqual([]);
  });
});

it('shows a finding as file, line, rule and what to do', () => {
  const finding = { path: 'src/a.ts', line: 3, rule: 'arrow', message: 'do that' };
  expect(show(finding)).toBe('src/a.ts:3: arrow: do that');
});
