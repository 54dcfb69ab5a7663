// Usage arithmetic of threads. Codex reports the total of a whole thread after each model call, says it again when a
// thread is resumed, and starts it anew when the context overflowed and was compacted (0.169). From these totals come
// increments that sum to what was used, each call once, whatever was repeated, resumed or lost. Pure.

import type { AgentEvent, SessionUsage } from '../../../src/contract/agent.ts';
import { createUsageMeter, numberAt } from '../driver/index.ts';

/** Children of a session whose totals are kept; beyond them the oldest is forgotten. */
const THREADS_KEPT = 256;

export interface ThreadReading {
  readonly threadId: string;
  /** The thread of the session, not that of a sub-agent. */
  readonly isMain: boolean;
  /** Of the turn that goes on; otherwise Codex says again what was used before. */
  readonly isNow: boolean;
  /** `tokenUsage` of `thread/tokenUsage/updated`: `total` and `last`. */
  readonly tokenUsage: unknown;
  readonly model: string;
}

export interface ThreadUsage {
  /** null = nothing more was used. */
  take(reading: ThreadReading): AgentEvent | null;
}

interface Figures {
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite: number;
}

const NOTHING: Figures = { input: 0, output: 0, cacheRead: 0, cacheWrite: 0 };

/** @param baseline what was counted in earlier processes: a resumed thread's total goes on from it. */
export function createThreadUsage(baseline: SessionUsage | null): ThreadUsage {
  const totals = new Map<string, Figures>();
  const meter = createUsageMeter(null);

  function increment({ threadId, isMain, isNow, tokenUsage }: ThreadReading): Figures {
    const total = figures(tokenUsage, 'total');
    const last = figures(tokenUsage, 'last');
    const before = totals.get(threadId);
    totals.delete(threadId);
    totals.set(threadId, total);
    if (totals.size > THREADS_KEPT) {
      const oldest = totals.keys().next();
      if (!oldest.done) totals.delete(oldest.value);
    }
    if (before !== undefined) return grew(total, before) ? less(total, before) : last;
    // A sub-agent's thread may begin with a copy of its parent's total.
    if (!isMain) return last;
    if (baseline === null) return isNow ? total : NOTHING;
    const counted: Figures = {
      input: baseline.inputTokens,
      output: baseline.outputTokens,
      cacheRead: baseline.cacheReadTokens,
      cacheWrite: total.cacheWrite,
    };
    // What was said again may hold calls that nobody lived to count. The baseline may hold those of sub-agents.
    return !isNow || grew(total, counted) ? less(total, counted) : last;
  }

  return {
    take(reading) {
      const { input, output, cacheRead, cacheWrite } = increment(reading);
      return meter.take({
        scope: 'call',
        inputTokens: input,
        outputTokens: output,
        cacheReadTokens: cacheRead,
        cacheWriteTokens: cacheWrite,
        model: reading.model,
      });
    },
  };
}

/** In our words: input without what was read from a cache. */
function figures(tokenUsage: unknown, which: 'total' | 'last'): Figures {
  const figure = (name: string): number => {
    const value = numberAt(tokenUsage, which, name);
    return value !== null && Number.isSafeInteger(value) && value > 0 ? value : 0;
  };
  const cacheRead = figure('cachedInputTokens');
  return {
    input: Math.max(0, figure('inputTokens') - cacheRead),
    output: figure('outputTokens'),
    cacheRead,
    cacheWrite: figure('cacheWriteInputTokens'),
  };
}

function grew(total: Figures, before: Figures): boolean {
  return total.input >= before.input && total.output >= before.output && total.cacheRead >= before.cacheRead;
}

function less(total: Figures, before: Figures): Figures {
  return {
    input: Math.max(0, total.input - before.input),
    output: Math.max(0, total.output - before.output),
    cacheRead: Math.max(0, total.cacheRead - before.cacheRead),
    cacheWrite: Math.max(0, total.cacheWrite - before.cacheWrite),
  };
}
