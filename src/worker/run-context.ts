// What every step of a run has at hand: its spec, its signal, and the way to report facts. Reports go out in the
// order in which they are made and stop when the run has ended, whatever a late callback still wants to say.

import type { RunEvent, RunPhase, RunSpec } from '../contract/run.ts';
import type { WorkerDependencies } from './dependencies.ts';

export interface RunContext {
  readonly spec: RunSpec;
  readonly signal: AbortSignal;
  readonly dependencies: WorkerDependencies;
  /** Back-pressure: resolves when the report was taken. */
  emit(event: RunEvent): Promise<void>;
  /** For callbacks that cannot wait; a failure comes out of the next `reported`. */
  emitSoon(event: RunEvent): void;
  reported(): Promise<void>;
  enter(phase: RunPhase): Promise<void>;
  warn(message: string, detail: string): Promise<void>;
  /** Nothing is reported from here on. */
  close(): void;
}

export function createRunContext(
  spec: RunSpec,
  report: (event: RunEvent) => void | Promise<void>,
  signal: AbortSignal,
  dependencies: WorkerDependencies,
): RunContext {
  let isClosed = false;
  let soon: Promise<void> = Promise.resolve();

  const emit = async (event: RunEvent): Promise<void> => {
    if (!isClosed) await report(event);
  };
  return {
    spec,
    signal,
    dependencies,
    emit,
    emitSoon(event) {
      const taken = emit(event);
      soon = soon.then(() => taken);
      // Heard by `reported`; until then it must not count as unhandled.
      taken.catch(() => undefined);
      soon.catch(() => undefined);
    },
    reported: () => soon,
    enter: (phase) => emit({ kind: 'phase_entered', phase }),
    warn: (message, detail) => emit({ kind: 'warning', message, detail }),
    close() {
      isClosed = true;
    },
  };
}
