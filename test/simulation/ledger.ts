// What was spent, kept a second time from the reports alone: for each session what it reported and what was estimated
// since, for each issue the sum over its sessions, for each day what came in on it. Knows nothing of the core.

import type {
  AgentEvent,
  BudgetSettings,
  CoreSettings,
  StoredIssue,
  StoredState,
} from '../../src/contract/index.ts';

type Usage = Extract<AgentEvent, { kind: 'token_usage' }>;

interface SessionBook {
  tokens: number;
  cached: number;
  reportedUsd: number;
  /** Of this turn: its report replaces it. */
  pendingUsd: number;
  /** Of turns that never reported their cost. */
  keptUsd: number;
}

interface IssueBook {
  /** Before this life of the daemon, its remembered session left out. */
  baseTokens: number;
  baseUsd: number;
  readonly sessions: SessionBook[];
  remembered: { id: string; book: SessionBook } | null;
}

interface RunBook {
  readonly issueId: string;
  readonly agentKind: string;
  sessionId: string | null;
  session: SessionBook;
  tokens: number;
  usd: number;
}

export interface Ledger {
  begin(stored: StoredState): void;
  started(runId: string, issueId: string, agentKind: string, sessionId: string | null): void;
  sessionStarted(runId: string, sessionId: string): void;
  sessionLost(runId: string, sessionId: string): void;
  turnStarted(runId: string): void;
  used(runId: string, usage: Usage, settings: CoreSettings, atMs: number): void;
  ended(runId: string): void;
  /** The session to resume is no more. */
  sessionForgotten(issueId: string): void;
  /** An operator gives it a fresh allowance; its session goes on. */
  issueRenewed(issueId: string): void;
  /** A fresh allowance. */
  issueForgotten(issueId: string): void;
  ofSession(issueId: string): SessionBook | null;
  ofIssue(issueId: string): { tokens: number; usd: number };
  ofDay(atMs: number): { day: string; tokens: number; usd: number };
  /** Limits of which nothing is left, by scope. */
  usedUp(scope: 'run' | 'issue' | 'day', id: string, budget: BudgetSettings, atMs: number): boolean;
}

const DAY_MS = 86_400_000;
/** Sums of many small figures. */
export const USD_TOLERANCE = 1e-6;

export function isoDay(atMs: number): string {
  return new Date(atMs).toISOString().slice(0, 10);
}

function freshSession(): SessionBook {
  return { tokens: 0, cached: 0, reportedUsd: 0, pendingUsd: 0, keptUsd: 0 };
}

export function createLedger(): Ledger {
  const issues = new Map<string, IssueBook>();
  const runs = new Map<string, RunBook>();
  let day = { day: '', tokens: 0, usd: 0 };

  function issueBook(issueId: string): IssueBook {
    const known = issues.get(issueId) ?? { baseTokens: 0, baseUsd: 0, sessions: [], remembered: null };
    issues.set(issueId, known);
    return known;
  }

  function fromStore(issue: StoredIssue): IssueBook {
    const { spending, sessionUsage: kept, sessionId } = issue;
    const book = freshSession();
    if (kept !== null) {
      book.tokens = kept.inputTokens + kept.outputTokens;
      book.cached = kept.cacheReadTokens;
      book.reportedUsd = kept.reportedCostUsd;
      book.pendingUsd = kept.pendingCostUsd;
    }
    return {
      baseTokens: spending.inputTokens + spending.outputTokens - book.tokens,
      baseUsd: spending.costUsd - book.reportedUsd - book.pendingUsd,
      sessions: [book],
      remembered: sessionId === null ? null : { id: sessionId, book },
    };
  }

  function newSession(run: RunBook): SessionBook {
    const book = freshSession();
    issueBook(run.issueId).sessions.push(book);
    run.session = book;
    return book;
  }

  function ofDay(atMs: number): typeof day {
    const today = isoDay(atMs);
    // A clock that was set back over midnight does not open yesterday again.
    if (day.day !== today && day.day !== isoDay(atMs + DAY_MS)) return { day: today, tokens: 0, usd: 0 };
    return day;
  }

  function ofIssue(issueId: string): { tokens: number; usd: number } {
    const book = issues.get(issueId);
    if (book === undefined) return { tokens: 0, usd: 0 };
    let { baseTokens: tokens, baseUsd: usd } = book;
    for (const session of book.sessions) {
      tokens += session.tokens;
      usd += session.reportedUsd + session.pendingUsd + session.keptUsd;
    }
    return { tokens, usd };
  }

  return {
    ofDay,
    ofIssue,
    begin(stored) {
      issues.clear();
      runs.clear();
      for (const issue of stored.issues) issues.set(issue.issueId, fromStore(issue));
      const { day: kept } = stored;
      day =
        kept === null
          ? { day: '', tokens: 0, usd: 0 }
          : { day: kept.day, tokens: kept.inputTokens + kept.outputTokens, usd: kept.costUsd };
    },
    started(runId, issueId, agentKind, sessionId) {
      const { remembered } = issueBook(issueId);
      const run: RunBook = { issueId, agentKind, sessionId, session: freshSession(), tokens: 0, usd: 0 };
      if (sessionId !== null && remembered?.id === sessionId) run.session = remembered.book;
      else newSession(run);
      runs.set(runId, run);
    },
    sessionStarted(runId, sessionId) {
      const run = runs.get(runId);
      if (run === undefined) return;
      if (run.sessionId !== null && run.sessionId !== sessionId) newSession(run);
      run.sessionId = sessionId;
      issueBook(run.issueId).remembered = { id: sessionId, book: run.session };
    },
    sessionLost(runId, sessionId) {
      const run = runs.get(runId);
      if (run === undefined) return;
      const issue = issueBook(run.issueId);
      if (issue.remembered?.id === sessionId) issue.remembered = null;
      if (run.sessionId !== sessionId) return;
      run.sessionId = null;
      newSession(run);
    },
    turnStarted(runId) {
      const session = runs.get(runId)?.session;
      if (session === undefined) return;
      session.keptUsd += session.pendingUsd;
      session.pendingUsd = 0;
    },
    used(runId, usage, settings, atMs) {
      const run = runs.get(runId);
      if (run === undefined) return;
      const { session } = run;
      const tokens = usage.inputTokens + usage.outputTokens;
      const before = session.reportedUsd + session.pendingUsd;
      session.tokens += tokens;
      session.cached += usage.cacheReadTokens;
      if (usage.costUsd === null) {
        const rates = settings.tokenRates[run.agentKind];
        const input = usage.inputTokens * (rates?.inputPerMtok ?? 0);
        session.pendingUsd += (input + usage.outputTokens * (rates?.outputPerMtok ?? 0)) / 1_000_000;
      } else {
        session.reportedUsd += usage.costUsd;
        session.pendingUsd = 0;
      }
      const change = session.reportedUsd + session.pendingUsd - before;
      run.tokens += tokens;
      run.usd = Math.max(0, run.usd + change);
      // No figure goes below 0, not even when less is reported than was estimated before the allowance was renewed.
      issueBook(run.issueId).baseUsd -= Math.min(0, ofIssue(run.issueId).usd);
      const today = ofDay(atMs);
      day = { day: today.day, tokens: today.tokens + tokens, usd: Math.max(0, today.usd + change) };
    },
    ended: (runId) => void runs.delete(runId),
    sessionForgotten(issueId) {
      const book = issues.get(issueId);
      if (book !== undefined) book.remembered = null;
    },
    issueRenewed(issueId) {
      const spent = ofIssue(issueId);
      const book = issueBook(issueId);
      book.baseTokens -= spent.tokens;
      book.baseUsd -= spent.usd;
    },
    issueForgotten: (issueId) => void issues.delete(issueId),
    ofSession: (issueId) => issues.get(issueId)?.remembered?.book ?? null,
    usedUp(scope, id, budget, atMs) {
      const spent =
        scope === 'run'
          ? (runs.get(id) ?? { tokens: 0, usd: 0 })
          : scope === 'issue'
            ? ofIssue(id)
            : ofDay(atMs);
      const [tokens, usd] =
        scope === 'run'
          ? [budget.maxTokensPerRun, budget.maxUsdPerRun]
          : scope === 'issue'
            ? [budget.maxTokensPerIssue, budget.maxUsdPerIssue]
            : [budget.maxTokensPerDay, budget.maxUsdPerDay];
      return (tokens > 0 && spent.tokens >= tokens) || (usd > 0 && spent.usd >= usd);
    },
  };
}
