// Seeds that once failed, with what they found. They always run, each with the number of events with which it
// failed; a seed whose world has changed since is still a world like any other.

export interface KeptSeed {
  readonly seed: number;
  readonly events: number;
  readonly found: string;
}

export const KEPT_SEEDS: readonly KeptSeed[] = [
  { seed: 25, events: 3_000, found: 'a candidate was started beyond the limit of the state it had moved to' },
  { seed: 20, events: 3_500, found: 'a park after a refused handoff repeated the attempt' },
  { seed: 60, events: 3_000, found: 'our own comment, confirmed after the baseline was read, ended a park' },
  { seed: 66, events: 3_000, found: 'the timer of a retry that waited for a slot outlived its claim' },
  { seed: 28, events: 3_000, found: 'a search index that runs back for ever starves what comes after' },
  { seed: 1_955, events: 4_000, found: 'a folder was removed whose path was not yet recorded' },
  { seed: 2_348, events: 4_000, found: 'the same, with a store that stays full' },
  {
    seed: 188,
    events: 4_000,
    found: 'a label told of a park that was never written, and ended the one before',
  },
  { seed: 1_149, events: 3_000, found: 'our own label, taken off, made an owed handoff a run of the agent' },
  { seed: 1_094, events: 3_000, found: 'the same, after a reload' },
];
