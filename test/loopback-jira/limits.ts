// Rate limits as Jira Cloud has them for API tokens: bursts a second for each endpoint and method, and writes
// to one issue. A refusal says which limit it was, and when to come again. Windows follow the site's clock.
import { JiraError } from './answer.ts';
import { message } from './messages.ts';
import type { Settings } from './settings.ts';

type Reason = 'jira-burst-based' | 'jira-per-issue-on-write';

interface Counted {
  readonly endpoint: string;
  readonly method: string;
  readonly writes: boolean;
  /** Null when the request is about no single issue. */
  readonly issueId: string | null;
}

export class RateLimits {
  readonly #times = new Map<string, number[]>();

  /** Counts the request; throws the 429 when it is one too many. */
  count(request: Counted, settings: Settings, nowMs: number): void {
    const { burstLimits, issueWriteLimits } = settings;
    if (burstLimits) {
      const limit =
        request.endpoint === 'GET /issue/{issueIdOrKey}'
          ? burstLimits.issuePerSecond
          : {
              GET: burstLimits.getPerSecond,
              POST: burstLimits.postPerSecond,
              PUT: burstLimits.putPerSecond,
              DELETE: burstLimits.deletePerSecond,
            }[request.method];
      this.#spend(request.endpoint, limit ?? Infinity, 1000, 'jira-burst-based', settings, nowMs);
    }
    if (issueWriteLimits && request.writes && request.issueId !== null) {
      const { perTwoSeconds, perThirtySeconds } = issueWriteLimits;
      const reason = 'jira-per-issue-on-write';
      this.#spend(`${request.issueId} 2`, perTwoSeconds, 2000, reason, settings, nowMs);
      this.#spend(`${request.issueId} 30`, perThirtySeconds, 30_000, reason, settings, nowMs);
    }
  }

  #spend(
    key: string,
    limit: number,
    windowMs: number,
    reason: Reason,
    settings: Settings,
    nowMs: number,
  ): void {
    const times = (this.#times.get(key) ?? []).filter((at) => nowMs - at < windowMs);
    this.#times.set(key, times);
    if (times.length < limit) {
      times.push(nowMs);
      return;
    }
    const freeMs = (times[0] ?? nowMs) + windowMs;
    const headers: Record<string, string> = {
      'X-RateLimit-Limit': String(limit),
      'X-RateLimit-Remaining': '0',
      'X-RateLimit-Reset': new Date(freeMs).toISOString().replace(/:\d{2}\.\d{3}Z$/, 'Z'),
      'RateLimit-Reason': reason,
    };
    if (settings.retryAfterSeconds !== null) headers['Retry-After'] = String(settings.retryAfterSeconds);
    throw new JiraError(429, { messages: [message('rateLimited')], headers });
  }
}
