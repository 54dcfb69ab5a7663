// What an agent reads of a Jira issue: Markdown when it was asked for, else the plain flattening.

import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { addIssue, type Adf } from '../../loopback-jira/index.ts';
import { until } from '../program.ts';
import { makeSite, type Site } from './site.ts';

const text = (value: string, ...marks: object[]): object => ({
  type: 'text',
  text: value,
  ...(marks.length > 0 ? { marks } : {}),
});
const paragraph = (...content: object[]): object => ({ type: 'paragraph', content });
const item = (...content: object[]): object => ({ type: 'listItem', content });

const description: Adf = {
  type: 'doc',
  version: 1,
  content: [
    { type: 'heading', attrs: { level: 2 }, content: [text('Steps')] },
    {
      type: 'orderedList',
      attrs: { order: 3 },
      content: [
        item(paragraph(text('Open the '), text('cart', { type: 'strong' }))),
        item(paragraph(text('Empty it'))),
      ],
    },
    paragraph(text('red'), { type: 'hardBreak' }, text('after')),
    { type: 'codeBlock', attrs: { language: 'ts' }, content: [text('if (a < b) {{ issue.title }}')] },
    paragraph(text('docs', { type: 'link', attrs: { href: 'https://example.com/docs' } })),
  ],
};

let site: Site;
beforeEach(async () => {
  site = await makeSite();
  const { id } = addIssue(site.jira.state, 'PROJ', { status: 'Selected for Development', description });
  site.jira.people.comment(id, {
    type: 'doc',
    version: 1,
    content: [paragraph(text('mind', { type: 'em' }), text(' the gap'))],
  });
});
afterEach(() => site.close());

async function prompted(richText?: string): Promise<string> {
  const seen = site.folder.file('seen.txt');
  await site.configure(
    {
      tracker: richText === undefined ? {} : { rich_text: richText },
      agent: { command: `cat > ${seen}` },
    },
    '<<<{{ issue.description }}>>>{% for comment in issue.comments %}[{{ comment.author }}: {{ comment.body }}]{% endfor %}',
  );
  await site.start();
  await until('the handoff', () => site.status('PROJ-1') === 'In Review');
  return readFile(seen, 'utf8');
}

it('is Markdown that loses nothing, comments too', async () => {
  const prompt = await prompted('markdown');
  expect(prompt).toContain('## Steps');
  expect(prompt).toMatch(/^3\. Open the \*\*cart\*\*$/m);
  expect(prompt).toMatch(/^4\. Empty it$/m);
  expect(prompt).toMatch(/red(\\| {2})\nafter/);
  // Text of an issue is never a template.
  expect(prompt).toContain('```ts\nif (a < b) {{ issue.title }}\n```');
  expect(prompt).toContain('[docs](https://example.com/docs)');
  expect(prompt).toMatch(/\[Ann Example: [*_]mind[*_] the gap\]/);
});

it('is the plain flattening by default', async () => {
  const prompt = await prompted();
  expect(prompt).toContain('<<<Steps\n');
  expect(prompt).toContain('Open the cart\n');
  expect(prompt).toContain('redafter\n');
  expect(prompt).toContain('[Ann Example: mind the gap]');
  expect(prompt).not.toContain('**');
});
