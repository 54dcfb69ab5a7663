// From the error of a failed turn to the verdict that the core understands. Codex names the kind of an error
// (`codexErrorInfo`: a word, or a word with an HTTP status); its own words are for people. Pure.

import type { AgentErrorKind, AgentFailureReason, TurnVerdict } from '../../../src/contract/agent.ts';
import { cleanText, numberAt, objectAt, stringAt } from '../driver/index.ts';

type Failure = readonly [AgentErrorKind, AgentFailureReason | null];

const AUTHENTICATION: Failure = ['agent_config_error', 'authentication'];
const QUOTA: Failure = ['turn_failed', 'quota'];
const SERVICE: Failure = ['turn_failed', 'service_error'];
const PLAIN: Failure = ['turn_failed', null];

const BY_WORD: Readonly<Record<string, Failure>> = {
  unauthorized: AUTHENTICATION,
  usageLimitExceeded: QUOTA,
  rateLimitExceeded: QUOTA,
  sessionBudgetExceeded: ['turn_failed', 'budget'],
  contextWindowExceeded: ['turn_failed', 'context_overflow'],
  serverOverloaded: SERVICE,
  internalServerError: SERVICE,
  flexUnavailable: SERVICE,
  policyCapacityUnavailable: SERVICE,
  // Which model is wanted stands in the configuration.
  modelNotFound: ['agent_config_error', null],
  tooManyDenials: ['turn_input_required', 'permission_refused'],
  sandboxError: ['agent_config_error', null],
};

/** These carry the HTTP status of the model's service, or null when it could not be reached. */
const WITH_STATUS = [
  'httpConnectionFailed',
  'responseStreamConnectionFailed',
  'responseStreamDisconnected',
  'responseTooManyFailedAttempts',
] as const;

const DETAIL_LIMIT = 500;

/** @param error `turn.error`. @param resetAtMs asked with the error's words when it is a matter of quota. */
export function judgeTurnError(
  error: unknown,
  resetAtMs: (words: string) => number | null,
): Extract<TurnVerdict, { kind: 'failed' }> {
  const words = stringAt(error, 'message');
  const [kind, reason] = failureOf(error, words);
  const more = cleanText(stringAt(error, 'additionalDetails'), DETAIL_LIMIT);
  const said = cleanText(words, DETAIL_LIMIT) || 'the turn failed, and Codex does not say why';
  const detail = more === '' || said.includes(more) ? said : `${said} (${more})`;
  return {
    kind: 'failed',
    error: kind,
    reason,
    detail,
    resetAtMs: reason === 'quota' ? resetAtMs(words) : null,
  };
}

function failureOf(error: unknown, words: string): Failure {
  const word = stringAt(error, 'codexErrorInfo');
  if (Object.hasOwn(BY_WORD, word)) return BY_WORD[word] ?? PLAIN;
  for (const name of WITH_STATUS) {
    if (objectAt(error, 'codexErrorInfo', name) === null) continue;
    return byStatus(numberAt(error, 'codexErrorInfo', name, 'httpStatusCode'));
  }
  // A provider's `env_key` that is not set has no word of its own (Codex 0.169).
  return words.startsWith('Missing environment variable') ? AUTHENTICATION : PLAIN;
}

function byStatus(status: number | null): Failure {
  if (status === 401 || status === 403) return AUTHENTICATION;
  if (status === 429) return QUOTA;
  return status === null || status >= 500 ? SERVICE : PLAIN;
}
