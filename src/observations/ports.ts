// What recorder and sampler are handed: time, and a place to say that the past is not kept.

export interface ObservationClock {
  /** Wall clock, milliseconds since the epoch. */
  nowMs(): number;
  /** Calls `fire` once after `delayMs`; the answer cancels it. */
  after(delayMs: number, fire: () => void): () => void;
}

export interface ObservationLog {
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
}
