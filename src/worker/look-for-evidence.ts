// Whether a run that ended well has left anything behind. The workspace is looked at before the agent starts and
// after its last turn, between `before_run` and `after_run`, so that no hook's work counts as the agent's. What runs of
// the same claim have done that ended otherwise counts as well: it is carried to the first one that is judged.

import type { CancelReason, Evidence, NormalEnd } from '../contract/run.ts';
import { compareWorkspace, dropLook, keepLook, keptLook, NO_WORK, takeBaseline } from '../workspace/index.ts';
import type { Baseline, CarriedWork, Difference } from '../workspace/index.ts';
import type { RunContext } from './run-context.ts';
import { cancelReason } from './run-problem.ts';

/** Ends after which the work may be called done. */
const ENDS_THAT_NEED_EVIDENCE: ReadonlySet<NormalEnd> = new Set<NormalEnd>([
  'turns_used_up',
  'state_unknown',
]);

/** A workspace that goes, or a daemon that does. */
const LOOKS_LATER: ReadonlySet<string> = new Set<CancelReason>(['shutdown', 'terminal', 'lost']);

/** Well within what a shutdown waits for beyond the hook's own time. */
const HURRIED = { entries: 200_000, timeMs: 3_000 };

/** Lines in a summary. */
const COMMITS_CARRIED = 5;

/** The look at one run's workspace. Nothing of it is done when `agent.evidence` is off. */
export interface EvidenceLook {
  /** After `before_run`. */
  begin(): Promise<void>;
  /** After the last turn. null = this end needs none, or nobody wants to know. */
  judge(found: Found): Promise<Evidence | null>;
  /** Before `after_run`: what was not judged is kept for the next run. Never rejects. */
  end(toolWrites: number): Promise<void>;
}

export interface Found {
  readonly end: NormalEnd;
  readonly toolWrites: number;
  readonly declared: boolean;
}

/** Before `before_run`. @param created the workspace was made for this run. */
export async function lookAtWork(
  run: RunContext,
  workspacePath: string,
  created: boolean,
): Promise<EvidenceLook> {
  if (run.spec.settings.agent.evidence === 'off') return NO_LOOK;
  const { signal } = run;
  const carried = await workOfEarlierRuns(run, workspacePath, created);
  let baseline: Baseline | null = null;
  let isJudged = false;
  return {
    async begin() {
      baseline = await takeBaseline(workspacePath, { signal });
      signal.throwIfAborted();
      await keepLook(workspacePath, { baseline, carried });
    },
    async judge({ end, toolWrites, declared }) {
      if (baseline === null || !ENDS_THAT_NEED_EVIDENCE.has(end)) return null;
      const work = add(carried, await compareWorkspace(baseline, workspacePath, { signal }), toolWrites);
      signal.throwIfAborted();
      isJudged = true;
      // On an unknown state nothing is handed off: the run that follows is judged by this work as well.
      if (end === 'state_unknown') await keepLook(workspacePath, { baseline: null, carried: work });
      else await dropLook(workspacePath);
      return evidenceOf(work, declared);
    },
    async end(toolWrites) {
      if (baseline === null || isJudged) return;
      const reason = cancelReason(signal);
      // A shutdown has no time for a look, and who died had none either: then the next run compares. What `after_run` is
      // about to do (a commit, often) could not be told from the agent's work by then.
      const isHurried = reason === 'shutdown' && run.spec.settings.hooks.afterRun !== '';
      if (LOOKS_LATER.has(reason ?? '') && !isHurried) return;
      const options = isHurried ? { limits: HURRIED } : {};
      const work = add(carried, await compareWorkspace(baseline, workspacePath, options), toolWrites);
      await keepLook(workspacePath, { baseline: null, carried: work });
    },
  };
}

const NO_LOOK: EvidenceLook = {
  begin: () => Promise.resolve(),
  judge: () => Promise.resolve(null),
  end: () => Promise.resolve(),
};

/** A run that died with its daemon could not look itself: nobody has touched its workspace since. */
async function workOfEarlierRuns(
  run: RunContext,
  workspacePath: string,
  created: boolean,
): Promise<CarriedWork> {
  const kept = await keptLook(workspacePath);
  // A new claim begins anew: what was done long ago says nothing about it.
  if (kept === null || created || run.spec.attempt === 0) return NO_WORK;
  if (kept.baseline === null) return kept.carried;
  const { signal } = run;
  const work = add(kept.carried, await compareWorkspace(kept.baseline, workspacePath, { signal }), 0);
  signal.throwIfAborted();
  return work;
}

function add(carried: CarriedWork, found: Difference, toolWrites: number): CarriedWork {
  return {
    commits: [...new Set([...carried.commits, ...found.commits])].slice(0, COMMITS_CARRIED),
    changes: carried.changes + found.changes,
    unknown: found.unknown ?? carried.unknown,
    toolWrites: carried.toolWrites + toolWrites,
  };
}

function evidenceOf({ commits, changes, unknown, toolWrites }: CarriedWork, declared: boolean): Evidence {
  const words = [
    ...commits,
    ...(changes === 0 ? [] : [`${changes} ${changes === 1 ? 'file' : 'files'} changed`]),
    ...(toolWrites === 0 ? [] : [`${toolWrites} ${toolWrites === 1 ? 'write' : 'writes'} by tools`]),
    ...(declared ? ['declared that no change is needed'] : []),
    ...(unknown === null ? [] : [`not everything could be looked at: ${unknown}`]),
  ];
  return {
    commit: commits.length > 0,
    changes: changes > 0,
    toolWrites,
    declared,
    unknown: unknown !== null,
    summary: words.length === 0 ? 'nothing' : words.join('; '),
  };
}
