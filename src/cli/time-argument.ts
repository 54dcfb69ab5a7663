// A time on the command line, as the API has it, too: ISO-8601, a day, `now`, or how long ago (`-7d`, also `7d`).

import { InvalidArgumentError } from 'commander';
import { readTime } from '../http/time-parameter.ts';

/** Milliseconds since the epoch; times without a zone are UTC. */
export function timeArgument(text: string, nowMs = Date.now()): number {
  const given = text.trim();
  const ms = readTime(/^\d+[a-z]$/.test(given) ? `-${given}` : given, nowMs);
  if (ms === null) {
    throw new InvalidArgumentError('expected a time such as 2026-11-22, 2026-11-22T09:30:00Z or -7d.');
  }
  return ms;
}
