// What the log says of a hook that has ended.

import type { Logger } from '../telemetry/index.ts';
import type { HookResult } from '../workspace/index.ts';

/** A run reports its failed hooks as warnings itself; `before_remove` has no run to do it. */
export function sayHookEnded(
  log: Logger,
  subject: Readonly<Record<string, unknown>>,
  result: HookResult,
): void {
  const fields = {
    ...subject,
    hook: result.name,
    outcome: result.outcome,
    duration_ms: Math.round(result.durationMs),
    output: result.output,
  };
  if (result.name === 'before_remove' && result.outcome !== 'succeeded') {
    log.warn('hook failed', { ...fields, error: result.message });
  } else log.debug('hook ended', fields);
}
