// `--until-idle`: when is there nothing left to do, and did it all go well? Listens to notices and asks what is
// claimed in that very moment; decides only when the process may end.

import type { Notice, RunStatus } from '../contract/index.ts';
import type { Activity } from './view.ts';

/** Candidate reads that may fail in a row before the program gives up. */
const FAILED_READS = 3;

/** Ticks never overlap, so that the second one to end after an exit has begun, and read, after it. */
const TICKS_FOR_A_FRESH_READ = 2;

export interface IdleSummary {
  readonly exitCode: 0 | 1;
  readonly runs: number;
  readonly succeeded: readonly string[];
  /** Identifier and how its last run ended, or why it was set aside. */
  readonly failed: readonly { readonly identifier: string; readonly how: string }[];
  /** "" unless the tracker or the preflight kept failing, or nothing may be started any more. */
  readonly gaveUp: string;
}

export interface IdleWatch {
  /** `refresh`: nothing runs any more, so a last look is due now. A summary: it is over. */
  take(notice: Notice, activity: () => Activity | null): 'refresh' | IdleSummary | null;
}

const WELL: ReadonlySet<RunStatus> = new Set<RunStatus>(['succeeded']);

export function createIdleWatch(): IdleWatch {
  const outcomes = new Map<string, { identifier: string; how: string; well: boolean }>();
  let runs = 0;
  let failedReads = 0;
  let ticksSinceExit = TICKS_FOR_A_FRESH_READ;

  function summarise(gaveUp: string): IdleSummary {
    const all = [...outcomes.values()];
    const failed = all.filter(({ well }) => !well).map(({ identifier, how }) => ({ identifier, how }));
    return {
      exitCode: failed.length === 0 && gaveUp === '' ? 0 : 1,
      runs,
      succeeded: all.filter(({ well }) => well).map(({ identifier }) => identifier),
      failed,
      gaveUp,
    };
  }

  function note(notice: Notice): void {
    if (!('issueId' in notice)) return;
    const { issueId, issueIdentifier: identifier } = notice;
    if (notice.kind === 'run_finished') {
      runs += 1;
      const how = notice.error === '' ? notice.status : `${notice.status}: ${notice.error}`;
      outcomes.set(issueId, { identifier, how, well: WELL.has(notice.status) });
    } else if (notice.kind === 'handed_off') {
      // Also work that a person asked to see: handing it over was what was wanted.
      const before = outcomes.get(issueId);
      outcomes.set(issueId, { identifier, how: before?.how ?? 'handed off', well: true });
    } else if (notice.kind === 'parked') {
      // Its runs are what counts: the limit only keeps it from being worked on for ever.
      const before = notice.reason === 'max_sessions' ? outcomes.get(issueId) : undefined;
      outcomes.set(issueId, {
        identifier,
        how: `parked ${notice.reason}: ${notice.detail}`,
        well: before?.well ?? false,
      });
    }
  }

  return {
    take(notice, activity) {
      note(notice);
      const isExit = notice.kind === 'run_finished' || notice.kind === 'released' || notice.kind === 'parked';
      if (isExit) {
        ticksSinceExit = 0;
        return isQuiet(activity()) ? 'refresh' : null;
      }
      if (notice.kind !== 'tick_completed') return null;
      if (notice.throttled) return null;
      ticksSinceExit += 1;
      failedReads = notice.result === 'success' ? 0 : failedReads + 1;
      if (failedReads >= FAILED_READS) return summarise(notice.error);
      const now = activity();
      // A pause lasts for hours, or until a person has done something: a job does not wait for that.
      if (now !== null && now.running === 0 && now.paused !== '') return summarise(now.paused);
      if (!notice.nothingEligible || !isQuiet(activity())) return null;
      return ticksSinceExit >= TICKS_FOR_A_FRESH_READ ? summarise('') : 'refresh';
    },
  };
}

function isQuiet(activity: Activity | null): boolean {
  return activity !== null && activity.running === 0 && activity.retrying === 0;
}
