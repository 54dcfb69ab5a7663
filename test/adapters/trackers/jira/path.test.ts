// No id and no text of a query can make another resource of the one that is meant.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { queryString, routeOf, segment } from '../../../../adapters/trackers/jira/http/path.ts';

it('keeps any id inside of its segment', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), (id) => {
      fc.pre(id !== '.' && id !== '..');
      const { pathname, search, hash } = new URL(`http://x/rest/api/3/issue/${segment(id)}/comment`);
      expect(pathname.split('/').map(decodeURIComponent)).toEqual([
        '',
        'rest',
        'api',
        '3',
        'issue',
        id,
        'comment',
      ]);
      expect(search + hash).toBe('');
    }),
  );
});

it.each(['', '.', '..', '\ud800'])('says of %j that there is no such issue', (id) => {
  expect(() => segment(id)).toThrow('tracker: tracker_not_found: ');
});

it('brings any query through', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string({ minLength: 1 }), fc.string()), (query) => {
      expect([...new URLSearchParams(queryString(query))]).toEqual(Object.entries(query));
    }),
  );
});

it.each([
  ['GET', '/rest/api/3/issue/10001/comment', 'GET /rest/api/3/issue/{id}/comment'],
  ['PUT', '/rest/api/3/issue/PROJ-1', 'PUT /rest/api/3/issue/{id}'],
  ['GET', '/rest/api/3/search/jql', 'GET /rest/api/3/search/jql'],
])('counts %s %s as %s', (method, path, route) => {
  expect(routeOf(method, path)).toBe(route);
});
