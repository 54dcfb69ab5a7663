// Plants imports that the architecture forbids, and some that it allows: a check that cannot fail is a defect.
import { describe, expect, it } from 'vitest';
import { arrows } from './arrow-table.ts';
import { findingsIn } from './planted.ts';

describe('forbidden', () => {
  it.each([
    ['a folder outside of the row', 'src/http/a.ts', `import { x } from '../store/db.ts';`, 'src/store'],
    ['a type-only import counts too', 'src/http/a.ts', `import type { X } from '../core/x.ts';`, 'src/core'],
    ['the core takes no values', 'src/core/a.ts', `import { x } from '../contract/x.ts';`, 'only types'],
    ['nor inline types', 'src/core/a.ts', `import { type X } from '../contract/x.ts';`, 'only types'],
    ['the core has no node:', 'src/core/a.ts', `import { join } from 'node:path';`, 'node:path'],
    ['the contract has no node:', 'src/contract/a.ts', `import type { X } from 'node:net';`, 'node:net'],
    ['the page takes no values', 'src/dashboard/a.ts', `import { x } from '../contract/x.ts';`, 'only types'],
    [
      'a file of the page with markup',
      'src/dashboard/a.tsx',
      `import { x } from '../http/x.ts'; <b />;`,
      'src/http',
    ],
    ['a package of another folder', 'src/daemon/a.ts', `import pino from 'pino';`, 'package pino'],
    ['a scoped package', 'src/store/a.ts', `import x from '@fastify/sse';`, '@fastify/sse'],
    ['a Node module without its prefix', 'src/store/a.ts', `import fs from 'fs';`, 'package fs'],
    ['a dynamic import', 'src/worker/a.ts', `await import('../daemon/x.ts');`, 'src/daemon'],
    ['a re-export', 'src/worker/a.ts', `export * from '../store/x.ts';`, 'src/store'],
    ['an import type', 'src/worker/a.ts', `let x: import('../store/x.ts').X;`, 'src/store'],
    ['a require', 'src/worker/a.ts', `require('../store/x.ts');`, 'src/store'],
    [
      'the composition root',
      'src/daemon/a.ts',
      `import { x } from '../app.ts';`,
      'nobody imports src/app.ts',
    ],
    ['a part of it', 'src/daemon/a.ts', `import { x } from '../app/x.ts';`, 'nobody imports src/app'],
    ['a command', 'adapters/index.ts', `import { x } from '../src/cli/run.ts';`, 'nobody imports src/cli'],
    ['the list of adapters', 'src/daemon/a.ts', `import { x } from '../../adapters/index.ts';`, 'adapters'],
    ['src from an adapter', 'adapters/trackers/x/a.ts', `import '../../../src/store/x.ts';`, 'src/store'],
    ['process from a tracker', 'adapters/trackers/x/a.ts', `import '../../../src/process/x.ts';`, 'process'],
    [
      'another tracker',
      'adapters/trackers/x/a.ts',
      `import '../y/a.ts';`,
      'adapters never import each other',
    ],
    ['another agent', 'adapters/agents/x/a.ts', `import '../../trackers/y/a.ts';`, 'never import each other'],
    [
      'line-protocol from others',
      'adapters/agents/x/a.ts',
      `import '../line-protocol/a.ts';`,
      'never import',
    ],
    ['and not the way back', 'adapters/agents/line-protocol/a.ts', `import '../mock/a.ts';`, 'never import'],
    ['jsonc-parser outside of file', 'adapters/trackers/x/a.ts', `import 'jsonc-parser';`, 'jsonc-parser'],
    ['package.json', 'src/telemetry/a.ts', `import '../../package.json';`, 'take the version as an argument'],
    ['a test from the product', 'src/worker/a.ts', `import '../../test/x.ts';`, 'may not import test'],
  ])('%s', (_, path, code, fragment) => {
    const findings = findingsIn(path, code).filter((line) => line.includes(' arrow: '));
    expect(findings).toEqual([expect.stringContaining(fragment)]);
    expect(findings[0]).toMatch(/^2: /);
  });

  it('a folder that the table does not know', () => {
    expect(findingsIn('src/shared/a.ts', '')).toEqual([expect.stringContaining('not a folder that')]);
    expect(findingsIn('src/loose.ts', '')).toEqual([expect.stringContaining('not a folder that')]);
    expect(findingsIn('adapters/trackers/loose.ts', '')).toEqual([]);
  });
});

describe('allowed', () => {
  it.each([
    ['src/core/a.ts', `import type { X } from '../contract/x.ts';`],
    ['src/core/a.ts', `import { x } from './b.ts';`],
    ['src/dashboard/a.ts', `import type { X } from '../contract/x.ts';`],
    ['src/daemon/a.ts', `import { step } from '../core/step.ts'; import 'node:timers';`],
    ['src/worker/a.ts', `import { x } from '../workspace/x.ts'; import '../process/y.ts';`],
    ['src/http/a.ts', `import x from '@fastify/static'; import { z } from 'zod/v4';`],
    ['src/cli/a.ts', `import '../app.ts'; import 'commander'; import '../../package.json';`],
    ['src/main.ts', `import './cli/run.ts';`],
    ['src/app.ts', `import './daemon/loop.ts'; import '../adapters/index.ts';`],
    ['adapters/index.ts', `import './trackers/file/index.ts'; import './agents/mock/index.ts';`],
    ['adapters/agents/x/a.ts', `import '../../../src/process/launch.ts'; import './deep/b.ts';`],
    ['adapters/trackers/file/a.ts', `import 'jsonc-parser'; import '../../../src/contract/x.ts';`],
    ['adapters/agents/mock/a.ts', `import '../line-protocol/index.ts';`],
    ['test/http/a.test.ts', `import '../../src/store/db.ts';`],
  ])('%s: %s', (path, code) => {
    expect(findingsIn(path, code)).toEqual([]);
  });
});

it('gives the pure folders no way out', () => {
  expect(arrows['src/core']).toEqual({ from: [], typesFrom: ['src/contract'], packages: [], node: false });
  expect(arrows['src/contract']).toEqual({ from: [], packages: ['zod'], node: false });
});
