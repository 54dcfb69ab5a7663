// Any document becomes Markdown with all of its words, and that Markdown is again a valid document.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { adfToMarkdown, markdownToAdf } from '../../../../../adapters/trackers/jira/adf/index.ts';
import { adfDocument, junk } from './adf-arbitrary.ts';
import { link, p, text } from './adf-nodes.ts';
import { complaints } from './atlassian-schema.ts';
import { wordsIn } from './markdown-arbitrary.ts';

const numRuns = Number(process.env['ADF_RUNS'] ?? 1_000);

it('keeps every word of a document', () => {
  fc.assert(
    fc.property(adfDocument, (document) => {
      const kept = new Set(wordsIn(adfToMarkdown(document)));
      // A mention that has a name is shown by it, and a file with a text by that.
      const known = JSON.stringify(document).replace(/"id":"w\d+x",("text"|"collection":"c","alt")/g, '$1');
      expect(wordsIn(known).filter((word) => !kept.has(word))).toEqual([]);
    }),
    { numRuns },
  );
});

it('writes Markdown that reads back with every word, as a valid document', () => {
  fc.assert(
    fc.property(adfDocument, (document) => {
      const markdown = adfToMarkdown(document);
      const back = markdownToAdf(markdown);
      expect(complaints(back)).toEqual([]);
      const kept = new Set(wordsIn(JSON.stringify(back)));
      expect(wordsIn(markdown).filter((word) => !kept.has(word))).toEqual([]);
    }),
    { numRuns },
  );
});

it('never throws, whatever the value', () => {
  fc.assert(
    fc.property(junk, (value) => {
      expect(typeof adfToMarkdown(value)).toBe('string');
      expect(
        typeof adfToMarkdown({ type: 'doc', content: [value, { type: 'paragraph', content: [value] }] }),
      ).toBe('string');
    }),
    { numRuns },
  );
});

it('is not moved by keys that name prototypes', () => {
  const hostile =
    '{"type":"doc","content":[{"type":"__proto__","content":[{"type":"text","text":"w1x","marks":[{"type":"__proto__","attrs":{"__proto__":{"href":"x"}}}]}],"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}]}';
  expect(adfToMarkdown(JSON.parse(hostile))).toBe('w1x');
  const labels = markdownToAdf('[__proto__]: https://x.example/a\n\n[__proto__] [constructor] [toString]');
  expect(labels.content.at(-1)).toEqual(
    p(text('proto', link('https://x.example/a'), 'strong'), text(' [constructor] [toString]')),
  );
  expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
});

it('is plain text below a depth that nobody needs, and survives 100,000 levels', () => {
  let node: object = { type: 'paragraph', content: [{ type: 'text', text: 'w1x' }] };
  for (let level = 0; level < 100_000; level += 1) {
    node = { type: level % 2 === 0 ? 'listItem' : 'bulletList', content: [node] };
  }
  expect(adfToMarkdown({ type: 'doc', content: [node] })).toContain('w1x');
});

it('ends on a node that contains itself, and says that it stopped', () => {
  const loop: { type: string; content: unknown[] } = { type: 'paragraph', content: [] };
  loop.content.push({ type: 'text', text: 'a' }, loop, loop);
  expect(adfToMarkdown({ type: 'doc', content: [loop] })).toContain('cut here');
}, 60_000);
