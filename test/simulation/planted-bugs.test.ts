// The simulation is only worth its time if it notices: each planted bug must make it fail, and with the words of
// the rule that the bug breaks.

import { describe, expect, it } from 'vitest';
import { PLANTED_AGENT_BUGS } from './planted-agent-bugs.ts';
import { PLANTED_GATE_BUGS } from './planted-gate-bugs.ts';
import { PLANTED_BUGS } from './planted-bugs.ts';
import { PLANTED_WORD_BUGS } from './planted-word-bugs.ts';
import { PLANTED_WRITE_BUGS } from './planted-write-bugs.ts';
import { simulate, type Outcome } from './simulate.ts';

const EVENTS = 3_000;
const SEEDS = 60;

describe('the simulation catches', () => {
  it.each([
    ...PLANTED_BUGS,
    ...PLANTED_AGENT_BUGS,
    ...PLANTED_GATE_BUGS,
    ...PLANTED_WORD_BUGS,
    ...PLANTED_WRITE_BUGS,
  ])(
    '$name',
    async ({ plant, caughtAs, firstSeed = 1 }) => {
      let caught: Outcome | null = null;
      for (let seed = firstSeed; seed < firstSeed + SEEDS && caught === null; seed += 1) {
        const outcome = await simulate(seed, EVENTS, plant);
        if (outcome.violation !== '') caught = outcome;
      }
      expect(caught?.violation ?? 'nothing was noticed').toMatch(caughtAs);
    },
    120_000,
  );
});
