// A key is a harmless path component whatever the identifier is, and the same one every time.

import { createHash } from 'node:crypto';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { suffixedKey, workspaceKey } from '../../src/workspace/index.ts';
import { WorkspaceError } from '../../src/workspace/workspace-error.ts';

const digest = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);

it.each([
  ['PROJ-123', 'PROJ-123'],
  ['a.b_c-D9', 'a.b_c-D9'],
  ['feature/login', 'feature_login'],
  ['../../etc', '.._.._etc'],
  ['naïve 😀', 'na_ve__'],
  ['a\0b', 'a_b'],
  ['...', '...'],
])('turns %j into %j', (identifier, key) => {
  expect(workspaceKey(identifier)).toBe(key);
});

it.each(['', '.', '..'])('refuses %j', (identifier) => {
  expect(() => workspaceKey(identifier)).toThrow(
    expect.objectContaining({ name: 'WorkspaceError', kind: 'workspace_refused' }),
  );
});

it('cuts an identifier of 300 characters and adds its digest', () => {
  const identifier = 'x'.repeat(300);
  expect(workspaceKey(identifier)).toBe(`${'x'.repeat(111)}-${digest(identifier)}`);
  expect(workspaceKey('y'.repeat(120))).toBe('y'.repeat(120));
  expect(workspaceKey('y'.repeat(121))).toHaveLength(120);
});

it('never gives out the folder in which owners are recorded', () => {
  expect(workspaceKey('.sortie-owners')).toBe(`.sortie-owners-${digest('.sortie-owners')}`);
  expect(workspaceKey('.SORTIE-owners')).toBe(`.SORTIE-owners-${digest('.SORTIE-owners')}`);
});

it('gives one path component directly inside of any root, deterministically', () => {
  const nasty = fc.stringMatching(/^[./\\~ \0A-Za-z0-9-]{0,20}$/);
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary', maxLength: 400 }), nasty), (identifier) => {
      for (const keyOf of [workspaceKey, suffixedKey]) {
        let key: string;
        try {
          key = keyOf(identifier);
        } catch (error) {
          expect(error).toBeInstanceOf(WorkspaceError);
          expect(['', '.', '..']).toContain(identifier);
          continue;
        }
        expect(key).toMatch(/^[A-Za-z0-9._-]{1,120}$/);
        expect(resolve('/root/of/all', key)).toBe(join('/root/of/all', key));
        expect(resolve('/root/of/all', key, '..')).toBe('/root/of/all');
        expect(keyOf(identifier)).toBe(key);
      }
    }),
  );
});

it('gives different identifiers different keys once the digest is added', () => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.stringMatching(/^[a/ ]{3,6}$/), { maxLength: 20 }), (identifiers) => {
      expect(new Set(identifiers.map(suffixedKey)).size).toBe(identifiers.length);
    }),
  );
});
