// The limits of `agent.budget`: which one is used up, in words, and whether it has been raised since. A limit is used
// up as soon as nothing of it is left. Who is stopped and what is parked is decided elsewhere.

import type { BudgetLimit, BudgetSettings, CrossedLimit, Spending, StoredDay } from '../contract/index.ts';
import { dayAt } from './days.ts';
import type { RunSpending } from './spending.ts';
import type { CoreState } from './state.ts';

export type BudgetScope = 'run' | 'issue' | 'day';

interface LimitFacts {
  readonly scope: BudgetScope;
  readonly unit: 'tokens' | 'USD';
  /** As users write it. */
  readonly key: string;
}

/** Every limit has its row: a new one does not compile until somebody decides. */
const LIMITS: Readonly<Record<BudgetLimit, LimitFacts>> = {
  maxTokensPerRun: { scope: 'run', unit: 'tokens', key: 'max_tokens_per_run' },
  maxTokensPerIssue: { scope: 'issue', unit: 'tokens', key: 'max_tokens_per_issue' },
  maxTokensPerDay: { scope: 'day', unit: 'tokens', key: 'max_tokens_per_day' },
  maxUsdPerRun: { scope: 'run', unit: 'USD', key: 'max_usd_per_run' },
  maxUsdPerIssue: { scope: 'issue', unit: 'USD', key: 'max_usd_per_issue' },
  maxUsdPerDay: { scope: 'day', unit: 'USD', key: 'max_usd_per_day' },
};

const BY_SCOPE: Readonly<Record<BudgetScope, readonly BudgetLimit[]>> = {
  run: ['maxTokensPerRun', 'maxUsdPerRun'],
  issue: ['maxTokensPerIssue', 'maxUsdPerIssue'],
  day: ['maxTokensPerDay', 'maxUsdPerDay'],
};

export function scopeOf({ limit }: CrossedLimit): BudgetScope {
  return LIMITS[limit].scope;
}

/** null = something is left. */
export function runLimitReached(
  budget: BudgetSettings,
  { tokens, costUsd }: Pick<RunSpending, 'tokens' | 'costUsd'>,
): CrossedLimit | null {
  return reached(budget, 'run', { ...tokens, costUsd: costUsd ?? 0 });
}

export function issueLimitReached({ settings, memory }: CoreState, issueId: string): CrossedLimit | null {
  const spent = memory.get(issueId)?.spending;
  return spent === undefined ? null : reached(settings.agent.budget, 'issue', spent);
}

export function dayLimitReached({ settings, day }: CoreState, atMs: number): CrossedLimit | null {
  const { budget } = settings.agent;
  if (day === null || BY_SCOPE.day.every((limit) => budget[limit] <= 0)) return null;
  return reached(budget, 'day', dayAt(day, atMs));
}

/** What is left of each limit that is set, for a run and its issue; never negative. */
export function budgetLeft(
  state: CoreState,
  issueId: string,
  run: Pick<RunSpending, 'tokens' | 'costUsd'>,
  atMs: number,
): Partial<Record<BudgetLimit, number>> {
  const { budget } = state.settings.agent;
  const spent = {
    run: { ...run.tokens, costUsd: run.costUsd ?? 0 },
    issue: state.memory.get(issueId)?.spending,
    day: dayAt(state.day, atMs),
  };
  const left: Partial<Record<BudgetLimit, number>> = {};
  for (const [limit, { scope }] of Object.entries(LIMITS) as [BudgetLimit, LimitFacts][]) {
    if (budget[limit] > 0) left[limit] = Math.max(0, budget[limit] - figureOf(limit, spent[scope]));
  }
  return left;
}

/** Whether the limit that a park is about leaves room again. */
export function isRaised(state: CoreState, issueId: string, crossed: CrossedLimit, atMs: number): boolean {
  const allowed = state.settings.agent.budget[crossed.limit];
  if (allowed <= 0) return true;
  switch (scopeOf(crossed)) {
    case 'run':
      return allowed > crossed.allowed;
    case 'issue':
      return allowed > figureOf(crossed.limit, state.memory.get(issueId)?.spending);
    case 'day':
      return allowed > figureOf(crossed.limit, dayAt(state.day, atMs));
  }
}

/** `max_tokens_per_run`: as users write it. */
export function settingOf(limit: BudgetLimit): string {
  return LIMITS[limit].key;
}

/** `agent.budget.max_tokens_per_run: 1204 of 1000 tokens` */
export function describeLimit({ limit, allowed, used }: CrossedLimit): string {
  const { key, unit } = LIMITS[limit];
  return `agent.budget.${key}: ${figure(used)} of ${figure(allowed)} ${unit}`;
}

function reached(
  budget: BudgetSettings,
  scope: BudgetScope,
  spent: Spending | StoredDay,
): CrossedLimit | null {
  for (const limit of BY_SCOPE[scope]) {
    const allowed = budget[limit];
    const used = figureOf(limit, spent);
    if (allowed > 0 && used >= allowed) return { limit, allowed, used };
  }
  return null;
}

function figureOf(limit: BudgetLimit, spent: Spending | undefined): number {
  if (spent === undefined) return 0;
  return LIMITS[limit].unit === 'USD' ? spent.costUsd : spent.inputTokens + spent.outputTokens;
}

/** A hundredth of a cent is as fine as people look. */
function figure(value: number): string {
  return String(Math.round(value * 10_000) / 10_000);
}
