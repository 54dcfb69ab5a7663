// The .env file's own language, and what its lines that cannot be read give.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseEnvFile, readEnvFile } from '../../src/workflow/env-file.ts';
import { newFolder } from './workflow-file.ts';

function valueOf(line: string): string | undefined {
  const { values, problems } = parseEnvFile(line, '/x/.env');
  expect(problems).toEqual([]);
  return values.get('SORTIE_A')?.value;
}

it.each([
  ['SORTIE_A=one', 'one'],
  ['  export SORTIE_A = one two  ', 'one two'],
  ['SORTIE_A=one # a comment', 'one'],
  ['SORTIE_A=one#two', 'one#two'],
  ['SORTIE_A=# a comment', ''],
  ['SORTIE_A=', ''],
  ['SORTIE_A="one # two"  # three', 'one # two'],
  ["SORTIE_A='$HOME ${X} \\n'", '$HOME ${X} \\n'],
  ['SORTIE_A="a\\nb\\t\\"c\\" \\\\ \\$X"', 'a\nb\t"c" \\ $X'],
  ['SORTIE_A=$HOME/`id`', '$HOME/`id`'],
  ['SORTIE_A=a=b=c', 'a=b=c'],
  ["SORTIE_A=it's", "it's"],
  ['OTHER=x', undefined],
  ['# SORTIE_A=x', undefined],
  ['SORTIE_A=1\nSORTIE_A=2', '2'],
])('reads %j', (line, value) => {
  expect(valueOf(line)).toBe(value);
});

it.each([
  'SORTIE_A',
  'SORTIE A=1',
  '=1',
  'SORTIE_A="open',
  "SORTIE_A='open",
  'SORTIE_A="a" b',
  'export',
  '- a',
  'A=1\nOTHER="',
])('calls %j unreadable, names its line, and does not show it', (text) => {
  const { problems } = parseEnvFile(`# first\n${text}`, '/x/.env');
  const line = 1 + text.split('\n').length;
  expect(problems).toEqual([
    { severity: 'error', check: 'args', message: expect.stringContaining(`/x/.env:${line}: `) },
  ]);
  expect(problems[0]?.message).not.toContain('SORTIE');
});

it('warns of a missing file, and refuses a folder and bytes that are not text', async () => {
  const folder = newFolder();
  expect((await readEnvFile(join(folder, 'none'))).problems).toEqual([
    { severity: 'warning', check: 'args', message: expect.stringContaining('there is no such file') },
  ]);
  mkdirSync(join(folder, 'folder'));
  expect((await readEnvFile(join(folder, 'folder'))).problems[0]).toMatchObject({
    severity: 'error',
    check: 'args',
  });
  writeFileSync(join(folder, 'bytes'), Buffer.from('SORTIE_A=1\nSORTIE_B=\xff\n', 'latin1'));
  expect((await readEnvFile(join(folder, 'bytes'))).problems[0]?.message).toContain(
    'bytes:2: the .env file: is not UTF-8',
  );
});

it('accepts a BOM and CRLF', async () => {
  const path = join(newFolder(), '.env');
  writeFileSync(path, '\uFEFFSORTIE_A=one\r\nSORTIE_B="two"\r\n');
  const { values, problems } = await readEnvFile(path);
  expect(problems).toEqual([]);
  expect([...values].map(([name, { value, line }]) => [name, value, line])).toEqual([
    ['SORTIE_A', 'one', 1],
    ['SORTIE_B', 'two', 2],
  ]);
});

it('answers values of SORTIE_ names or problems for any text, and loses no line', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('SORTIE_A', '=', '"', "'", '\\', '\n', ' ', '#', '$', 'x', 'é') }),
      (text) => {
        const { values, problems } = parseEnvFile(text, '/.env');
        for (const name of values.keys()) expect(name).toMatch(/^SORTIE_/);
        for (const { message } of problems) expect(message).not.toMatch(/[\n\r]/);
      },
    ),
  );
});

it('gives back any value that is written in double quotes with its escapes', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (value) => {
      // eslint-disable-next-line no-control-regex
      const clean = value.replaceAll(/[\u0000\u0085\u2028\u2029\uFEFF]/g, '').replaceAll('\r\n', '\n');
      const quoted = clean
        .replaceAll('\\', '\\\\')
        .replaceAll('"', '\\"')
        .replaceAll('\n', '\\n')
        .replaceAll('\r', '\\r');
      expect(parseEnvFile(`SORTIE_A="${quoted}"`, '/.env').values.get('SORTIE_A')?.value).toBe(clean);
    }),
  );
});
