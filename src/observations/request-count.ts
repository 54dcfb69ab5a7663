// Lets the sampler hear of every call to the tracker, where it is counted anyway.

import type { Counters } from '../contract/counters.ts';
import type { Sampler } from './sampler.ts';

/** The same counters; a tracker request is told to the sampler as well. */
export function withRequestCount(counters: Counters, sampler: Pick<Sampler, 'countRequest'>): Counters {
  return {
    ...counters,
    countTrackerRequest(operation, result) {
      counters.countTrackerRequest(operation, result);
      sampler.countRequest(result === 'success');
    },
  };
}
