// Usage arithmetic. Agents report what they have used in four different scopes; the rest of the program knows only
// increments. The meter keeps the last absolute of each scope and gives the difference, never below zero, so that a
// figure that is repeated, resumed or reported late is counted once. Pure.

import type { AgentEvent, SessionUsage } from '../../../src/contract/agent.ts';

/**
 * What an absolute figure is the total of: `call` = one model call, an increment as it is; `turn` = since
 * `beginTurn`; `process` = since `beginProcess`; `session` = since the session began, in whatever process.
 */
export type UsageScope = 'call' | 'turn' | 'process' | 'session';

/** What an agent said. Absent, negative, non-finite and absurd figures are not reported. */
export interface UsageReading {
  readonly scope: UsageScope;
  /** Without cache reads, with cache writes. */
  readonly inputTokens?: number | null;
  /** With reasoning. */
  readonly outputTokens?: number | null;
  readonly cacheReadTokens?: number | null;
  /** Those of `inputTokens` that were written to a cache. */
  readonly cacheWriteTokens?: number | null;
  /** In USD; its scope may be another. */
  readonly cost?: { readonly scope: UsageScope; readonly usd: number } | null;
  readonly model: string;
}

/** One for each session. */
export interface UsageMeter {
  /** The increment since the last reading; null when there is none. */
  take(reading: UsageReading): AgentEvent | null;
  beginTurn(): void;
  beginProcess(): void;
}

type Figure = 'inputTokens' | 'outputTokens' | 'cacheReadTokens' | 'cacheWriteTokens' | 'costUsd';
type Figures = Record<Figure, number>;

/** More than any session uses; little enough that sums of it stay exact. */
const LARGEST = 1e12;

const NOTHING: Readonly<Figures> = {
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  costUsd: 0,
};

/** @param baseline what the session had used before; null or zeros for a new one. */
export function createUsageMeter(baseline: SessionUsage | null): UsageMeter {
  // What has been sent, as a total of each scope. A reading is compared with what was sent in its scope, whoever
  // reported it, so that live figures and the total at the end of a turn can be mixed.
  const sent: Record<Exclude<UsageScope, 'call'>, Figures> = {
    turn: { ...NOTHING },
    process: { ...NOTHING },
    session: { ...NOTHING, ...baseline },
  };

  function increment(scope: UsageScope, figure: Figure, said: number | null | undefined): number {
    if (typeof said !== 'number' || !(said > 0 && said <= LARGEST)) return 0;
    const reported = figure === 'costUsd' ? said : Math.round(said);
    const more = scope === 'call' ? reported : Math.max(0, reported - sent[scope][figure]);
    for (const total of Object.values(sent)) total[figure] += more;
    return more;
  }

  return {
    take({ scope, inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens, cost, model }) {
      const input = increment(scope, 'inputTokens', inputTokens);
      const output = increment(scope, 'outputTokens', outputTokens);
      const cacheRead = increment(scope, 'cacheReadTokens', cacheReadTokens);
      const cacheWrite = Math.min(input, increment(scope, 'cacheWriteTokens', cacheWriteTokens));
      const costUsd = cost ? increment(cost.scope, 'costUsd', cost.usd) : null;
      if (input === 0 && output === 0 && cacheRead === 0 && !costUsd) return null;
      return {
        kind: 'token_usage',
        inputTokens: input,
        outputTokens: output,
        cacheReadTokens: cacheRead,
        ...(cacheWrite === 0 ? {} : { cacheWriteTokens: cacheWrite }),
        model,
        costUsd,
      };
    },
    beginTurn() {
      sent.turn = { ...NOTHING };
    },
    beginProcess() {
      sent.process = { ...NOTHING };
    },
  };
}
