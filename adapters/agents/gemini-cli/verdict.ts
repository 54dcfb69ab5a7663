// What the end of a turn means. The `result` line decides; the exit code only says more about a failure, or stands in
// where the CLI died before it could print one (42 to 55: its own codes, 144 to 255: HTTP status modulo 256).

import type {
  AgentErrorKind,
  AgentFailureReason,
  OutputEnd,
  TurnVerdict,
} from '../../../src/contract/agent.ts';
import { cleanText, stringAt } from '../driver/index.ts';
import type { JsonObject } from '../driver/index.ts';

type Failure = readonly [AgentErrorKind, AgentFailureReason | null];

/** Exit codes of the CLI that mean something by themselves. */
const EXIT_CODES: Readonly<Record<number, Failure>> = {
  41: ['agent_config_error', 'authentication'],
  // A sandbox that was asked for and is not there.
  44: ['agent_config_error', null],
  52: ['agent_config_error', null],
  53: ['turn_failed', 'turn_limit'],
  // A tool failed in a way that ends everything (no space left).
  54: ['turn_failed', null],
  // The workspace is not trusted.
  55: ['agent_config_error', null],
};
const ERROR_TYPES: Readonly<Record<string, Failure>> = {
  FatalTurnLimitedError: ['turn_failed', 'turn_limit'],
  FatalAuthenticationError: ['agent_config_error', 'authentication'],
  FatalConfigError: ['agent_config_error', null],
};
const INPUT_ERROR = 42;
const UNKNOWN_SESSION = /error resuming session|invalid session identifier|no previous sessions found/i;
const TOO_LONG = /input token count .*exceeds|context window|maximum number of tokens/i;
const EXHAUSTED = /exhausted your .*quota|quota exceeded|resource_exhausted|rate limit/i;
const UNREACHABLE =
  /fetch failed|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENOTFOUND|EAI_AGAIN|socket hang up|API Error: terminated/;
const HTTP_STATUS = /"code":\s*(\d{3})\b/;

/** What the reader has gathered in a turn. */
export interface TurnFacts {
  readonly result: JsonObject | null;
  /** Of the last `error` line that was no warning; "" when there was none. */
  readonly lastError: string;
  /** The last tool call was refused; null when there was none, or it was not refused. */
  readonly refusal: string | null;
}

/** null = neither a result nor an exit code that says why there is none. */
export function judgeTurn({ result, lastError, refusal }: TurnFacts, end: OutputEnd): TurnVerdict | null {
  if (result === null) return judgeExit(end);
  if (stringAt(result, 'status') === 'success') {
    if (refusal === null) return { kind: 'completed' };
    const detail = `the last tool call was refused by a policy: ${refusal}`;
    return { kind: 'failed', error: 'turn_input_required', reason: 'permission_refused', detail };
  }
  const message = cleanText(stringAt(result, 'error', 'message') || lastError, 500);
  const detail = message || 'the agent reported an error without a message';
  const known = ERROR_TYPES[stringAt(result, 'error', 'type')];
  if (known !== undefined) return failed(known, detail);
  const status = Number(HTTP_STATUS.exec(message)?.[1] ?? statusOfExit(end.exitCode) ?? 0);
  if (TOO_LONG.test(message)) return failed(['turn_failed', 'context_overflow'], detail);
  if (status !== 0) return failed(ofStatus(status), detail);
  if (EXHAUSTED.test(message)) return failed(['turn_failed', 'quota'], detail);
  if (UNREACHABLE.test(message)) return failed(['turn_failed', 'service_error'], detail);
  return failed(['turn_failed', null], detail);
}

function judgeExit({ exitCode, stderrText }: OutputEnd): TurnVerdict | null {
  if (exitCode === null) return null;
  const words = telling(stderrText);
  const detail = `exit code ${exitCode}${words === '' ? '' : `: ${words}`}`;
  if (exitCode === INPUT_ERROR) {
    const reason = UNKNOWN_SESSION.test(stderrText) ? 'session_unknown' : null;
    return failed(['response_error', reason], detail);
  }
  const known = EXIT_CODES[exitCode];
  if (known !== undefined) return failed(known, detail);
  const status = statusOfExit(exitCode);
  return status === null ? null : failed(ofStatus(status), detail);
}

/** HTTP statuses 400 to 511 come out as 144 to 255; signals as 129 to 143 at most. */
function statusOfExit(exitCode: number | null): number | null {
  return exitCode !== null && exitCode >= 144 && exitCode <= 255 ? exitCode + 256 : null;
}

function ofStatus(status: number): Failure {
  if (status === 401 || status === 403) return ['agent_config_error', 'authentication'];
  if (status === 429) return ['turn_failed', 'quota'];
  return ['turn_failed', status >= 500 ? 'service_error' : null];
}

function failed([error, reason]: Failure, detail: string): TurnVerdict {
  return { kind: 'failed', error, reason, detail };
}

/** The line of stderr that says what went wrong: many others come before and after it. */
function telling(stderr: string): string {
  const lines = stderr
    .slice(-8000)
    .split('\n')
    .filter((line) => line.trim() !== '');
  return cleanText(lines.find((line) => /^error|error:/i.test(line)) ?? lines.at(-1) ?? '', 300);
}
