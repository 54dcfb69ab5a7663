// How long the outbox waits for what. Numbers only; a test that cannot wait hands in smaller ones.

export interface OutboxPace {
  /** Of the first repetition; each further one waits twice as long. */
  readonly firstBackoffMs: number;
  readonly longestBackoffMs: number;
  /** After so long, counted from the recording, nothing is tried or looked up any more. */
  readonly giveUpMs: number;
  /** Tries of a write that the tracker refuses without saying when to come again, by a kind that may pass. */
  readonly refusedTries: number;
  /**
   * After a lost answer the write is looked for at once and then at these times after it was sent: before the last of
   * them "not there" is not believed. A tracker may still be at work on a request that nobody waits for.
   */
  readonly lookAgainMs: Readonly<Record<Surfacing, readonly number[]>>;
  /** The orchestrator's writes wait so long behind one that waits, then they are told. */
  readonly patienceMs: number;
  /** When the store does not take a row. */
  readonly storeRetryMs: number;
  /** What is on its way may end within this when we close, and within the second once it was told to stop. */
  readonly closeMs: number;
  readonly abortMs: number;
}

/**
 * How a write comes to light. `harmless`: a second one changes nothing. `compared`: a second one is refused by what is
 * there. `repeated`: a second one would stand beside the first. `indexed`: so, and what finds it lags behind.
 */
export type Surfacing = 'harmless' | 'compared' | 'repeated' | 'indexed';

export const PACE: OutboxPace = {
  firstBackoffMs: 5_000,
  longestBackoffMs: 300_000,
  giveUpMs: 24 * 3_600_000,
  refusedTries: 8,
  lookAgainMs: {
    harmless: [],
    compared: [2_000, 10_000],
    repeated: [2_000, 10_000, 30_000],
    indexed: [2_000, 10_000, 30_000, 60_000],
  },
  patienceMs: 60_000,
  storeRetryMs: 1_000,
  closeMs: 5_000,
  abortMs: 1_000,
};
