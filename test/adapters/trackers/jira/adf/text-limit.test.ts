// Jira's limit on the length of a text: measuring, and cutting where it hurts least.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  adfTextLength,
  markdownToAdf,
  truncateMarkdown,
} from '../../../../../adapters/trackers/jira/adf/index.ts';
import { blockMarkdown } from './markdown-arbitrary.ts';

it('counts the text and a character for each node', () => {
  expect(adfTextLength(markdownToAdf('abc\n\n**d**e'))).toBe(1 + 1 + 3 + 1 + 1 + 1);
});

it('leaves a text alone that fits', () => {
  expect(truncateMarkdown('a'.repeat(100), 100)).toBe('a'.repeat(100));
});

it('cuts between two blocks and says how much is missing', () => {
  const markdown = `${'a'.repeat(120)}\n\n${'b'.repeat(120)}\n\n${'c'.repeat(120)}`;
  expect(truncateMarkdown(markdown, 300)).toBe(
    `${'a'.repeat(120)}\n\n${'b'.repeat(120)}\n\n_(cut here: 122 more characters)_`,
  );
});

it('does not take a blank line inside of a fence for the end of a block', () => {
  const markdown = `intro\n\n\`\`\`\`ts\n${'line\n\n'.repeat(100)}\`\`\`\`\n`;
  const cut = truncateMarkdown(markdown, 300);
  expect(cut).toMatch(/line\n+````\n\n_\(cut here: \d+ more characters\)_$/);
  expect(markdownToAdf(cut).content.map(({ type }) => type)).toEqual(['paragraph', 'codeBlock', 'paragraph']);
});

it('cuts one endless line too, but no character in half', () => {
  const cut = truncateMarkdown('😀'.repeat(500), 201);
  expect(cut).toMatch(/^(?:😀)+\n\n_\(cut here: \d+ more characters\)_$/u);
});

it('is never longer than the limit', () => {
  const long = fc.array(blockMarkdown, { minLength: 3, maxLength: 12 }).map((parts) => parts.join('\n\n'));
  fc.assert(
    fc.property(long, fc.integer({ min: 100, max: 400 }), (markdown, limit) => {
      expect(truncateMarkdown(markdown, limit).length).toBeLessThanOrEqual(limit);
    }),
  );
});
