// What the notifier is handed from outside, beside the queue: time, and a log.

export interface NotifierClock {
  /** Wall clock, milliseconds since the epoch. */
  nowMs(): number;
  /** Calls `fire` once after `delayMs` (0 to 2^31−1); the answer cancels it. */
  after(delayMs: number, fire: () => void): () => void;
}

type Say = (message: string, fields?: Readonly<Record<string, unknown>>) => void;

/** error = a person must act; warn = we coped; info = the world changed; debug = why. */
export interface NotifierLog {
  readonly debug: Say;
  readonly info: Say;
  readonly warn: Say;
  readonly error: Say;
}
