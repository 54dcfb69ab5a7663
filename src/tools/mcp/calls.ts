// One call of one run: it waits for its place, is worked on by the session, and is told at once when its run has ended,
// whatever the session still does. Never rejects.

import type { ToolAnswer, ToolsLog } from '../ports.ts';
import type { Admission } from './admissions.ts';
import { CALLS_AT_ONCE } from './call-gate.ts';
import { failure } from './protocol.ts';

/** @param signal the client went away, or the run has ended. */
export async function callTool(
  { session, gate, ended }: Admission,
  { name, args, signal, log }: { name: string; args: unknown; signal: AbortSignal; log: ToolsLog },
): Promise<ToolAnswer> {
  const leave = await gate.enter(signal);
  if (leave === null) {
    session.turnedAway(name, signal.aborted ? 'run_ended' : 'rate_limited');
    if (signal.aborted) return runEnded();
    return failure(
      'rate_limited',
      `too many calls at once: ${CALLS_AT_ONCE} are worked on, and many wait; slow down`,
    );
  }
  const answered = answerOf().finally(leave);
  if (ended.aborted) return runEnded();
  return new Promise((resolve) => {
    const onEnd = (): void => resolve(runEnded());
    ended.addEventListener('abort', onEnd, { once: true });
    void answered.then(resolve).finally(() => ended.removeEventListener('abort', onEnd));
  });

  async function answerOf(): Promise<ToolAnswer> {
    try {
      return await session.call(name, args, signal);
    } catch (error) {
      log.error('a tool failed in a way that it must not', {
        run_id: session.runId,
        tool: name.slice(0, 100),
        error: error instanceof Error ? error.message : String(error),
      });
      return failure('internal_error', 'the tool failed; the log of the daemon says more');
    }
  }
}

function runEnded(): ToolAnswer {
  return failure('run_ended', 'the run has ended: nothing more is done for it');
}
