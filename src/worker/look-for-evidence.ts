// Whether a run that ended well has left anything behind. The workspace is looked at before the agent starts and
// after its last turn, between `before_run` and `after_run`, so that no hook's work counts as the agent's.

import type { Evidence, NormalEnd } from '../contract/run.ts';
import { compareWorkspace, takeBaseline } from '../workspace/index.ts';
import type { Baseline } from '../workspace/index.ts';
import type { RunContext } from './run-context.ts';

/** Ends after which the work may be called done. */
const ENDS_THAT_NEED_EVIDENCE: ReadonlySet<NormalEnd> = new Set<NormalEnd>([
  'turns_used_up',
  'state_unknown',
]);

/** null = `agent.evidence` is off. */
export async function beforeTheAgent(run: RunContext, workspacePath: string): Promise<Baseline | null> {
  if (run.spec.settings.agent.evidence === 'off') return null;
  const baseline = await takeBaseline(workspacePath, { signal: run.signal });
  run.signal.throwIfAborted();
  return baseline;
}

export interface Found {
  readonly end: NormalEnd;
  readonly baseline: Baseline | null;
  readonly toolWrites: number;
  readonly declared: boolean;
}

/** null = this end needs none, or nobody wants to know. */
export async function afterTheAgent(
  run: RunContext,
  workspacePath: string,
  { end, baseline, toolWrites, declared }: Found,
): Promise<Evidence | null> {
  if (baseline === null || !ENDS_THAT_NEED_EVIDENCE.has(end)) return null;
  const { commits, changes, unknown } = await compareWorkspace(baseline, workspacePath, {
    signal: run.signal,
  });
  run.signal.throwIfAborted();
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
