// Every relative link of every page leads somewhere: to a file of this repository, and to a heading when it
// names one. Addresses of other hosts are not asked for.
import { posix } from 'node:path';
import { describe, expect, it } from 'vitest';
import { anchorsIn, exists, linksIn, pages, read } from './repository-files.ts';

function brokenLinks(page: string, markdown: string): string[] {
  return linksIn(markdown).filter((link) => {
    if (/^[a-z]+:/.test(link)) return false;
    const [path = '', anchor] = link.split('#');
    const target = path === '' ? page : posix.join(posix.dirname(page), decodeURI(path));
    if (!exists(target)) return true;
    return anchor !== undefined && target.endsWith('.md') && !anchorsIn(read(target)).includes(anchor);
  });
}

describe('links lead somewhere', () => {
  it.each(pages())('%s', (page) => {
    expect(brokenLinks(page, read(page))).toEqual([]);
  });
});

it('finds a broken file and a broken heading', () => {
  const page =
    '[a](nowhere.md) ![b](images/x.png) [c](#none) [d](#good-one) `[e](f.md)` [g](https://h.test)\n# Good one';
  expect(brokenLinks('docs/x.md', page)).toEqual(['nowhere.md', 'images/x.png', '#none', '#good-one']);
  expect(anchorsIn('# Good one, `two`')).toEqual(['good-one-two']);
});
