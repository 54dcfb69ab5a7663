// Plants impurities in a core that exists only in memory; innocent look-alikes must pass.
import { describe, expect, it } from 'vitest';
import { findingsIn } from './planted.ts';

describe('in src/core', () => {
  it.each([
    'const now = Date.now();',
    'const now = new Date();',
    'const now = Date();',
    'const n = Math.random();',
    'const n = performance.now();',
    'setTimeout(go, 5);',
    'const later = setInterval;',
    'queueMicrotask(go);',
    'const id = crypto.randomUUID();',
    'const home = process.env;',
    'const { env } = process;',
    'const all = { process };',
    'const x = globalThis.Date;',
    "console.log('x');",
    "void fetch('http://example.test');",
    "const fs = require('x');",
    'export const f = async () => { await g(); };',
    'const p = Promise.resolve(1);',
    'const order = a.localeCompare(b);',
    'const text = d.toLocaleString();',
    'const f = Intl.NumberFormat;',
    "eval('1');",
    'let counter = 0;',
    'export var counter = 0;',
  ])('%s', (code) => {
    const findings = findingsIn('src/core/a.ts', code).filter((line) => !line.includes(' arrow: '));
    expect(findings).toEqual([expect.stringMatching(/^2: pure: /)]);
    expect(findingsIn('src/daemon/a.ts', code).filter((line) => line.includes(' pure: '))).toEqual([]);
  });

  it.each([
    'const at = new Date(event.atMs);',
    'const at = Date.parse(issue.createdAt);',
    'const n = Math.max(1, 2);',
    'const p = run.process;',
    'const p = { process: 1, fetch: 2 };',
    'interface Run { process: string; fetch(): void }',
    'const { process: identity } = run;',
    "const k = 'setTimeout';",
    'function f() { let n = 0; n += 1; return n; }',
    'const has = table.constructor;',
  ])('not %s', (code) => {
    expect(findingsIn('src/core/a.ts', code)).toEqual([]);
  });

  it('holds a file to 300 lines, its last newline not counted', () => {
    const lines = (count: number): string[] => Array<string>(count - 1).fill('const a = 1;');
    expect(findingsIn('src/core/a.ts', [...lines(300), ''])).toEqual([]);
    expect(findingsIn('src/core/a.ts', [...lines(301), ''])).toEqual([
      expect.stringContaining('core-size: 301 lines, at most 300'),
    ]);
    expect(findingsIn('src/http/a.ts', [...lines(301), ''])).toEqual([]);
  });
});
