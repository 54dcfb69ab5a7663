// What the list of proposals is narrowed to, as the page's address holds it and as the API is asked. Pure. An address that
// was written by hand gives the filters that make sense of it, and never an error.

export const STATUSES = ['pending', 'approved', 'rejected', 'expired'] as const;

export interface ApprovalFilters {
  /** "" = any. */
  readonly status: string;
  /** Of the run's issue; "" = any. */
  readonly identifier: string;
}

const TEXT_LIMIT = 200;

/** @param search with or without its question mark. */
export function readFilters(search: string): ApprovalFilters {
  const given = new URLSearchParams(search);
  const status = given.get('status') ?? '';
  return {
    status: (STATUSES as readonly string[]).includes(status) ? status : '',
    identifier: (given.get('identifier') ?? '').trim().slice(0, TEXT_LIMIT),
  };
}

/** For the address and for the API alike: "" when nothing is filtered, else with its question mark. */
export function writeFilters(filters: ApprovalFilters): string {
  const search = new URLSearchParams();
  for (const name of ['status', 'identifier'] as const)
    if (filters[name] !== '') search.set(name, filters[name]);
  const text = search.toString();
  return text === '' ? '' : `?${text}`;
}
