// What a figure includes is found out from the total, whatever the agent's convention.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readUsage } from '../../../../adapters/agents/acp/usage.ts';

const facts = { agentName: '', model: 'm', costUsd: null };
const count = fc.integer({ min: 0, max: 1_000_000 });

describe('the figures of a prompt', () => {
  it('come out the same under each of the four conventions', () => {
    fc.assert(
      fc.property(
        count,
        count,
        count,
        count,
        fc.boolean(),
        fc.boolean(),
        (input, cached, said, thought, withCache, withThought) => {
          // Then two conventions have the same total, and nobody could tell.
          fc.pre(cached !== thought);
          const usage = {
            inputTokens: input + (withCache ? cached : 0),
            outputTokens: said + (withThought ? thought : 0),
            cachedReadTokens: cached,
            thoughtTokens: thought,
            totalTokens: input + cached + said + thought,
          };
          expect(readUsage({ usage }, facts)).toMatchObject({
            inputTokens: input,
            outputTokens: said + thought,
            cacheReadTokens: cached,
          });
        },
      ),
    );
  });

  it('count what was written to a cache as input', () => {
    const usage = {
      inputTokens: 5,
      outputTokens: 2,
      cachedReadTokens: 3,
      cachedWriteTokens: 4,
      totalTokens: 14,
    };
    expect(readUsage({ usage }, facts)).toMatchObject({
      inputTokens: 9,
      cacheReadTokens: 3,
      cacheWriteTokens: 4,
    });
  });
});
