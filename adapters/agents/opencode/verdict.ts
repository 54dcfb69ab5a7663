// What a turn of opencode came to. It prints no terminal event: the last `error` or `step_finish` decides, together
// with the exit code. A run that recovered from an error still exits with 1; a run whose last tool call was refused
// exits with 0. Checked with 1.18.33.

import type { OutputEnd, TurnVerdict } from '../../../src/contract/agent.ts';
import { booleanAt, cleanText, numberAt, stringAt } from '../driver/index.ts';
import type { JsonObject } from '../driver/index.ts';

/** The last thing that the output said about its turn. */
export type LastWord =
  { readonly kind: 'error'; readonly event: JsonObject } | { readonly kind: 'step'; readonly reason: string };

export interface TurnFacts {
  readonly lastWord: LastWord | null;
  /** Some error came, even if not last. */
  readonly hadError: boolean;
  /** What the last tool call was refused with; null when it was not. */
  readonly refusal: string | null;
  /** The last tool call failed, refused or not. */
  readonly lastToolFailed: boolean;
  /** The last line began like an event and was none. */
  readonly isCut: boolean;
  /** The session was to be resumed. */
  readonly resumed: boolean;
}

/** Never waited for longer than the core allows anyway; a year is a mistake. */
const LONGEST_WAIT_SECONDS = 366 * 24 * 3600;
const QUOTA_WORDS = /UsageLimitError|usage limit|quota|insufficient (balance|credit|fund)|out of credits/i;
const OVERFLOW_WORDS =
  /context[ _](length|window|limit)|maximum context|prompt is too long|too many (input )?tokens|exceeds the (model|maximum)/i;

/** null = the output does not say. */
export function judgeTurn(facts: TurnFacts, end: OutputEnd): TurnVerdict | null {
  const { lastWord } = facts;
  if (lastWord === null) return judgeSilence(facts, end);
  if (facts.isCut && end.unterminatedLastLine) return null;
  if (lastWord.kind === 'error') return judgeError(lastWord.event);
  const endedByItself = end.exitCode === 0 || (end.exitCode === 1 && facts.hadError);
  if (!endedByItself) return null;
  if (facts.refusal !== null || (lastWord.reason === 'tool-calls' && facts.lastToolFailed)) {
    const detail = facts.refusal ?? 'the last tool call failed, and the run ended with it';
    return { kind: 'failed', error: 'turn_input_required', reason: 'permission_refused', detail };
  }
  if (lastWord.reason === 'stop') return { kind: 'completed' };
  if (lastWord.reason === 'tool-calls' || lastWord.reason === '') return null;
  const detail = `the model stopped with the reason "${lastWord.reason}"`;
  return { kind: 'failed', error: 'turn_failed', reason: null, detail };
}

/** Nothing but words on stderr: it refused to begin. */
function judgeSilence({ resumed }: TurnFacts, { exitCode, stderrText }: OutputEnd): TurnVerdict | null {
  if (exitCode !== 1) return null;
  const detail = cleanText(stderrText, 500);
  if (resumed && /Session not found/i.test(stderrText)) {
    return { kind: 'failed', error: 'response_error', reason: 'session_unknown', detail };
  }
  if (/Configuration is invalid|is not valid JSON/i.test(stderrText)) {
    return { kind: 'failed', error: 'agent_config_error', reason: null, detail };
  }
  return null;
}

function judgeError(event: JsonObject): TurnVerdict {
  const name = stringAt(event, 'error', 'name');
  const status = numberAt(event, 'error', 'data', 'statusCode');
  const message = stringAt(event, 'error', 'data', 'message') || stringAt(event, 'error', 'message');
  const all = `${message} ${stringAt(event, 'error', 'data', 'responseBody')}`;
  const detail = [name || 'error', status === null ? '' : `HTTP ${status}`, message || 'no message']
    .filter((part) => part !== '')
    .join(': ');
  const failed = (
    error: 'turn_failed' | 'agent_config_error',
    reason: Exclude<TurnVerdict, { kind: 'completed' }>['reason'],
  ): TurnVerdict => ({ kind: 'failed', error, reason, detail });

  // Before the status: some providers say that the money is gone with a 401 or a 403.
  const isServers = status !== null && status >= 500;
  if (status === 429 || status === 402 || (!isServers && QUOTA_WORDS.test(all))) {
    return { kind: 'failed', error: 'turn_failed', reason: 'quota', detail, resetAtMs: resetTime(event) };
  }
  if (status === 401 || status === 403 || name === 'ProviderAuthError') {
    return failed('agent_config_error', 'authentication');
  }
  // An error within a stream has no status.
  const mayOverflow = status === 400 || status === null;
  if (name === 'ContextOverflowError' || status === 413 || (mayOverflow && OVERFLOW_WORDS.test(all))) {
    return failed('turn_failed', 'context_overflow');
  }
  const isUnreachable = status === null && booleanAt(event, 'error', 'data', 'isRetryable') === true;
  if (isUnreachable || status === 408 || isServers) {
    return failed('turn_failed', 'service_error');
  }
  return failed('turn_failed', null);
}

/** From the headers of the answer; null when they do not say. The event carries the wall clock, we have none. */
function resetTime(event: JsonObject): number | null {
  const saidAtMs = numberAt(event, 'timestamp');
  const after = stringAt(event, 'error', 'data', 'responseHeaders', 'retry-after').trim();
  if (after === '') return null;
  if (/^\d+(\.\d+)?$/.test(after)) {
    const seconds = Number(after);
    return saidAtMs === null || seconds > LONGEST_WAIT_SECONDS ? null : saidAtMs + Math.ceil(seconds * 1000);
  }
  const dateMs = Date.parse(after);
  return Number.isNaN(dateMs) ? null : dateMs;
}
