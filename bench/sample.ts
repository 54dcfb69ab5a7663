// One measured value, and what a scenario is handed to measure with. A scenario runs in a process of its own, says
// nothing on stdout, and undoes through `defer` whatever it began, so that a cut-off run leaves nothing behind.

export type Unit = 'ms' | 'us' | 'MiB' | 'KiB' | 'per s' | 'requests' | 'lines';
/** `floor`: the least that anybody would have to do for the same end, done with Node alone. */
export type Side = 'ours' | 'floor';

export interface Sample {
  readonly figure: string;
  readonly unit: Unit;
  readonly side: Side;
  readonly value: number;
}

/** Which side a process measures; `both` where they share it and take turns. */
export type Part = Side | 'both';

export interface Bench {
  readonly part: Part;
  /** A fresh folder, removed at the end. */
  readonly folder: string;
  record(figure: string, unit: Unit, side: Side, value: number): void;
  /** Runs at the end, last one first, also when the scenario fails or is told to stop. */
  defer(undo: () => Promise<unknown>): void;
}

export interface Scenario {
  /** One process for each, in this order. */
  readonly parts: readonly Part[];
  /** How long one part may take before it is ended as failed. */
  readonly limitMs: number;
  measure(bench: Bench): Promise<void>;
}
