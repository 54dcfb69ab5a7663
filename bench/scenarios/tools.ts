// What agents' tools cost: a call from its request to its answer, the outbox before a transition, proving the audit log,
// a decision of the policy, and what a run that calls a thousand times in a second does to everybody else.

import { measureVerify } from '../audit-cost.ts';
import { measureOutbox } from '../outbox-cost.ts';
import { measurePolicy } from '../policy-cost.ts';
import type { Scenario } from '../sample.ts';
import { measureCalls } from '../tool-calls.ts';

export const scenario: Scenario = {
  parts: ['both'],
  limitMs: 240_000,
  async measure(bench) {
    await measurePolicy(bench);
    await measureCalls(bench);
    await measureOutbox(bench);
    await measureVerify(bench);
  },
};
