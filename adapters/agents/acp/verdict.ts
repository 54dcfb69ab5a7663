// What the answer to a prompt means: a stop reason, or one of the errors that agents are known to give. The protocol
// has few codes of its own, so an error's data and, last, its words are looked at.

import type { AgentErrorKind, AgentFailureReason, TurnVerdict } from '../../../src/contract/agent.ts';
import { cleanText, numberAt, stringAt, valueAt } from '../driver/index.ts';

type Failure = readonly [AgentErrorKind, AgentFailureReason | null];

const AUTHENTICATION: Failure = ['agent_config_error', 'authentication'];
const QUOTA: Failure = ['turn_failed', 'quota'];
const SERVICE: Failure = ['turn_failed', 'service_error'];
const OVERFLOW: Failure = ['turn_failed', 'context_overflow'];
const UNKNOWN_SESSION: Failure = ['response_error', 'session_unknown'];

const CODES: Readonly<Record<number, Failure>> = {
  [-32000]: AUTHENTICATION,
  [-32002]: UNKNOWN_SESSION,
  [-32601]: ['response_error', null],
};
/** In order; the first that fits an error's words decides. */
const WORDS: readonly (readonly [RegExp, Failure])[] = [
  [
    /no previous sessions|session .{0,80}not found|unknown session|no conversation found|no such session/i,
    UNKNOWN_SESSION,
  ],
  [
    /\b401\b|unauthori[sz]ed|unauthenticated|failed to authenticate|authentication (?:required|failed)|not logged in|invalid api key/i,
    AUTHENTICATION,
  ],
  [/\b429\b|rate.?limit|usage.?limit|quota/i, QUOTA],
  [/context.{0,20}(?:length|window|limit)|prompt is too long|token count .{0,40}exceeds/i, OVERFLOW],
  [
    /\b50[0-4]\b|\b529\b|overloaded|service unavailable|ECONNREFUSED|ECONNRESET|ETIMEDOUT|fetch failed/i,
    SERVICE,
  ],
];
/** `data.errorKind` of the adapter for Claude Code. */
const ERROR_KINDS: Readonly<Record<string, Failure>> = {
  authentication_failed: AUTHENTICATION,
  billing_error: QUOTA,
  rate_limit: QUOTA,
  server_error: SERVICE,
  overloaded: SERVICE,
};

export interface StopFacts {
  /** The last tool call that was asked about had to be refused; null = none, or others followed. */
  readonly refusal: string | null;
  readonly agentName: string;
  /** The last piece of what the agent said. */
  readonly lastWords: string;
}

/** @param reason of the answer to `session/prompt`. */
export function judgeStop(reason: string, { refusal, agentName, lastWords }: StopFacts): TurnVerdict {
  switch (reason) {
    case 'end_turn':
      if (refusal !== null) {
        const detail = `a permission could not be given: ${refusal}`;
        return failed(['turn_input_required', 'permission_refused'], detail);
      }
      return judgeLastWords(agentName, lastWords);
    case 'max_tokens':
      return failed(['turn_failed', null], "the model's answer was cut at its token limit");
    case 'max_turn_requests':
      return failed(
        ['turn_failed', 'turn_limit'],
        "the agent's own limit of model requests in a turn was reached",
      );
    case 'refusal':
      return failed(['turn_failed', null], 'the model refused to go on');
    case 'cancelled':
      return failed(['turn_cancelled', null], 'the agent says that the turn was cancelled');
    default:
      return failed(
        ['response_error', null],
        `the turn ended for an unknown reason: ${cleanText(reason, 100)}`,
      );
  }
}

/** Copilot ends a turn that failed like any other, and says `Error: …` as its last message, in one piece. */
function judgeLastWords(agentName: string, lastWords: string): TurnVerdict {
  if (!/^copilot$/i.test(agentName) || !/^Error: /.test(lastWords)) return { kind: 'completed' };
  return failed(ofWords(lastWords) ?? ['turn_failed', null], cleanText(lastWords, 500));
}

/** @param error of a JSON-RPC answer. @param authMethods how one could log in, as the agent names it. */
export function judgeError(error: unknown, authMethods: readonly string[]): TurnVerdict & { kind: 'failed' } {
  const code = numberAt(error, 'code') ?? 0;
  const details = [stringAt(error, 'message'), stringAt(error, 'data', 'details'), textAt(error, 'data')];
  const words = [...new Set(details)].filter((part) => part !== '').join(': ');
  const byCode = CODES[code] ?? (code >= 400 && code < 600 ? ofStatus(code) : undefined);
  const failure = byCode ??
    ERROR_KINDS[stringAt(error, 'data', 'errorKind')] ??
    ofWords(words) ?? ['turn_failed', null];
  const detail = cleanText(words, 500) || `the agent answered with error ${code}`;
  if (failure[1] !== 'authentication') return failed(failure, detail);
  const methods = authMethods.length === 0 ? '' : ` (it offers: ${authMethods.join(', ')})`;
  return failed(failure, `${detail}; log in with the agent's own command${methods}, or give it its key`);
}

function ofStatus(status: number): Failure {
  if (status === 401 || status === 403) return AUTHENTICATION;
  if (status === 429) return QUOTA;
  return status >= 500 ? SERVICE : ['turn_failed', null];
}

function ofWords(words: string): Failure | undefined {
  return WORDS.find(([pattern]) => pattern.test(words))?.[1];
}

function textAt(root: unknown, name: string): string {
  const value = valueAt(root, name);
  return typeof value === 'string' ? value : '';
}

function failed([error, reason]: Failure, detail: string): TurnVerdict & { kind: 'failed' } {
  return { kind: 'failed', error, reason, detail };
}
