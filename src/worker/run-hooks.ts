// The hooks of one run. `after_create` and `before_run` fail the run; `after_run` is run whatever happened before
// and its failure is a warning. An empty script is no hook.

import type { HookName, HookResult } from '../workspace/index.ts';
import { runHook } from '../workspace/index.ts';
import type { RunContext } from './run-context.ts';
import { cancelReason, RunProblem } from './run-problem.ts';

const SHOWN_OUTPUT_LIMIT = 4000;

/** Ends with RunProblem `hook_failed` or `hook_timeout`, or with the signal's reason. */
export async function runRequiredHook(
  run: RunContext,
  name: 'after_create' | 'before_run',
  workspacePath: string,
): Promise<void> {
  run.signal.throwIfAborted();
  const result = await runOne(run, name, workspacePath, run.signal);
  run.signal.throwIfAborted();
  if (result === null || result.outcome === 'succeeded') return;
  await warnOf(run, result);
  throw new RunProblem(result.outcome === 'timed_out' ? 'hook_timeout' : 'hook_failed', result.message);
}

/** Bounded by `hooks.timeout_ms`; only a lost run, whose folder may be somebody else's by now, cuts it short. */
export async function runAfterRun(run: RunContext, workspacePath: string): Promise<void> {
  const lost = new AbortController();
  const onAbort = (): void => {
    if (cancelReason(run.signal) === 'lost') lost.abort('lost');
  };
  onAbort();
  run.signal.addEventListener('abort', onAbort, { once: true });
  try {
    if (lost.signal.aborted) return;
    const result = await runOne(run, 'after_run', workspacePath, lost.signal);
    if (result !== null && result.outcome !== 'succeeded') await warnOf(run, result);
  } finally {
    run.signal.removeEventListener('abort', onAbort);
  }
}

async function runOne(
  run: RunContext,
  name: Exclude<HookName, 'before_remove'>,
  workspacePath: string,
  signal: AbortSignal,
): Promise<HookResult | null> {
  const { issue, attempt, runId, settings, secretEnvNames } = run.spec;
  const { afterCreate, beforeRun, afterRun, timeoutMs } = settings.hooks;
  const script = { after_create: afterCreate, before_run: beforeRun, after_run: afterRun }[name];
  if (script.trim() === '') return null;
  const result = await runHook({
    name,
    script,
    subject: { issueId: issue.id, issueIdentifier: issue.identifier, workspacePath, attempt },
    environment: { from: run.dependencies.environment, secretNames: secretEnvNames },
    timeoutMs,
    graceMs: settings.agent.stopGraceMs,
    mark: runId,
    signal,
    onProcess: (identity) => run.emitSoon({ kind: 'process_started', identity }),
  });
  run.dependencies.hookEnded?.(run.spec, result);
  await run.reported();
  return result;
}

async function warnOf(run: RunContext, result: HookResult): Promise<void> {
  const output = result.output.trim().slice(-SHOWN_OUTPUT_LIMIT);
  await run.warn('hook failed', output === '' ? result.message : `${result.message}\n${output}`);
}
