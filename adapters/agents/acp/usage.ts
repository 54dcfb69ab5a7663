// What a prompt's answer says was used, in our own units. Agents disagree on all of them, and the protocol does not
// tell which is meant: whether input includes what came from a cache and output includes the reasoning is found out
// from the total; what the figures are the total of is known only by the agent's name. Pure.

import type { UsageReading } from '../driver/index.ts';
import { numberAt, objectAt, stringAt } from '../driver/index.ts';

/** Agents whose figures count from the start of their process (checked with Copilot 1.0.102). */
const CUMULATIVE = /^copilot$/i;
/** Agents whose cost counts from the start of the session, over processes (checked with OpenCode 1.18.33). */
const COST_OF_SESSION = /^opencode$/i;

/** @param result of `session/prompt`. @param costUsd as last reported, null = never. */
export function readUsage(
  result: unknown,
  facts: { readonly agentName: string; readonly model: string; readonly costUsd: number | null },
): UsageReading {
  const model = stringAt(result, '_meta', 'quota', 'model_usage', 0, 'model') || facts.model;
  const cost =
    facts.costUsd === null
      ? null
      : {
          scope: COST_OF_SESSION.test(facts.agentName) ? ('session' as const) : ('process' as const),
          usd: facts.costUsd,
        };
  const scope = CUMULATIVE.test(facts.agentName) ? ('process' as const) : ('turn' as const);
  const usage = objectAt(result, 'usage');
  if (usage === null) {
    // Gemini's own way: without reasoning, and without a word about caches.
    const count = objectAt(result, '_meta', 'quota', 'token_count');
    const [inputTokens, outputTokens] = [numberAt(count, 'input_tokens'), numberAt(count, 'output_tokens')];
    return { scope, inputTokens, outputTokens, cost, model };
  }
  const input = figure(usage, 'inputTokens');
  const output = figure(usage, 'outputTokens');
  const thought = figure(usage, 'thoughtTokens');
  const cacheRead = figure(usage, 'cachedReadTokens');
  const cacheWrite = figure(usage, 'cachedWriteTokens');
  const total = numberAt(usage, 'totalTokens') ?? -1;
  const cached = cacheRead + cacheWrite;
  const includesCache =
    total !== input + output + cached && (total === input + output || total === input + output + thought);
  const includesThought = total !== input + output + thought + (includesCache ? 0 : cached);
  return {
    scope,
    inputTokens: includesCache ? input - cacheRead : input + cacheWrite,
    outputTokens: includesThought ? output : output + thought,
    cacheReadTokens: cacheRead,
    cacheWriteTokens: cacheWrite,
    cost,
    model,
  };
}

function figure(usage: unknown, name: string): number {
  return Math.max(0, numberAt(usage, name) ?? 0);
}
