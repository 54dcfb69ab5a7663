// Says soon that WORKFLOW.md may have changed. It watches the folder, because a watch on the file dies at the
// first save by rename, and filters by name. It is only the fast path: a symlink swapped elsewhere raises no
// event; the check before each tick sees that.

import { existsSync, watch, type FSWatcher } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';

export interface WatchOptions {
  readonly path: string;
  /** Called once after a burst of events. What it throws is passed to `onError`. */
  readonly onChange: () => void;
  /** The watch could not be made or broke; it is tried again. Never called twice with the same message in a row. */
  readonly onError?: ((error: Error) => void) | undefined;
  /** Quiet time after the last event. */
  readonly debounceMs?: number | undefined;
  /** After the watch broke. */
  readonly retryMs?: number | undefined;
  readonly timers?: WatchTimers | undefined;
}

export interface WatchTimers {
  /** Answers what cancels it. */
  readonly after: (delayMs: number, run: () => void) => () => void;
}

export interface WorkflowWatcher {
  /** No call comes after it. */
  close(): void;
}

/** Editors write a backup, rename and create within a few tens of milliseconds. */
const DEBOUNCE_MS = 200;
const RETRY_MS = 5000;

export function watchWorkflow(options: WatchOptions): WorkflowWatcher {
  const { debounceMs = DEBOUNCE_MS, retryMs = RETRY_MS, timers = realTimers } = options;
  const path = resolve(options.path);
  const name = basename(path);
  const folder = dirname(path);
  let watcher: FSWatcher | null = null;
  let closed = false;
  let said = '';
  let cancelDebounce = (): void => {};
  let cancelRetry = (): void => {};

  function report(cause: unknown): void {
    const error = cause instanceof Error ? cause : new Error(String(cause));
    if (closed || error.message === said) return;
    said = error.message;
    options.onError?.(error);
  }

  function changed(): void {
    if (closed) return;
    cancelDebounce();
    cancelDebounce = timers.after(debounceMs, () => {
      if (closed) return;
      try {
        options.onChange();
      } catch (error) {
        report(error);
      }
    });
  }

  function broke(cause: unknown): void {
    report(cause);
    watcher?.close();
    watcher = null;
    if (closed) return;
    cancelRetry();
    cancelRetry = timers.after(retryMs, start);
  }

  function start(): void {
    if (closed) return;
    const again = said !== '';
    try {
      watcher = watch(folder, { persistent: false }, (_event, file) => {
        // Some systems do not say which file it was.
        if (file === null || file === name) changed();
        // Linux tells of the folder's own end by its name, and then is silent for ever.
        else if (file === basename(folder) && !existsSync(folder)) broke(new Error(`${folder} was removed`));
      });
      watcher.on('error', broke);
      said = '';
      if (again) changed();
    } catch (error) {
      broke(error);
    }
  }

  start();
  return {
    close() {
      closed = true;
      cancelDebounce();
      cancelRetry();
      watcher?.close();
      watcher = null;
    },
  };
}

const realTimers: WatchTimers = {
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    timer.unref();
    return () => {
      clearTimeout(timer);
    };
  },
};
