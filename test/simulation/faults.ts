// How bad this world is: one set of probabilities a seed. Drawn so that some worlds are nearly healthy and some
// are a heap of ruins, since some bugs hide in the one and some in the other. `calm` ends all of it.

import type { Dice } from './dice.ts';

export interface Faults {
  /** Of a tracker call: an error, a Retry-After, an answer that is lost after the write went through. */
  trackerError: number;
  rateLimit: number;
  lostAnswer: number;
  /** Of an answer about many issues: something is missing, stale or empty. */
  lie: number;
  slowCall: number;
  /** Of a transition to the handoff state: the tracker says that no such transition exists. */
  handoffRefused: number;
  /** Longest delay of the search index behind by-id reads. */
  indexLagMs: number;
  /** Of a store write. */
  storeError: number;
  storeFull: number;
  crashAtApply: number;
  /** Of an executor's answer. */
  busy: number;
  duplicateReport: number;
  /** Of a run. */
  runFails: number;
  /** Of a run that fails: it is in the way in which all do. */
  sharedFailure: number;
  runHangs: number;
  runIgnoresCancel: number;
  runFloods: number;
  /** It meets a usage limit, leaves nothing behind, has lost its session; one of its tools never ends. */
  quota: number;
  runEmpty: number;
  sessionLost: number;
  toolHangs: number;
  preflightFails: number;
  removalFails: number;
  /** Of a moment in a turn: the agent asks for a write; of a write: it waits for a person. */
  agentWrites: number;
  approval: number;
  /** People and operators: mean time between two actions. */
  personEveryMs: number;
  operatorEveryMs: number;
  wordEveryMs: number;
}

export function drawFaults(dice: Dice): Faults {
  const rate = (most: number): number => (dice.chance(0.3) ? 0 : dice.next() * dice.next() * most);
  return {
    trackerError: rate(0.5),
    rateLimit: rate(0.15),
    lostAnswer: rate(0.5),
    lie: rate(0.6),
    slowCall: rate(0.3),
    handoffRefused: rate(1),
    indexLagMs: dice.pick([0, 2_000, 30_000, 120_000]),
    storeError: rate(0.15),
    storeFull: rate(0.01),
    crashAtApply: rate(0.01),
    busy: rate(0.3),
    duplicateReport: rate(0.2),
    runFails: rate(0.9),
    sharedFailure: rate(1),
    runHangs: rate(0.3),
    runIgnoresCancel: rate(0.8),
    runFloods: rate(0.05),
    quota: rate(0.4),
    runEmpty: rate(1),
    sessionLost: rate(0.4),
    toolHangs: rate(0.2),
    preflightFails: rate(0.3),
    removalFails: rate(0.5),
    personEveryMs: dice.pick([5_000, 20_000, 60_000, 300_000]),
    operatorEveryMs: dice.pick([60_000, 300_000, 1_200_000]),
    wordEveryMs: dice.pick([15_000, 300_000, 3_600_000, 36_000_000]),
    agentWrites: rate(1.5),
    approval: rate(1.5),
  };
}

/** From now on nothing goes wrong any more; what is already under way may still end badly. */
export function calmDown(faults: Faults): void {
  const everywhere = faults as unknown as Record<string, number>;
  for (const name of Object.keys(faults)) if (!name.endsWith('EveryMs')) everywhere[name] = 0;
}
