// Load on a URL by autocannon, from a thread of its own. It brings no types: the little that is used is said here.

import { createRequire } from 'node:module';

export interface LoadResult {
  readonly requests: { readonly average: number };
  /** Milliseconds. */
  readonly latency: { readonly p99: number };
  readonly non2xx: number;
  readonly errors: number;
}

interface LoadOptions {
  readonly url: string;
  readonly connections: number;
  /** Seconds. */
  readonly duration: number;
  readonly workers: number;
}

const autocannon = createRequire(import.meta.url)('autocannon') as (
  options: LoadOptions,
) => Promise<LoadResult>;

/** Rejects when an answer was missing or not 2xx. */
export async function putLoad(url: string, connections: number, seconds: number): Promise<LoadResult> {
  const result = await autocannon({ url, connections, duration: seconds, workers: 1 });
  if (result.non2xx + result.errors > 0) throw new Error(`${url} did not always answer`);
  return result;
}
