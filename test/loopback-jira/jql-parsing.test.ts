// JQL text: any value survives quoting, keywords and reserved words are told apart, mistakes are refused.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Clause } from './jql/ast.ts';
import { parseJql } from './jql/parse.ts';
import { tryParse } from './jql/run.ts';
import { reservedWords } from './jql/reserved-words.ts';
import { say } from './messages.ts';

/** What Jira's grammar asks of a quoted string: the two escapes, and control characters as codes. */
function quote(text: string, mark = '"'): string {
  const escaped = [...text].map((character) =>
    character === mark || character === '\\' ? `\\${character}` : character,
  );
  const codes = escaped
    .join('')
    // eslint-disable-next-line no-control-regex
    .replace(/[\u0000-\u001f\u007f-\u009f\ufdd0-\ufdef\ufffe\uffff]/g, (character) => {
      return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
    });
  return mark + codes + mark;
}

function valueOf(where: Clause | null): unknown {
  if (where?.kind !== 'term' || where.operand.kind !== 'value') return where;
  return where.operand.text;
}

it.each(['"', "'"])('gives back any text that was quoted with %s', (mark) => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      expect(valueOf(parseJql(`status = ${quote(text, mark)}`).where)).toBe(text);
    }),
  );
});

it.each([
  [String.raw`status = "Ready \"QA\""`, 'Ready "QA"'],
  [String.raw`status = "a\\b"`, 'a\\b'],
  [String.raw`status = 'it\'s'`, "it's"],
  [String.raw`status = "\u00e9\t\n"`, 'é\t\n'],
  [String.raw`status = two\ words`, 'two words'],
])('reads the escapes of %s', (jql, text) => {
  expect(valueOf(parseJql(jql).where)).toBe(text);
});

it('refuses every reserved word as a bare value and takes it in quotes, in any casing', () => {
  for (const word of reservedWords) {
    if (word === 'empty' || word === 'null') continue;
    for (const written of [word, word.toUpperCase()]) {
      expect(tryParse(`status = ${written}`), written).toHaveProperty('problem');
      expect(valueOf(parseJql(`status = "${written}"`).where)).toBe(written);
    }
  }
});

it('binds NOT before AND before OR, and brackets before all', () => {
  const shape = (clause: Clause | null): unknown => {
    if (clause === null || clause.kind === 'term') return clause?.field;
    return clause.kind === 'not'
      ? ['not', shape(clause.clause)]
      : [clause.kind, ...clause.clauses.map(shape)];
  };
  const where = (jql: string): unknown => shape(parseJql(jql).where);
  expect(where('a = 1 OR b = 2 AND NOT c = 3')).toEqual(['or', 'a', ['and', 'b', ['not', 'c']]]);
  expect(where('(a = 1 or b = 2) and !(c = 3)')).toEqual(['and', ['or', 'a', 'b'], ['not', 'c']]);
  expect(where('a = 1 && b = 2 || c = 3')).toEqual(['or', ['and', 'a', 'b'], 'c']);
});

it('reads ORDER BY with and without directions', () => {
  expect(parseJql('a = 1 ORDER BY priority DESC, created asc, key').orderBy).toEqual([
    { field: 'priority', direction: 'desc' },
    { field: 'created', direction: 'asc' },
    { field: 'key', direction: null },
  ]);
});

it.each([
  'status = ',
  'status IN ()',
  'status IN (a, )',
  'status IN (a',
  'status',
  'status = a b',
  '(status = a',
  'status = a)',
  'status = "open',
  String.raw`status = "\q"`,
  String.raw`status = "\u12"`,
  'status = a@b',
  'status = \u0007',
  'status = "tab\there"',
  'status = a AND',
  'status IS a',
  'status NOT a',
  'status = a ORDER priority',
  'status = a ORDER BY',
  'status WAS a',
  'project = DO',
  'project = P) OR (project = Q',
])('refuses %s', (jql) => {
  expect(tryParse(jql)).toHaveProperty('problem');
});

it('says where, in the language that is asked for', () => {
  const parsed = tryParse('project = P\nAND status = do');
  const problem = 'problem' in parsed ? parsed.problem : null;
  expect(problem && say(problem, 'en')).toMatch(/'do' is a reserved JQL word.*line 2, character 14/);
  expect(problem && say(problem, 'de')).toMatch(/reserviertes JQL-Wort.*Zeile 2, Zeichen 14/);
});

it('never throws anything but its own refusal, whatever the text', () => {
  const pieces = fc.constantFrom(
    'status',
    '=',
    '(',
    ')',
    '"',
    "'",
    '\\',
    'in',
    'not',
    'and',
    ',',
    'order by',
    ' ',
    '!',
  );
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.array(pieces).map((all) => all.join(' ')),
      ),
      (jql) => {
        tryParse(jql);
      },
    ),
    { numRuns: 500 },
  );
});
