// What a turn came to, from its `result` and from the API's last complaint; where there is no result, from the words
// with which the CLI refused to begin. `is_error` decides before `subtype` and `terminal_reason`: an API error is a
// "success", and in 2.1.197 also "completed".

import type {
  AgentErrorKind,
  AgentFailureReason,
  OutputEnd,
  TurnVerdict,
} from '../../../src/contract/agent.ts';
import { arrayAt, booleanAt, cleanText, numberAt, stringAt } from '../driver/index.ts';
import { resetInText } from './rate-limits.ts';

/** What the turn's other lines said. */
export interface TurnFacts {
  /** `error` and `api_error` of the last message that reported an API error, "" when there was none. */
  readonly apiError: string;
  readonly apiErrorCode: string;
  /** When a refused account may go on; null = nobody said. */
  readonly refusedUntilMs: number | null;
  /** See ToolCalls. */
  readonly lastRefused: string;
}

const SIGN_IN = 'sign in with `claude auth login` as the user that runs sortie, or set ANTHROPIC_API_KEY';
const UNKNOWN_SESSION = /no conversation found with session id|session id \S+ is already in use/i;
const TOO_LONG = /prompt is too long|input is too long for requested model|context window/i;
const USAGE_LIMIT = /usage limit reached|you've hit your .{0,40}limit/i;
const NOT_SIGNED_IN =
  /not logged in|please run \/login|invalid api key|failed to authenticate|oauth token (?:has )?expired/i;

const OVERFLOWS = new Set(['prompt_too_long', 'blocking_limit', 'rapid_refill_breaker']);
const SIGN_IN_ERRORS = new Set([
  'authentication_failed',
  'oauth_org_not_allowed',
  'account_on_hold',
  'verification_required',
  'cloud_credential_error',
]);
/** Somebody has to pay, or to choose another model. */
const ACCOUNT_ERRORS = new Set(['billing_error', 'model_not_found']);
const SERVICE_ERRORS = new Set(['server_error', 'overloaded', 'connection_failed']);

/** @param result the last `result` line of the turn. */
export function judgeResult(result: unknown, facts: TurnFacts): TurnVerdict {
  const subtype = stringAt(result, 'subtype');
  const ending = stringAt(result, 'terminal_reason');
  if (!(booleanAt(result, 'is_error') ?? subtype !== 'success')) return judgeGoodEnd(ending, facts);

  const words = wordsOf(result) || subtype || 'it did not say why';
  const status = numberAt(result, 'api_error_status');
  const { apiError, apiErrorCode } = facts;
  if (UNKNOWN_SESSION.test(words)) return fail('response_error', 'session_unknown', words);
  if (ending === 'max_turns' || subtype === 'error_max_turns') {
    return fail('turn_failed', 'turn_limit', `${words}; raise or remove claude-code.max_turns`);
  }
  if (ending === 'budget_exhausted' || subtype === 'error_max_budget_usd') {
    return fail('turn_failed', 'budget', `${words}; raise or remove claude-code.max_budget_usd`);
  }
  if (OVERFLOWS.has(ending) || TOO_LONG.test(words)) return fail('turn_failed', 'context_overflow', words);
  if (ending.startsWith('aborted')) return fail('turn_failed', null, `somebody interrupted it: ${words}`);
  if (status === 429 || apiError === 'rate_limit' || USAGE_LIMIT.test(words)) {
    return { ...fail('turn_failed', 'quota', words), resetAtMs: facts.refusedUntilMs ?? resetInText(words) };
  }
  if (ACCOUNT_ERRORS.has(apiError)) return fail('agent_config_error', null, words);
  const isUnexplained = status === null && apiError === '';
  if (
    status === 401 ||
    status === 403 ||
    SIGN_IN_ERRORS.has(apiError) ||
    (isUnexplained && NOT_SIGNED_IN.test(words))
  ) {
    return fail('agent_config_error', 'authentication', `${words}; ${SIGN_IN}`);
  }
  if ((status ?? 0) >= 500 || SERVICE_ERRORS.has(apiError) || SERVICE_ERRORS.has(apiErrorCode)) {
    return fail('turn_failed', 'service_error', words);
  }
  return fail('turn_failed', null, words);
}

/** A turn without a result; null = its stderr explains nothing either. */
export function judgeStderr({ exitCode, stderrText }: OutputEnd): TurnVerdict | null {
  if (exitCode === 0 || exitCode === null) return null;
  const words = cleanText(stderrText, 400);
  if (UNKNOWN_SESSION.test(stderrText)) return fail('response_error', 'session_unknown', words);
  if (/cannot be used with root/i.test(stderrText)) {
    const remedy =
      'run sortie as another user, or choose another claude-code.permission_mode, or (only inside of a container or ' +
      'sandbox) set IS_SANDBOX: "1" in agent.env';
    return fail(
      'agent_config_error',
      null,
      `as root it refuses permission_mode bypassPermissions; ${remedy}`,
    );
  }
  if (NOT_SIGNED_IN.test(stderrText)) {
    return fail('agent_config_error', 'authentication', `${words}; ${SIGN_IN}`);
  }
  if (/error: (?:unknown option|option '.+?' argument)/i.test(stderrText)) {
    return fail('agent_config_error', null, `${words}; update Claude Code, or correct the block claude-code`);
  }
  if (/invalid mcp configuration|mcp config file not found/i.test(stderrText)) {
    return fail('agent_config_error', null, `${words}; correct claude-code.mcp_config`);
  }
  return null;
}

function judgeGoodEnd(ending: string, { lastRefused }: TurnFacts): TurnVerdict {
  if (lastRefused !== '') {
    const remedy = 'name it in claude-code.allowed_tools, or choose another permission_mode';
    return fail(
      'turn_input_required',
      'permission_refused',
      `permission for ${lastRefused} was refused; ${remedy}`,
    );
  }
  if (ending.startsWith('tool_deferred')) {
    return fail('turn_input_required', 'input_required', 'a hook left a tool call to a person');
  }
  return { kind: 'completed' };
}

function wordsOf(result: unknown): string {
  const errors = arrayAt(result, 'errors').filter((error) => typeof error === 'string');
  return cleanText(stringAt(result, 'result') || errors.join('; '), 400);
}

function fail(
  error: AgentErrorKind,
  reason: AgentFailureReason | null,
  detail: string,
): Extract<TurnVerdict, { kind: 'failed' }> {
  return { kind: 'failed', error, reason, detail };
}
