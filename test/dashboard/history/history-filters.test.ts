// The history's filters in the page's address and as the API is asked.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  apiQuery,
  isFiltered,
  NO_FILTERS,
  RANGES,
  readFilters,
  writeFilters,
} from '../../../src/dashboard/history/history-filters.ts';

const now = Date.UTC(2026, 10, 22, 9, 30, 42);
const asked = (search: string): string => decodeURIComponent(apiQuery(readFilters(search), now).toString());

describe('filters', () => {
  it('come back from the address as they went in', () => {
    const word = fc.string({ maxLength: 40 }).map((text) => text.trim());
    const day = fc.constantFrom('', '2026-11-01', '2025-12-31');
    const filters = fc.record({
      status: word,
      agent: word,
      state: word,
      text: word,
      identifier: word,
      range: fc.constantFrom(...RANGES),
      since: day,
      until: day,
    });
    fc.assert(
      fc.property(filters, (given) => {
        const read = readFilters(writeFilters(given));
        const hasDays = given.since !== '' || given.until !== '';
        expect(read).toEqual({ ...given, range: hasDays ? 'all' : given.range });
      }),
    );
  });

  it('of an address that somebody wrote are those that make sense', () => {
    expect(readFilters('?range=forever&since=yesterday&until=2026-13-45&status=failed&x=1')).toEqual({
      ...NO_FILTERS,
      status: 'failed',
    });
    expect(readFilters(`?text=${'x'.repeat(5_000)}`).text).toHaveLength(200);
  });

  it('leave the address empty when there are none', () => {
    expect([writeFilters(NO_FILTERS), isFiltered(NO_FILTERS)]).toEqual(['', false]);
    expect(isFiltered({ ...NO_FILTERS, range: '7d' })).toBe(true);
  });

  it.each([
    ['', ''],
    ['?status=failed&text=no disk', 'status=failed&text=no+disk'],
    ['?range=7d', 'since=2026-11-15T09:30:00.000Z'],
    ['?since=2026-11-01&until=2026-11-02', 'since=2026-11-01T00:00:00.000Z&until=2026-11-03T00:00:00.000Z'],
    ['?range=7d&until=2026-11-02', 'until=2026-11-03T00:00:00.000Z'],
  ])('%s is asked as %s', (search, expected) => expect(asked(search)).toBe(expected));
});
