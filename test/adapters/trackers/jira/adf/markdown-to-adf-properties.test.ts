// Any Markdown at all becomes a document that Atlassian accepts, keeps its words, and reads back as Markdown that
// converting again does not change.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { adfToMarkdown, markdownToAdf } from '../../../../../adapters/trackers/jira/adf/index.ts';
import { complaints } from './atlassian-schema.ts';
import { anyMarkdown, wordsIn } from './markdown-arbitrary.ts';

const numRuns = Number(process.env['ADF_RUNS'] ?? 1_500);

it('is valid by Atlassian’s schema', () => {
  fc.assert(
    fc.property(anyMarkdown, (markdown) => {
      expect(complaints(markdownToAdf(markdown))).toEqual([]);
    }),
    { numRuns },
  );
});

it('keeps every word', () => {
  fc.assert(
    fc.property(anyMarkdown, (markdown) => {
      const kept = new Set(wordsIn(adfToMarkdown(markdownToAdf(markdown))));
      const lost = wordsIn(markdown).filter((word) => !kept.has(word));
      expect(lost).toEqual([]);
    }),
    { numRuns },
  );
});

it('is stable: the Markdown that comes back gives itself', () => {
  fc.assert(
    fc.property(anyMarkdown, (markdown) => {
      const once = adfToMarkdown(markdownToAdf(markdown));
      expect(adfToMarkdown(markdownToAdf(once))).toBe(once);
    }),
    { numRuns },
  );
});

it.each([
  '> [!NOTE]\n> |\n> :-:\n> 1. a\n',
  '> [!NOTE]\n> |\n> :-:\n> a\n',
  '- [x] _>**w0x**_**w0x**\n- [ ] _>**w0x**_**w0x**\n',
  '- [x] \\> a\n- [ ] \\# b\n- [ ] 1\\. c\n- [ ] \\- d\n- [ ] \\---\n',
])('is stable for %j', (markdown) => {
  const once = adfToMarkdown(markdownToAdf(markdown));
  expect(adfToMarkdown(markdownToAdf(once))).toBe(once);
});
