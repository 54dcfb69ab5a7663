// How this Jira behaves, as switches that a test may turn at any time; the defaults are a quiet, honest site.
// What breaks single requests is not here but in faults.ts.
import type { Language } from './messages.ts';

export interface BurstLimits {
  readonly getPerSecond: number;
  readonly postPerSecond: number;
  readonly putPerSecond: number;
  readonly deletePerSecond: number;
  /** `GET /issue/{issueIdOrKey}`. */
  readonly issuePerSecond: number;
}

export interface IssueWriteLimits {
  readonly perTwoSeconds: number;
  readonly perThirtySeconds: number;
}

/** Atlassian's published figures. */
export const realBurstLimits: BurstLimits = {
  getPerSecond: 100,
  postPerSecond: 100,
  putPerSecond: 50,
  deletePerSecond: 50,
  issuePerSecond: 150,
};
export const realIssueWriteLimits: IssueWriteLimits = { perTwoSeconds: 20, perThirtySeconds: 100 };

export interface Settings {
  /** The language of the account: every error sentence is in it. */
  language: Language;
  /** Which 400s are `application/problem+json` with a `detail` and no `errorMessages`. */
  problemJson: 'never' | 'always' | 'alternate';
  /** Search sees the site as it was this long ago; by-id reads are current. */
  indexLagMs: number;
  /** Search sees a change only when this many requests have come in between. */
  indexLagRequests: number;
  /** Fewer issues on a page than were asked for: at random, or as the function says (at least 1). */
  shortPages: 'never' | 'random' | ((asked: number) => number);
  isLast: 'always' | 'never' | 'alternate';
  /** What the last page has in place of a token. */
  lastToken: 'absent' | 'null' | 'empty';
  /** Every login is refused until a person solves the CAPTCHA. */
  captcha: boolean;
  /** A scoped token on the site: like a user who may see nothing, or a plain 401. */
  scopedTokenOnSite: 'missing-permission' | 'unauthorized';
  /** Whether linked issues and parents carry their status. */
  linkedFields: boolean;
  burstLimits: BurstLimits | null;
  issueWriteLimits: IssueWriteLimits | null;
  /** What a 429 of these limits says in Retry-After; null leaves the header out. */
  retryAfterSeconds: number | null;
  commentTextLimit: number;
  /** Answers in gzip to clients that accept it, as the real site does. */
  compress: boolean;
  /** Checks every answer against its shape before it is sent. Off only for benchmarks. */
  checkAnswers: boolean;
}

export const defaultSettings: Settings = {
  language: 'en',
  problemJson: 'never',
  indexLagMs: 0,
  indexLagRequests: 0,
  shortPages: 'never',
  isLast: 'always',
  lastToken: 'absent',
  captcha: false,
  scopedTokenOnSite: 'missing-permission',
  linkedFields: true,
  burstLimits: null,
  issueWriteLimits: null,
  retryAfterSeconds: 1,
  commentTextLimit: 32_767,
  compress: false,
  checkAnswers: true,
};
