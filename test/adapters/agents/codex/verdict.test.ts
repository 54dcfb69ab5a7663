// The table of errors: which word or status of Codex is which failure, and when a limit ends.
import { describe, expect, it } from 'vitest';
import { createRateLimits } from '../../../../adapters/agents/codex/rate-limits.ts';
import { judgeTurnError } from '../../../../adapters/agents/codex/verdict.ts';

const never = (): number | null => null;

describe('the error of a turn', () => {
  it.each([
    ['unauthorized', 'agent_config_error', 'authentication'],
    ['usageLimitExceeded', 'turn_failed', 'quota'],
    ['rateLimitExceeded', 'turn_failed', 'quota'],
    ['sessionBudgetExceeded', 'turn_failed', 'budget'],
    ['contextWindowExceeded', 'turn_failed', 'context_overflow'],
    ['serverOverloaded', 'turn_failed', 'service_error'],
    ['internalServerError', 'turn_failed', 'service_error'],
    ['modelNotFound', 'agent_config_error', null],
    ['tooManyDenials', 'turn_input_required', 'permission_refused'],
    ['sandboxError', 'agent_config_error', null],
    ['badRequest', 'turn_failed', null],
    ['a word of the future', 'turn_failed', null],
    ['constructor', 'turn_failed', null],
  ])('%s', (codexErrorInfo, error, reason) => {
    expect(judgeTurnError({ message: 'x', codexErrorInfo }, never)).toMatchObject({ error, reason });
  });

  it.each([
    [401, 'agent_config_error', 'authentication'],
    [403, 'agent_config_error', 'authentication'],
    [429, 'turn_failed', 'quota'],
    [500, 'turn_failed', 'service_error'],
    [503, 'turn_failed', 'service_error'],
    [404, 'turn_failed', null],
    [null, 'turn_failed', 'service_error'],
  ])('HTTP %o', (httpStatusCode, error, reason) => {
    for (const name of [
      'httpConnectionFailed',
      'responseTooManyFailedAttempts',
      'responseStreamDisconnected',
    ]) {
      const told = { message: 'x', codexErrorInfo: { [name]: { httpStatusCode } } };
      expect(judgeTurnError(told, never)).toMatchObject({ error, reason });
    }
  });

  it('knows a key that is missing in the environment', () => {
    const told = { message: 'Missing environment variable: `MY_KEY`.', codexErrorInfo: 'other' };
    expect(judgeTurnError(told, never)).toMatchObject({ reason: 'authentication' });
  });

  it('is one line, and says something even when Codex does not', () => {
    for (const told of [null, 7, 'x', {}, { message: 'two\nlines' }]) {
      expect(judgeTurnError(told, never).detail).toMatch(/^[^\n]+$/);
    }
  });
});

describe('the time at which a limit ends', () => {
  const words = 'You have hit your usage limit. Try later or try again at';
  const nowMs = new Date('2026-11-22T10:00:00').getTime();

  it('is that of the windows that are used up', () => {
    const limits = createRateLimits();
    limits.take({
      limitId: 'codex',
      primary: { usedPercent: 100, windowDurationMins: 300, resetsAt: 1_900_000_000 },
      secondary: { usedPercent: 40, windowDurationMins: 10_080, resetsAt: 1_900_600_000 },
    });
    // A sparse update takes nothing back.
    expect(limits.take({ limitId: 'codex', primary: null, secondary: null })).toBeNull();
    expect(limits.resetAtMs(`${words} 5:46 PM.`, nowMs)).toBe(1_900_000_000_000);
  });

  it.each([
    ['Mar 17th, 2030 5:46 PM.', '2030-03-17T17:47:00'],
    ['Jan 1st, 2027 12:00 AM.', '2027-01-01T00:01:00'],
    ['5:46 PM.', '2026-11-22T17:47:00'],
    ['3:05 AM.', '2026-11-23T03:06:00'],
    ['9:58 AM.', '2026-11-22T09:59:00'],
  ])('else what Codex says: %s', (said, expected) => {
    expect(createRateLimits().resetAtMs(`${words} ${said}`, nowMs)).toBe(new Date(expected).getTime());
  });

  it('is unknown when nobody says it', () => {
    expect(createRateLimits().resetAtMs('some day', nowMs)).toBeNull();
    expect(createRateLimits().resetAtMs(`${words} 5:46 PM.`, null)).toBeNull();
  });

  it('reports windows only when they change', () => {
    const limits = createRateLimits();
    const snapshot = { limitId: null, primary: { usedPercent: 12, resetsAt: null } };
    expect(limits.take(snapshot)).toEqual({
      kind: 'rate_limits',
      windows: [{ name: 'primary', usedPercent: 12, resetsAtMs: null }],
    });
    expect(limits.take(snapshot)).toBeNull();
    expect(limits.take('nonsense')).toBeNull();
  });
});
