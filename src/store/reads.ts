// What is read of the past, by the daemon and by commands without one: one list of readers over one connection.
import type { Store } from '../contract/store.ts';
import { findStoredIssue } from './find-issue.ts';
import { readHistory } from './history.ts';
import { readOperatorActions } from './operator-actions.ts';
import type { Reading } from './reading.ts';
import { readSamples } from './samples.ts';
import { readStats } from './stats.ts';
import { readTimeline } from './timeline.ts';

export type PastReads = Pick<
  Store,
  'history' | 'findIssue' | 'stats' | 'samples' | 'timeline' | 'operatorActions'
>;

export function createReads(reading: Reading): PastReads {
  return {
    history: (query) => readHistory(reading, query),
    findIssue: (identifier) =>
      reading.inTurn(() => findStoredIssue(reading.db, reading.trackerId, identifier)),
    stats: (query) => readStats(reading, query),
    samples: (query) => readSamples(reading, query),
    timeline: (query) => readTimeline(reading, query),
    operatorActions: (limit) => readOperatorActions(reading, limit),
  };
}
