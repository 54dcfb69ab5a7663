// Files that cannot be read: one line with the place and what to do, and the next good read works.
import { execFileSync } from 'node:child_process';
import { mkdirSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { parseStrictJson } from '../../../../adapters/trackers/file/json-syntax.ts';
import { failure, IssuesFile, never, record, withIssues } from './issues-file.ts';

const bytes = (...parts: (string | number[])[]): Buffer =>
  Buffer.concat(parts.map((part) => (typeof part === 'string' ? Buffer.from(part) : Buffer.from(part))));

it.each<[string, string | Buffer, string]>([
  ['an empty file', '', 'line 1 column 1: the file is empty; write []'],
  ['only white space', ' \n ', 'line 1 column 1: the file is empty'],
  ['an object', '{"issues": []}', 'line 1 column 1: must be a JSON array of issues, is an object'],
  ['null', 'null', 'must be a JSON array of issues, is null'],
  ['a comma too many', '[\n  {"id": "1",}\n]', 'line 2 column 14: is not valid JSON: a key in double quotes'],
  ['a missing comma', '[{"a": 1}\n {"b": 2}]', 'line 2 column 2: is not valid JSON: a comma is expected'],
  ['a comment', '[\n// no\n]', 'line 2 column 1: is not valid JSON: strict JSON has no comments'],
  ['single quotes', "[{'id': 1}]", 'line 1 column 3: is not valid JSON'],
  ['a cut-off file', '[{"id": "1", "tit', 'line 1 column 14: is not valid JSON: this string is not closed'],
  ['text after the end', '[]\n[]', 'line 2 column 1: is not valid JSON: the file should have ended'],
  ['a raw line break in a string', '["a\nb"]', 'line 1 column 2: is not valid JSON'],
  ['a hundred thousand brackets', '['.repeat(100_000), 'is not valid JSON'],
  ['Latin-1', bytes('[\n"ok \uFFFD", "f', [0xfc], 'r"]'), 'line 2 column 11: is not UTF-8; save it as UTF-8'],
  ['UTF-16', Buffer.from('\uFEFF[]', 'utf16le'), 'line 1 column 1: is UTF-16; save it as UTF-8'],
])('says where %s is broken', async (_, content, expected) => {
  await withIssues(content, async (file) => {
    const tracker = file.tracker();
    const error = await failure(tracker.fetchCandidateIssues(never));
    expect(error.kind).toBe('tracker_payload_error');
    const start = `tracker: tracker_payload_error: fetch_candidates ${file.path}: `;
    expect(error.message.startsWith(start)).toBe(true);
    expect(error.message.slice(start.length)).toContain(expected);
    expect(error.message).not.toContain('\n');
    file.write([record(1)]);
    expect(await tracker.fetchCandidateIssues(never)).toHaveLength(1);
  });
});

it('finds a place wherever JSON.parse finds a fault', () => {
  const almostJson = fc
    .tuple(
      fc.json(),
      fc.nat(),
      fc.constantFrom('', ',', '}', ']', '"', '\\', '0', '.', 'e', '//', '\u0001', '\u00A0', '-'),
    )
    .map(([text, place, part]) => {
      const at = place % (text.length + 1);
      return text.slice(0, at) + part + text.slice(part === '' ? at + 1 : at);
    });
  fc.assert(
    fc.property(almostJson, (text) => {
      let valid = true;
      try {
        JSON.parse(text);
      } catch {
        valid = false;
      }
      if (valid) expect(() => parseStrictJson(text)).not.toThrow();
      else
        expect(() => parseStrictJson(text)).toThrow(
          /^line \d+ column \d+: (?:the file is empty|is not valid JSON: (?:this|a|strict|the) )/,
        );
    }),
    { numRuns: 2000 },
  );
});

it.each<[string, (file: IssuesFile) => void, string]>([
  ['missing', (file) => unlinkSync(file.path), 'no such file; create it, or set file.seed'],
  ['a folder', (file) => (unlinkSync(file.path), mkdirSync(file.path)), 'is a folder; file.path must name'],
  [
    'a FIFO',
    (file) => (unlinkSync(file.path), void execFileSync('mkfifo', [file.path])),
    'is not a regular file',
  ],
  [
    'a circle of links',
    (file) => (unlinkSync(file.path), symlinkSync(file.path, file.path)),
    'form a circle',
  ],
  [
    'below a file',
    (file) => (renameSync(file.folder, `${file.folder}-x`), writeFileSync(file.folder, '')),
    'is a file',
  ],
])('says in one line that the file is %s, for reads and writes', async (_, spoil, expected) => {
  const file = new IssuesFile([record(1)]);
  try {
    spoil(file);
    const tracker = file.tracker();
    const errors = [
      await failure(tracker.fetchIssueById('1', never)),
      await failure(tracker.transitionIssue('1', 'Done', {}, never)),
    ];
    expect(errors.map(({ kind }) => kind)).toEqual(['tracker_payload_error', 'tracker_payload_error']);
    expect(errors[0]?.message).toContain(`fetch_issue ${file.path}: `);
    expect(errors[1]?.message).toContain(`transition ${file.path}: `);
    for (const { message } of errors) expect(message).toContain(expected);
  } finally {
    file.remove();
    rmSync(`${file.folder}-x`, { recursive: true, force: true });
  }
});

it('reads 10 MB, a BOM and CRLF', async () => {
  const big = Array.from({ length: 2000 }, (_, index) => record(index, { description: 'x'.repeat(5000) }));
  const text = `\uFEFF${JSON.stringify(big, null, 2).replaceAll('\n', '\r\n')}`;
  await withIssues(text, async (file) => {
    expect(await file.tracker().fetchCandidateIssues(never)).toHaveLength(2000);
    await file.tracker().transitionIssue('1999', 'Done', {}, never);
    expect(file.text()).toBe(text.replace(/"To Do"(?![^]*"To Do")/, '"Done"'));
  });
});

it('never shows half a list while somebody writes it in place', async () => {
  const text = `${JSON.stringify(
    Array.from({ length: 300 }, (_, index) => record(index)),
    null,
    1,
  )}\n`;
  await withIssues(text, async (file) => {
    const tracker = file.tracker();
    for (let length = 0; length < text.length; length += 1009) {
      file.write(text.slice(0, length));
      const error = await failure(tracker.fetchCandidateIssues(never));
      expect(error.kind).toBe('tracker_payload_error');
    }
    file.write(text);
    expect(await tracker.fetchCandidateIssues(never)).toHaveLength(300);
  });
});
