// What a turn of Copilot came to: its `result` line says whether it failed, the last `session.error` says why, and a
// refused tool call is seen only in the call's own result. The exit code of the process says nothing (0 after SIGTERM).
// Checked with 1.0.102.

import type { AgentFailureReason, OutputEnd, TurnVerdict } from '../../../src/contract/agent.ts';
import { cleanText, numberAt, stringAt } from '../driver/index.ts';
import type { JsonObject } from '../driver/index.ts';

export interface TurnFacts {
  /** The `result` line. */
  readonly result: JsonObject | null;
  /** The last `session.error`. */
  readonly error: JsonObject | null;
  /** What the last tool call was refused with; null when it was not. */
  readonly refusal: string | null;
}

const OVERFLOW_WORDS =
  /context[ _](length|window|limit)|maximum context|prompt is too long|prompt token count|too many (input )?tokens/i;
const QUOTA_WORDS = /quota|premium request|usage limit|rate[ _]limit/i;
const LOGIN_WORDS =
  /No authentication information found|are not supported by Copilot|authenticat(e|ion) failed|not authorized|copilot login/i;

/** null = the output does not say. */
export function judgeTurn({ result, error, refusal }: TurnFacts, end: OutputEnd): TurnVerdict | null {
  if (result === null) return error === null ? judgeWords(end) : judgeError(error);
  if (numberAt(result, 'exitCode') !== 0) {
    if (error !== null) return judgeError(error);
    const detail = `the agent says that it failed (exit code ${numberAt(result, 'exitCode') ?? 'unknown'}): ${lastLine(end)}`;
    return { kind: 'failed', error: 'turn_failed', reason: null, detail };
  }
  if (refusal !== null) {
    return { kind: 'failed', error: 'turn_input_required', reason: 'permission_refused', detail: refusal };
  }
  return { kind: 'completed' };
}

/** What it says on stderr when it refuses to begin. */
function judgeWords({ exitCode, stderrText }: OutputEnd): TurnVerdict | null {
  if (exitCode !== 1) return null;
  const detail = cleanText(stderrText, 500);
  if (/No session, task, or name matched/i.test(stderrText)) {
    return { kind: 'failed', error: 'response_error', reason: 'session_unknown', detail };
  }
  if (LOGIN_WORDS.test(stderrText)) {
    return { kind: 'failed', error: 'agent_config_error', reason: 'authentication', detail };
  }
  if (/Failed to read MCP config|MCP config file|No such agent:|unexpected argument/i.test(stderrText)) {
    return { kind: 'failed', error: 'agent_config_error', reason: null, detail };
  }
  return null;
}

function judgeError(event: JsonObject): TurnVerdict {
  const type = stringAt(event, 'data', 'errorType');
  const status = numberAt(event, 'data', 'statusCode');
  const message = cleanText(stringAt(event, 'data', 'message'), 400) || 'no message';
  const detail = [type, status === null ? '' : `HTTP ${status}`, message]
    .filter((part) => part !== '')
    .join(': ');
  const failed = (
    kind: 'turn_failed' | 'agent_config_error',
    reason: AgentFailureReason | null,
  ): TurnVerdict => ({ kind: 'failed', error: kind, reason, detail });

  // Before the status: an empty purse is also told with a 403. It says never when it is filled again.
  if (type === 'quota' || type === 'rate_limit' || status === 429 || status === 402) {
    return failed('turn_failed', 'quota');
  }
  if (status === 403 && QUOTA_WORDS.test(message)) return failed('turn_failed', 'quota');
  if (type === 'authentication' || type === 'authorization' || status === 401 || status === 403) {
    return failed('agent_config_error', 'authentication');
  }
  if (/^context/.test(type) || status === 413 || (status === 400 && OVERFLOW_WORDS.test(message))) {
    return failed('turn_failed', 'context_overflow');
  }
  const isUnreachable = status === null && /could not connect|network|timed? ?out|ECONN/i.test(message);
  if (isUnreachable || status === 408 || (status !== null && status >= 500)) {
    return failed('turn_failed', 'service_error');
  }
  return failed('turn_failed', null);
}

function lastLine({ stderrText }: OutputEnd): string {
  const lines = stderrText.split('\n').filter((line) => line.trim() !== '');
  return cleanText(lines.at(-1) ?? '', 300) || 'no more is said';
}
