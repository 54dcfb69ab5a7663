// What the history is narrowed to, as the page's address holds it and as the API is asked. Pure. An address that was
// written by hand or by another version gives the filters that make sense of it, and never an error.

export const RANGES = ['24h', '7d', '30d', '90d', '1y', 'all'] as const;
export type Range = (typeof RANGES)[number];

export interface HistoryFilters {
  readonly status: string;
  readonly agent: string;
  readonly state: string;
  readonly text: string;
  readonly identifier: string;
  readonly range: Range;
  /** Days as `2026-11-22` in UTC, both included; "" = open. They count only when one is set, above `range`. */
  readonly since: string;
  readonly until: string;
}

export const NO_FILTERS: HistoryFilters = {
  status: '',
  agent: '',
  state: '',
  text: '',
  identifier: '',
  range: 'all',
  since: '',
  until: '',
};

const TEXTS = ['status', 'agent', 'state', 'text', 'identifier'] as const;
const TEXT_LIMIT = 200;
const DAY = /^\d{4}-\d{2}-\d{2}$/;
const DAY_MS = 86_400_000;

export const rangeDays: Readonly<Record<Range, number | null>> = {
  '24h': 1,
  '7d': 7,
  '30d': 30,
  '90d': 90,
  '1y': 365,
  all: null,
};

export const rangeLabels: Readonly<Record<Range, string>> = {
  '24h': 'Last 24 hours',
  '7d': 'Last 7 days',
  '30d': 'Last 30 days',
  '90d': 'Last 90 days',
  '1y': 'Last year',
  all: 'Any time',
};

/** @param search with or without its question mark. */
export function readFilters(search: string): HistoryFilters {
  const given = new URLSearchParams(search);
  const filters: Record<string, string> = { ...NO_FILTERS };
  for (const name of TEXTS) filters[name] = (given.get(name) ?? '').trim().slice(0, TEXT_LIMIT);
  for (const name of ['since', 'until'] as const) filters[name] = dayOf(given.get(name) ?? '');
  const range = given.get('range') ?? '';
  filters['range'] = (RANGES as readonly string[]).includes(range) ? range : 'all';
  return filters as unknown as HistoryFilters;
}

/** For the address: "" when nothing is filtered, else with its question mark. */
export function writeFilters(filters: HistoryFilters): string {
  const search = new URLSearchParams();
  for (const name of TEXTS) if (filters[name].trim() !== '') search.set(name, filters[name].trim());
  if (filters.since !== '' || filters.until !== '') {
    if (filters.since !== '') search.set('since', filters.since);
    if (filters.until !== '') search.set('until', filters.until);
  } else if (filters.range !== 'all') search.set('range', filters.range);
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}

/** For `/api/v1/history` and its CSV. @param nowMs what `range` counts from; rounded, so that pages agree. */
export function apiQuery(filters: HistoryFilters, nowMs: number): URLSearchParams {
  const query = new URLSearchParams();
  for (const name of TEXTS) if (filters[name].trim() !== '') query.set(name, filters[name].trim());
  if (filters.since !== '' || filters.until !== '') {
    if (filters.since !== '') query.set('since', startOf(filters.since, 0));
    if (filters.until !== '') query.set('until', startOf(filters.until, 1));
    return query;
  }
  const days = rangeDays[filters.range];
  if (days !== null)
    query.set('since', new Date(Math.floor(nowMs / 60_000) * 60_000 - days * DAY_MS).toISOString());
  return query;
}

export function isFiltered(filters: HistoryFilters): boolean {
  return writeFilters(filters) !== '';
}

function dayOf(text: string): string {
  return DAY.test(text) && !Number.isNaN(Date.parse(text)) ? text : '';
}

/** The first moment of a day, or of one after it. */
function startOf(day: string, later: number): string {
  return new Date(Date.parse(day) + later * DAY_MS).toISOString();
}
