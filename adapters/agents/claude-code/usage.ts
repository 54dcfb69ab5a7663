// What a session has used. Partial messages give each model call's figures while it streams; a `result` then settles
// what they left out: calls of subagents and of the CLI itself, and what a cut call had written.
// Of a result's figures only `model_usage_since_last_result` is what it seems: `usage` leaves subagents out, and the
// totals are of the session in 2.1.330 and of the process in 2.1.197.

import type { AgentEvent, SessionUsage } from '../../../src/contract/agent.ts';
import { createUsageMeter, idAt, numberAt, objectAt, stringAt, valueAt } from '../driver/index.ts';
import type { JsonObject, UsageReading } from '../driver/index.ts';

/** Calls that may still be told of; beyond them the oldest counts as it is. */
const CALLS_KEPT = 256;
const RESULTS_KEPT = 64;

interface Figures {
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  cacheWriteTokens: number;
}
const FIGURES = ['inputTokens', 'outputTokens', 'cacheReadTokens', 'cacheWriteTokens'] as const;

/** One for each session. */
export interface ClaudeUsage {
  /** A `stream_event` line. null = nothing more was used. */
  live(line: JsonObject): AgentEvent | null;
  /** A `result` line; the same one twice counts once. */
  settle(line: JsonObject): AgentEvent | null;
  endTurn(): void;
}

/** @param baseline see ReaderContext. */
export function createClaudeUsage(baseline: SessionUsage | null): ClaudeUsage {
  const meter = createUsageMeter(baseline);
  let before = baseline === null ? 0 : baseline.inputTokens + baseline.outputTokens;
  let sent = 0;
  let model = '';
  /** Absolutes of this turn: settled by results, and reported by calls since the last one. */
  let settled = nothing();
  let settledUsd = 0;
  let streamed = nothing();
  const calls = new Map<string, Figures>();
  const current = new Map<string, string>();
  const results = new Set<string>();

  const take = (reading: Omit<UsageReading, 'model'>): AgentEvent | null => {
    const event = meter.take({ ...reading, model });
    if (event?.kind === 'token_usage') sent += event.inputTokens + event.outputTokens;
    return event;
  };

  const noteCall = (id: string, usage: unknown): void => {
    const known = calls.get(id) ?? nothing();
    const now = callFigures(usage);
    for (const figure of FIGURES) {
      const more = Math.max(0, now[figure] - known[figure]);
      known[figure] += more;
      streamed[figure] += more;
    }
    calls.set(id, known);
    if (calls.size > CALLS_KEPT) forgetOldest(calls);
  };

  const settleBy = (figures: Figures, usd: number | null): AgentEvent | null => {
    for (const figure of FIGURES) settled[figure] += Math.max(streamed[figure], figures[figure]);
    settledUsd += usd ?? 0;
    return take({
      scope: 'turn',
      ...settled,
      cost: usd === null ? null : { scope: 'turn', usd: settledUsd },
    });
  };

  return {
    live(line) {
      const event = valueAt(line, 'event');
      const parent = idAt(line, 'parent_tool_use_id');
      const type = stringAt(event, 'type');
      if (type === 'message_start') {
        const id = idAt(event, 'message', 'id');
        model = stringAt(event, 'message', 'model') || model;
        current.set(parent, id);
        if (current.size > CALLS_KEPT) forgetOldest(current);
        noteCall(id, valueAt(event, 'message', 'usage'));
      } else if (type === 'message_delta') {
        noteCall(idAt(line, 'api_message_id') || (current.get(parent) ?? ''), valueAt(event, 'usage'));
      } else {
        return null;
      }
      return take({ scope: 'turn', ...plus(settled, streamed) });
    },
    settle(line) {
      const id = idAt(line, 'uuid');
      if (id !== '' && results.has(id)) return null;
      results.add(id);
      if (results.size > RESULTS_KEPT) forgetOldest(results);
      const since = objectAt(line, 'model_usage_since_last_result');
      const totals = objectAt(line, 'modelUsage') ?? {};
      model = largest(since ?? totals) || model;
      const event =
        since !== null
          ? settleBy(sum(since), usdOf(since))
          : Object.keys(totals).length > 0
            ? settleByTotals(sum(totals), numberAt(line, 'total_cost_usd'))
            : settleBy(callFigures(valueAt(line, 'usage')), null);
      streamed = nothing();
      calls.clear();
      return event;
    },
    endTurn() {
      meter.beginTurn();
      meter.beginProcess();
      settled = nothing();
      settledUsd = 0;
      streamed = nothing();
      calls.clear();
      current.clear();
      before += sent;
      sent = 0;
    },
  };

  /** Older versions: totals since the process began, or (in between) since the session did. */
  function settleByTotals(totals: Figures, usd: number | null): AgentEvent | null {
    const all = totals.inputTokens + totals.outputTokens;
    const isOfSession = before > 0 && all >= before + Math.max(sent, 1);
    const scope = isOfSession ? 'session' : 'process';
    for (const figure of FIGURES) settled[figure] += streamed[figure];
    return take({ scope, ...totals, cost: usd === null ? null : { scope, usd } });
  }
}

/** As the API words it. */
function callFigures(usage: unknown): Figures {
  const written = count(usage, 'cache_creation_input_tokens');
  return {
    inputTokens: count(usage, 'input_tokens') + written,
    outputTokens: count(usage, 'output_tokens'),
    cacheReadTokens: count(usage, 'cache_read_input_tokens'),
    cacheWriteTokens: written,
  };
}

/** As a result words it: one entry a model. */
function sum(models: JsonObject): Figures {
  const total = nothing();
  for (const name of Object.keys(models)) {
    const written = count(models, name, 'cacheCreationInputTokens');
    total.inputTokens += count(models, name, 'inputTokens') + written;
    total.outputTokens += count(models, name, 'outputTokens');
    total.cacheReadTokens += count(models, name, 'cacheReadInputTokens');
    total.cacheWriteTokens += written;
  }
  return total;
}

function usdOf(models: JsonObject): number {
  return Object.keys(models).reduce((usd, name) => usd + amount(models, name, 'costUSD'), 0);
}

function largest(models: JsonObject): string {
  const size = (name: string): number =>
    count(models, name, 'inputTokens') + count(models, name, 'outputTokens');
  return Object.keys(models).reduce(
    (best, name) => (best === '' || size(name) > size(best) ? name : best),
    '',
  );
}

function count(root: unknown, ...path: readonly string[]): number {
  return Math.round(amount(root, ...path));
}

function amount(root: unknown, ...path: readonly string[]): number {
  return Math.max(0, numberAt(root, ...path) ?? 0);
}

function nothing(): Figures {
  return { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 0 };
}

function plus(one: Figures, other: Figures): Figures {
  const total = nothing();
  for (const figure of FIGURES) total[figure] = one[figure] + other[figure];
  return total;
}

function forgetOldest(kept: Map<string, unknown> | Set<string>): void {
  const oldest = kept.keys().next();
  if (!oldest.done) kept.delete(oldest.value);
}
