// Eight times the text may cost about eight times the work, also of texts that make other parsers take its square
// or cube. The bound is generous, because the machine is shared; the square would be 64.
import { expect, it } from 'vitest';
import { adfToMarkdown, markdownToAdf } from '../../../../../adapters/trackers/jira/adf/index.ts';

const repeated = (part: string) => (length: number) => part.repeat(Math.ceil(length / part.length));

const hostile: readonly [string, (length: number) => string][] = [
  ...[
    '[',
    '![',
    '[a](',
    '[a](b',
    '[a](b "',
    '*a ',
    '**a*',
    '_a ',
    '`a',
    '~~a ',
    '<a x="',
    '<!--',
    '\\*',
    'a\n',
    'a  \n',
  ],
  ...[
    '> a\n',
    '- a\n',
    '-\n',
    '1. a\n\n',
    '<script\n',
    '<div>\n\n',
    'http://a.b/',
    '[a]: b\n',
    '|a|b|\n',
    '&amp;',
    '🙂*',
  ],
].map((part) => [part, repeated(part)] as [string, (length: number) => string]);

/** Processor time: what others do on the machine meanwhile is none of ours. */
function costMs(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

/** The least of several looks; what grows by the square never comes below the bound, however often one looks. */
const LOOKS = 6;

it.each([
  ...hostile,
  [
    'backtick runs',
    (length: number) => Array.from({ length: Math.sqrt(length) }, (_, n) => `${'`'.repeat(n)}a`).join(''),
  ],
  [
    'a wide table',
    (length: number) => `${'|a'.repeat(length / 8)}\n${'|-'.repeat(length / 8)}\n${'|\n'.repeat(length / 4)}`,
  ],
  ['open containers', repeated('> - ')],
  [
    'a deep list',
    (length: number) =>
      Array.from({ length: Math.sqrt(length) }, (_, n) => `${'  '.repeat(n)}- a`).join('\n'),
  ],
] as [string, (length: number) => string][])('%j', (_, make) => {
  const small = make(8_000);
  const large = make(64_000);
  const both = (markdown: string) => () => void adfToMarkdown(markdownToAdf(markdown));
  let base = Infinity;
  let cost = Infinity;
  for (let look = 0; look < LOOKS && !(cost < base * 32); look += 1) {
    base = Math.max(Math.min(base, costMs(both(small))), 3);
    cost = Math.min(cost, costMs(both(large)));
  }
  expect(cost).toBeLessThan(base * 32);
});
