// The life of one daemon, from the first look for orphans to the last closed file. Whatever breaks on the way out,
// everything else is still closed.

import type { Notice, RunExecutor } from '../contract/index.ts';
import type { Daemon } from '../daemon/daemon.ts';
import type { Health } from '../daemon/health.ts';
import type { Clock, WorkflowSource } from '../daemon/ports.ts';
import { killLaunched } from '../process/index.ts';
import type { Ownership, SqliteStore } from '../store/index.ts';
import type { Logger } from '../telemetry/index.ts';
import type { Tools } from '../tools/index.ts';
import type { KeptTranscripts } from '../transcript/index.ts';
import { watchWorkflow } from '../workflow/index.ts';
import { removeTree } from '../workspace/index.ts';
import { cutOff, endOrphans } from './leftovers.ts';
import type { Observers } from './observers.ts';
import { startupStep } from './startup.ts';
import type { WebServer } from './web-server.ts';

export interface App {
  readonly daemon: Daemon;
  readonly log: Logger;
  /** null when the server is off or its port was taken and nobody had asked for it. */
  readonly url: string | null;
  onNotice(listener: (notice: Notice) => void): void;
  /** Begins work; resolves when everything has ended and is closed. The answer is the exit code. */
  run(): Promise<0 | 1>;
  /** Starts nothing any more and ends what runs. Safe to call twice. */
  shutdown(): void;
  /** Kills what runs and exits in this moment; the next start ends what was out of reach. */
  exitNow(code: number): never;
}

export interface LifecycleParts {
  readonly log: Logger;
  readonly version: string;
  readonly clock: Clock;
  readonly ownership: Ownership;
  readonly store: SqliteStore;
  readonly daemon: Daemon;
  readonly executor: RunExecutor;
  readonly workflow: WorkflowSource;
  /** Prompts and other private files of running agents. */
  readonly privateRoot: string;
  readonly transcripts: Pick<KeptTranscripts, 'close'>;
  readonly observers: Pick<Observers, 'take' | 'wake' | 'close'>;
  readonly tools: Pick<Tools, 'start' | 'close'>;
  readonly server: WebServer | null;
  readonly health: Health;
  /** Aborted when the daemon has finished: ends what is left of the daemon's own hooks. */
  readonly ended: AbortController;
}

/** What an ending may take beyond the agents' grace and the `after_run` hook. */
const SHUTDOWN_MARGIN_MS = 10_000;

export function createLifecycle(parts: LifecycleParts): App {
  const { daemon, log, ownership, store, workflow } = parts;
  let stopping = false;
  const watcher = watchWorkflow({
    path: workflow.current().path,
    onChange: () => void workflow.recheck(),
    onError: ({ message }) => {
      log.warn('watching the workflow folder failed; changes are seen at each tick', { error: message });
    },
  });

  async function start(): Promise<void> {
    // First: what the last daemon left on its way to the tracker, and what the first run will ask for.
    await startupStep('store', parts.tools.start);
    await startupStep('store', daemon.start);
    parts.observers.wake();
    const { path, settings } = workflow.current();
    log.info('sortie started', {
      version: parts.version,
      workflow: path,
      tracker: settings.tracker.kind,
      agent: settings.agent.kind,
      ...(parts.server === null ? {} : { url: parts.server.url }),
    });
  }

  function shutdown(): void {
    stopping = true;
    const { agent, hooks } = workflow.current().settings;
    const hookMs = hooks.afterRun === '' ? 0 : hooks.timeoutMs;
    daemon.requestShutdown(parts.clock.nowMs() + 2 * agent.stopGraceMs + hookMs + SHUTDOWN_MARGIN_MS);
  }

  /** Whoever removes our files lets a second daemon in: then one of us must go, and only we know. */
  function stopWhenDisowned(): void {
    if (ownership.isHeld()) return;
    log.error('the lock file of the database was removed or replaced, shutting down', {
      path: ownership.lockPath,
    });
    shutdown();
  }

  async function close(): Promise<void> {
    watcher.close();
    const steps: readonly (() => unknown)[] = [
      // First: nobody hears any more that a write is ours, so none may be begun.
      () => parts.tools.close(),
      () => parts.server?.http.close(),
      () => {
        parts.ended.abort();
      },
      () => cutOff(parts.executor, log),
      () => parts.transcripts.close(),
      () => parts.observers.close(),
      () => removeTree(parts.privateRoot),
      () => store.close(),
      () => {
        ownership.release();
      },
    ];
    for (const step of steps) {
      try {
        await step();
      } catch (error) {
        log.error('closing failed', { error });
      }
    }
  }

  return {
    daemon,
    log,
    url: parts.server?.url ?? null,
    onNotice: daemon.onNotice,
    async run() {
      try {
        await endOrphans(store, workflow.current().settings.agent.stopGraceMs, log);
        await removeTree(parts.privateRoot);
        daemon.onNotice(parts.health.take);
        daemon.onNotice(parts.observers.take);
        daemon.onNotice(({ kind }) => {
          if (kind === 'tick_completed' && !stopping) stopWhenDisowned();
        });
        // Asked to stop while orphans were being ended: there is nothing to start.
        if (!stopping) await start();
        return (await daemon.finished) === 'drained' ? 0 : 1;
      } finally {
        await close();
      }
    },
    shutdown,
    exitNow(code) {
      killLaunched();
      process.exit(code);
    },
  };
}
