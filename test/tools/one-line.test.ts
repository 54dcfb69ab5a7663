// Hostile text where there is room for one line.

import { expect, it } from 'vitest';
import { sendFailure } from '../../src/tools/outbox/failures.ts';
import { oneLine } from '../../src/tools/one-line.ts';
import { TrackerError } from '../../src/contract/tracker.ts';

it.each([
  ['breaks of every kind', 'a\nb\r\nc\u2028d\u0085e', 'a b c d e'],
  ['what moves a cursor', 'a\u001b[2Jb\u0000c', 'a [2Jb c'],
  ['what turns letters around', 'Done\u202e ton si\u2066!', 'Done ton si !'],
])('takes out %s', (_what, text, line) => {
  expect(oneLine(text)).toBe(line);
});

it('never cuts a character in half', () => {
  expect(oneLine('ab😀c', 4)).toBe('ab…');
  expect(oneLine('abcd', 4)).toBe('abcd');
});

it('says what a tracker answered in one line of bearable length', () => {
  const detail = `\u001b[31mno\n${'x'.repeat(5_000)}`;
  const { message } = sendFailure(
    new TrackerError({ kind: 'tracker_api_error', method: 'POST', path: '/', detail }),
  );
  expect(message).toMatch(/^tracker: tracker_api_error: POST \/: \[31mno x+…$/);
  expect(message).toHaveLength(1_000);
});
