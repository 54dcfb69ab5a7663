// The index of decisions lists every page under its own title, and every page has the four headings.
import { describe, expect, it } from 'vitest';
import { pages, read } from './repository-files.ts';

const decisions = pages().filter((page) => /^docs\/decisions\/\d{4}-/.test(page));
const index = read('docs/decisions/README.md');

describe('each decision', () => {
  it.each(decisions)('%s is in the index and has its headings', (page) => {
    const [, number = '', title = ''] = /^# (\d{4}): (.+)$/m.exec(read(page)) ?? [];
    const file = page.replace('docs/decisions/', '');
    expect(file.slice(0, 4)).toBe(number);
    expect(index).toContain(`| [${number}](${file}) | ${title} |`);
    const headings = [...read(page).matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
    expect(headings).toEqual(['Context', 'Decision', 'Evidence', 'Consequences']);
  });
});

it('gives no number twice', () => {
  const numbers = decisions.map((page) => page.slice('docs/decisions/'.length, 'docs/decisions/'.length + 4));
  expect(numbers.length).toBeGreaterThan(10);
  expect(new Set(numbers).size).toBe(numbers.length);
});
