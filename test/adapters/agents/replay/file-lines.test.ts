// Lines of a file and their places, whatever the chunks in which the file is read.
import { readFile } from 'node:fs/promises';
import fc from 'fast-check';
import { afterEach, expect, it } from 'vitest';
import { fileLines } from '../../../../adapters/agents/replay/file-lines.ts';
import type { FileLine } from '../../../../adapters/agents/replay/file-lines.ts';
import { clearRecordings, writeRecording } from './recordings.ts';

afterEach(clearRecordings);

async function all(path: string, start?: number, end?: number): Promise<FileLine[]> {
  const lines: FileLine[] = [];
  for await (const line of fileLines(path, start, end)) lines.push(line);
  return lines;
}

it('gives every line whole, and the bytes between its places are that line', async () => {
  const line = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 40 }),
    fc.constantFrom('\u2028', 'é'.repeat(50_000), '{"a":1}'),
  );
  const text = fc.array(
    line.map((one) => one.replaceAll(/[\r\n]/g, ' ')),
    { maxLength: 12 },
  );
  await fc.assert(
    fc.asyncProperty(text, fc.boolean(), async (given, terminated) => {
      const path = await writeRecording(given.join('\n') + (terminated ? '\n' : ''));
      const bytes = await readFile(path);
      const lines = await all(path);
      const expected = bytes.toString().split('\n');
      if (expected.at(-1) === '') expected.pop();
      expect(lines.map((one) => one.text)).toEqual(expected);
      for (const { start, end, text: own } of lines) {
        expect(bytes.subarray(start, end).toString().replace('\n', '')).toBe(own);
        expect(await all(path, start, end)).toEqual([{ start, end, text: own }]);
      }
    }),
    { numRuns: 30 },
  );
});

it('passes over a line that is too long for the memory', async () => {
  const path = await writeRecording(`one\n${'x'.repeat(11 * 1024 * 1024)}\nthree\r\n`);
  expect((await all(path)).map(({ text }) => text)).toEqual(['one', 'three']);
});
