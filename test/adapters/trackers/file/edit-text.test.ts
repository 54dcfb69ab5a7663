// An edit changes what it is about and no other byte, however the file is formatted.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withComment, withState } from '../../../../adapters/trackers/file/edit-text.ts';
import { elementsOf, membersOf, type Span } from '../../../../adapters/trackers/file/json-text.ts';

const comment = { id: 'c', author: 'sortie', body: 'hello', created_at: '2026-11-22T10:00:00.000Z' };
const now = '2026-11-22T10:00:00.000Z';

const recordOf = (text: string, index = 0): Span =>
  elementsOf(text, text.indexOf('['))[index] ?? { start: 0, end: 0 };

describe('looks like its surroundings', () => {
  it.each<[string, string, string]>([
    ['one line', '[{"id":"1","a":2}]', '[{"id":"1","a":2,"comments":[C]}]'],
    ['one spaced line', '[{ "id": "1", "a": 2 }]', '[{ "id": "1", "a": 2, "comments": [S] }]'],
    ['an empty list', '[{"id":"1","comments":[ ]}]', '[{"id":"1","comments":[C]}]'],
    ['null', '[{"comments":null,"id":"1"}]', '[{"comments":[C],"id":"1"}]'],
    ['a list with one', '[{"comments":[{"id":"x"}]}]', '[{"comments":[{"id":"x"},C]}]'],
    [
      'two spaces',
      '[\n  {\n    "id": "1"\n  }\n]\n',
      '[\n  {\n    "id": "1",\n    "comments": [\n      {\n        "id": "c",\n        "author": "sortie",\n        "body": "hello",\n        "created_at": "2026-11-22T10:00:00.000Z"\n      }\n    ]\n  }\n]\n',
    ],
    [
      'tabs and CRLF',
      '[\r\n\t{\r\n\t\t"id": "1",\r\n\t\t"comments": []\r\n\t}\r\n]',
      '[\r\n\t{\r\n\t\t"id": "1",\r\n\t\t"comments": [\r\n\t\t\t{\r\n\t\t\t\t"id": "c",\r\n\t\t\t\t"author": "sortie",\r\n\t\t\t\t"body": "hello",\r\n\t\t\t\t"created_at": "2026-11-22T10:00:00.000Z"\r\n\t\t\t}\r\n\t\t]\r\n\t}\r\n]',
    ],
    [
      'comments of one line each',
      '[\n  {\n    "comments": [\n      { "id": "x" }\n    ]\n  }\n]',
      '[\n  {\n    "comments": [\n      { "id": "x" },\n      S\n    ]\n  }\n]',
    ],
  ])('%s', (_, before, after) => {
    const tight = JSON.stringify(comment);
    const spaced = tight.replaceAll('":', '": ').replaceAll(',"', ', "');
    const expected = after
      .replace('[C]', `[${tight}]`)
      .replace('C]', `${tight}]`)
      .replace(/\bS\b/, () => spaced);
    expect(withComment(before, recordOf(before), comment, now)).toBe(expected);
  });
});

it('writes updated_at where the record has it, whatever it held', () => {
  const text = '[{"state":"a","updated_at":null}, {"updated_at": "x", "state":"a"}]';
  expect(withState(text, recordOf(text, 0), 'b', now)).toBe(
    `[{"state":"b","updated_at":"${now}"}, {"updated_at": "x", "state":"a"}]`,
  );
});

it('changes the key that counts when it stands there twice', () => {
  const text = '[{"state":"a","state":"b"}]';
  expect(withState(text, recordOf(text), 'c', now)).toBe('[{"state":"a","state":"c"}]');
});

// ---- any formatting ---------------------------------------------------------------------------

/** White space as somebody might have written it between two tokens. */
const space = fc.stringMatching(/^[ \t\n]{0,3}$|^\r\n {0,4}$/);
const key = fc.constantFrom('extra', 'a"b', 'stat\u00e9', 'nested', '__proto__', 'constructor');
const records = fc.array(
  fc.record(
    {
      id: fc.string({ unit: 'binary' }),
      state: fc.string(),
      updated_at: fc.option(fc.string()),
      comments: fc.option(fc.array(fc.record({ body: fc.string({ unit: 'binary' }) }), { maxLength: 3 })),
      more: fc.dictionary(key, fc.jsonValue(), { maxKeys: 3 }),
    },
    { requiredKeys: ['id', 'state'] },
  ),
  { minLength: 1, maxLength: 4 },
);

/** The same value as JSON, with white space drawn for every gap. */
function written(value: unknown, gap: () => string): string {
  if (Array.isArray(value)) {
    return `[${gap()}${(value as unknown[]).map((one) => written(one, gap) + gap()).join(`,${gap()}`)}]`;
  }
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = Object.entries(value).map(
    ([name, one]) => `${JSON.stringify(name)}${gap()}:${gap()}${written(one, gap)}${gap()}`,
  );
  return `{${gap()}${members.join(`,${gap()}`)}}`;
}

const files = fc.tuple(records, fc.infiniteStream(space), fc.nat()).map(([values, gaps, pick]) => {
  const gap = (): string => String(gaps.next().value ?? '');
  const text = `${gap()}${written(values, gap)}${gap()}`;
  return { text, values: JSON.parse(text) as Record<string, unknown>[], index: pick % values.length };
});

it('sets a state and keeps every other byte', () => {
  fc.assert(
    fc.property(files, fc.string({ unit: 'binary' }), ({ text, values, index }, state) => {
      const record = recordOf(text, index);
      const edited = withState(text, record, state, now);
      const hasTime = Object.hasOwn(values[index] ?? {}, 'updated_at');
      const expected = values.map((one, at) =>
        at === index ? { ...one, state, ...(hasTime && { updated_at: now }) } : one,
      );
      expect(JSON.parse(edited)).toEqual(expected);
      expect(blanked(edited, index, ['state', 'updated_at'])).toBe(
        blanked(text, index, ['state', 'updated_at']),
      );
    }),
    { numRuns: 500 },
  );
});

it('adds a comment and keeps every other byte', () => {
  fc.assert(
    fc.property(files, fc.string({ unit: 'binary' }), ({ text, values, index }, body) => {
      const edited = withComment(text, recordOf(text, index), { ...comment, body }, now);
      const before = values[index] ?? {};
      const hasTime = Object.hasOwn(before, 'updated_at');
      const comments = [...((before['comments'] ?? []) as unknown[]), { ...comment, body }];
      const changed = { ...before, comments, ...(hasTime && { updated_at: now }) };
      expect(JSON.parse(edited)).toEqual(values.map((one, at) => (at === index ? changed : one)));
      // Only insertions, besides null, an empty list and the time.
      const kept = blanked(text, index, ['updated_at', ...(hasComments(before) ? [] : ['comments'])]);
      const now2 = blanked(edited, index, ['updated_at', ...(hasComments(before) ? [] : ['comments'])]);
      expect(isSubsequence(kept, now2)).toBe(true);
      expect(edited.slice(0, recordOf(text, index).start)).toBe(text.slice(0, recordOf(text, index).start));
      expect(edited.slice(recordOf(edited, index).end)).toBe(text.slice(recordOf(text, index).end));
    }),
    { numRuns: 500 },
  );
});

function hasComments(record: Record<string, unknown>): boolean {
  return Array.isArray(record['comments']) && record['comments'].length > 0;
}

/** The text with the values of these keys of one record cut out. */
function blanked(text: string, index: number, keys: readonly string[]): string {
  const spans = membersOf(text, recordOf(text, index).start)
    .filter((member) => keys.includes(member.key))
    .map(({ value }) => value);
  return spans.reduceRight((rest, { start, end }) => rest.slice(0, start) + rest.slice(end), text);
}

function isSubsequence(part: string, whole: string): boolean {
  let at = 0;
  for (const character of whole)
    if (character === part[at] || part.startsWith(character, at)) at += character.length;
  return at >= part.length;
}
