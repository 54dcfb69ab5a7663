// Which scopes Jira asked to leave alone, until when and why. `jira-quota-…` is everything, `jira-burst-based` one
// endpoint, `jira-per-issue-on-write` the writes of one issue; who does not say speaks for everything. Each pause has
// a floor, jitter and a cap, and is told once when it begins and once when it is over.
import type { Throttle } from '../../../../src/contract/tracker-capabilities.ts';
import type { Clock } from './clock.ts';

export interface SlowDown {
  readonly route: string;
  readonly issueId?: string | undefined;
  /** As `RateLimit-Reason` gave it; "" = not given. */
  readonly reason: string;
  /** null = not given, or not understood. */
  readonly retryAfterMs: number | null;
}

/** What a pause may hold back. */
export interface Subject {
  readonly access: 'read' | 'write';
  readonly route: string;
  readonly issueId?: string | undefined;
}

interface Pause {
  readonly scope: string;
  readonly reason: string;
  /** On the monotonic clock. */
  untilMs: number;
  over: boolean;
  /** Pauses in a row: without a Retry-After each is twice as long as the last. */
  readonly row: number;
}

/** `Retry-After: 0` and none at all are common; asking again at once makes it worse. */
const floorMs = 1_000;
/** Without a Retry-After. */
const growthCapMs = 60_000;
/** The quota is filled up each hour. */
const capMs = 3_600_000;
/** So long after a pause the next one counts as the first again. */
const forgetMs = 60_000;

export type Warn = (message: string, fields: Readonly<Record<string, unknown>>) => void;

export class Throttling {
  readonly #clock: Clock;
  readonly #random: () => number;
  readonly #pauses = new Map<string, Pause>();
  #warn: Warn;
  #stopWatch: (() => void) | null = null;

  constructor(clock: Clock, random: () => number, warn: Warn) {
    this.#clock = clock;
    this.#random = random;
    this.#warn = warn;
  }

  speakThrough(warn: Warn): void {
    this.#warn = warn;
  }

  /** Returns for how long the scope now waits. */
  begin(answer: SlowDown): number {
    this.#tidy();
    const now = this.#clock.monotonicMs();
    const scope = scopeOf(answer);
    const before = this.#pauses.get(scope);
    // Answers to what was under way when a pause began belong to that pause.
    const row = before === undefined ? 1 : before.over ? before.row + 1 : before.row;
    const waitMs = this.#lengthMs(answer.retryAfterMs, row);
    const untilMs = Math.max(now + waitMs, before?.over === false ? before.untilMs : 0);
    const reason = answer.reason === '' ? 'retry-after' : answer.reason;
    this.#pauses.set(scope, { scope, reason, untilMs, over: false, row });
    if (before?.over !== false) {
      const until = new Date(this.#clock.wallMs() + waitMs).toISOString();
      this.#warn('jira asks for fewer requests', { scope, reason, wait_ms: waitMs, until });
    }
    this.#watch();
    return untilMs - now;
  }

  /** The pause that holds it back longest, and how long that still is; null = none does. */
  holding(
    subject: Subject,
  ): { readonly scope: string; readonly reason: string; readonly waitMs: number } | null {
    const now = this.#clock.monotonicMs();
    let longest: Pause | null = null;
    for (const scope of scopesOver(subject)) {
      const pause = this.#pauses.get(scope);
      if (pause && pause.untilMs > now && pause.untilMs > (longest?.untilMs ?? 0)) longest = pause;
    }
    return longest && { scope: longest.scope, reason: longest.reason, waitMs: longest.untilMs - now };
  }

  list(): readonly Throttle[] {
    const now = this.#clock.monotonicMs();
    const offset = this.#clock.wallMs() - now;
    return [...this.#pauses.values()]
      .filter(({ untilMs }) => untilMs > now)
      .map(({ scope, reason, untilMs }) => ({ scope, reason, untilMs: untilMs + offset }));
  }

  #lengthMs(retryAfterMs: number | null, row: number): number {
    const grown = Math.min(floorMs * 2 ** Math.min(row - 1, 30), growthCapMs);
    const asked = retryAfterMs === null || retryAfterMs <= 0 ? grown : retryAfterMs;
    const base = Math.min(Math.max(asked, floorMs), capMs);
    return Math.ceil(base + this.#random() * Math.min(base / 4, 5_000));
  }

  /** Tells what is over, and forgets what is long over. */
  #tidy(): void {
    const now = this.#clock.monotonicMs();
    for (const pause of this.#pauses.values()) {
      const { scope, reason, untilMs } = pause;
      if (untilMs > now) continue;
      if (!pause.over) {
        pause.over = true;
        this.#warn('jira takes requests again', { scope, reason });
      }
      if (untilMs + forgetMs <= now) this.#pauses.delete(scope);
    }
  }

  #watch(): void {
    this.#stopWatch?.();
    const now = this.#clock.monotonicMs();
    const next = [...this.#pauses.values()].map(({ untilMs, over }) => (over ? untilMs + forgetMs : untilMs));
    if (next.length === 0) {
      this.#stopWatch = null;
      return;
    }
    const delayMs = Math.max(1, Math.ceil(Math.min(...next) - now));
    this.#stopWatch = this.#clock.after(
      delayMs,
      () => {
        this.#tidy();
        this.#watch();
      },
      true,
    );
  }
}

function scopeOf({ reason, route, issueId }: SlowDown): string {
  if (/burst/i.test(reason)) return route;
  if (/per-issue/i.test(reason)) return issueId === undefined ? route : `issue ${issueId}`;
  return 'all';
}

function scopesOver({ access, route, issueId }: Subject): string[] {
  const scopes = ['all', route];
  if (access === 'write' && issueId !== undefined) scopes.push(`issue ${issueId}`);
  return scopes;
}
