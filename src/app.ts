// The composition root: settings, adapters, store, worker and web server become one daemon. Everything is made
// here and handed in; nobody imports this file but the commands. What cannot start throws StartupError with
// every problem at once, and leaves nothing open.

import { randomUUID } from 'node:crypto';
import { agents, loadTrackerAdapter, trackers } from '../adapters/index.ts';
import type {
  AgentRegistration,
  Notice,
  Settings,
  Throttle,
  TrackerRegistration,
  Workflow,
} from './contract/index.ts';
import { canSayThrottles, canTakeWebhooks } from './contract/index.ts';
import { cutOff, endOrphans } from './app/leftovers.ts';
import { refuseErrors, StartupError, startupStep } from './app/startup.ts';
import { startWebServer, type WebServer } from './app/web-server.ts';
import { createCurrentTracker } from './daemon/current-tracker.ts';
import { createDaemon, type Daemon } from './daemon/daemon.ts';
import { createHealth, type Health } from './daemon/health.ts';
import { createLocalExecutor } from './daemon/local-executor.ts';
import type { Clock } from './daemon/ports.ts';
import { createTrackerDoor } from './daemon/tracker-door.ts';
import { createTrackerWriter } from './daemon/tracker-writer.ts';
import { createWorkflowSource } from './daemon/workflow-source.ts';
import { killLaunched } from './process/index.ts';
import { acquireOwnership, openStore, type Ownership, type SqliteStore } from './store/index.ts';
import {
  createLogger,
  createMetrics,
  createRedactor,
  type Logger,
  type Redactor,
} from './telemetry/index.ts';
import { createRunHandler, systemClock } from './worker/index.ts';
import {
  checkPreflight,
  checkTracker,
  trackerContext,
  loadWorkflow,
  renderPrompt,
  watchWorkflow,
  type SettingsOverrides,
} from './workflow/index.ts';
import { createWorkspaceRemover, removeTree, type HookResult } from './workspace/index.ts';

export interface AppOptions {
  readonly workflowPath: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly envFile?: string | undefined;
  readonly overrides: SettingsOverrides;
  readonly version: string;
  /** Applied to every good load, e.g. what `--until-idle` changes. */
  readonly adjust?: ((settings: Settings) => Settings) | undefined;
}

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

/** Runs in one process; more is limited by the settings. */
const EXECUTOR_SLOTS = 10_000;
/** What an ending may take beyond the agents' grace and the `after_run` hook. */
const SHUTDOWN_MARGIN_MS = 10_000;

const clock: Clock = {
  nowMs: () => Date.now(),
  monotonicMs: () => performance.now(),
  after(delayMs, fire) {
    const timer = setTimeout(fire, delayMs);
    return () => {
      clearTimeout(timer);
    };
  },
};

interface Base {
  readonly options: AppOptions;
  readonly workflow: Workflow;
  readonly tracker: TrackerRegistration;
  readonly agent: AgentRegistration;
  readonly log: Logger;
  readonly redactor: Redactor;
}

export async function createApp(options: AppOptions): Promise<App> {
  const loaded = await load(options);
  if (!loaded.ok) throw new StartupError(loaded.problems);
  const { workflow, tracker, agent } = loaded;
  const redactor = createRedactor(workflow.secretValues);
  const { level, format } = workflow.settings.logging;
  const log = createLogger({ level, format, redact: redactor.redact });
  for (const warning of workflow.warnings) {
    log.warn('workflow warning', { check: warning.check, problem: warning.message });
  }
  if (process.pid === 1) {
    log.warn('running as pid 1: orphaned processes are not reaped; start with --init or tini');
  }
  const base: Base = { options, workflow, tracker, agent, log, redactor };
  const ownership = await startupStep('store', () => acquireOwnership(workflow.settings.dbPath));
  try {
    return await compose(base, ownership);
  } catch (error) {
    ownership.release();
    throw error;
  }
}

async function compose(base: Base, ownership: Ownership): Promise<App> {
  const { options, workflow: first, tracker: registration, log, redactor } = base;
  const warn = (message: string, fields: Readonly<Record<string, unknown>>): void => {
    log.warn(message, fields);
  };
  const context = trackerContext(first, warn);
  await startupStep('tracker_adapter', async () => registration.prepare?.(context));
  const adapter = await startupStep('tracker_adapter', () =>
    Promise.resolve(context).then((given) => createCurrentTracker(registration, given)),
  );
  const checked = checkTracker(first, registration, adapter.current());
  refuseErrors(checked);
  for (const warning of checked)
    log.warn('workflow warning', { check: warning.check, problem: warning.message });
  const store = await startupStep('store', () =>
    openStore({
      path: ownership.path,
      tracker: { kind: registration.kind, identity: adapter.identity },
      redact: redactor.redact,
    }),
  );
  try {
    let app: { daemon: Daemon } | null = null;
    const throttles = (): readonly Throttle[] => {
      const tracker = adapter.current();
      return canSayThrottles(tracker) ? tracker.throttles() : [];
    };
    const metrics = createMetrics({
      version: options.version,
      snapshot: () => app?.daemon.view.snapshot() ?? null,
      throttles,
    });
    const workflow = createWorkflowSource({
      first,
      load: () => load(options),
      sameTracker: (next) => adapter.isNamedBy(trackerContext(next, warn)),
      accept: (next) => {
        refuseErrors(checkTracker(next, registration, adapter.current()));
        adapter.replace(trackerContext(next, warn));
        redactor.update(next.secretValues);
      },
      onReloaded: (before, after) => app?.daemon.reloaded(before, after),
      log,
    });
    const doors = { adapter: adapter.current, clock, counters: metrics, peace: { untilMs: 0 } };
    const door = createTrackerDoor({ ...doors, whenThrottled: 'wait' });
    const writer = createTrackerWriter(door, metrics);
    const executor = createLocalExecutor();
    const privateRoot = `${ownership.path}.private`;
    executor.work(
      EXECUTOR_SLOTS,
      createRunHandler({
        agents: findAgent,
        tracker: door,
        writer,
        renderPrompt,
        environment: options.env,
        privateRoot,
        clock: systemClock,
        newUuid: randomUUID,
        hookEnded: ({ issue, runId, attempt }, result) => {
          sayHookEnded(
            log,
            { issue_id: issue.id, issue_identifier: issue.identifier, run_id: runId, attempt },
            result,
          );
        },
      }),
    );
    const remove = createWorkspaceRemover({
      environment: options.env,
      newUuid: randomUUID,
      hookEnded: ({ issueId, issueIdentifier }, result) => {
        sayHookEnded(log, { issue_id: issueId, issue_identifier: issueIdentifier }, result);
      },
    });
    const ended = new AbortController();
    const daemon = createDaemon({
      store,
      tracker: createTrackerDoor({ ...doors, whenThrottled: 'refuse' }),
      writer,
      executor,
      workflow,
      preflight: () => checkPreflight(workflow.current(), registrationOf(workflow.current()), options.env),
      removeWorkspace: async (request) => {
        const { settings, secretEnvNames } = workflow.current();
        const { hooks, agent } = settings;
        await remove({ ...request, hooks, secretEnvNames, stopGraceMs: agent.stopGraceMs }, ended.signal);
      },
      clock,
      newUuid: randomUUID,
      log,
      counters: metrics,
    });
    app = { daemon };
    const health = createHealth({
      version: options.version,
      clock,
      store,
      snapshot: daemon.view.snapshot,
      storeFailing: daemon.storeFailing,
      reloadError: workflow.reloadError,
      throttles,
    });
    const server = await startWebServer({
      view: { ...daemon.view, readiness: health.readiness },
      store,
      metrics,
      webhooks: {
        take: (kind, headers, body) => {
          const tracker = adapter.current();
          if (kind !== registration.kind || !canTakeWebhooks(tracker) || !tracker.webhookEnabled())
            return null;
          return tracker.takeWebhook(headers, body);
        },
        wake: daemon.wake,
      },
      settings: first.settings.server,
      version: options.version,
      warn,
      redact: redactor.redact,
    });
    return assemble(base, {
      ownership,
      store,
      daemon,
      executor,
      workflow,
      privateRoot,
      server,
      health,
      ended,
    });
  } catch (error) {
    await store.close();
    throw error;
  }
}

interface Assembled {
  readonly ownership: Ownership;
  readonly store: SqliteStore;
  readonly daemon: Daemon;
  readonly executor: ReturnType<typeof createLocalExecutor>;
  readonly workflow: ReturnType<typeof createWorkflowSource>;
  readonly privateRoot: string;
  readonly server: WebServer | null;
  readonly health: Health;
  /** Aborted when the daemon has finished: ends what is left of the daemon's own hooks. */
  readonly ended: AbortController;
}

function assemble(base: Base, parts: Assembled): App {
  const { log, options } = base;
  const { daemon, store, workflow } = parts;
  const watcher = watchWorkflow({
    path: workflow.current().path,
    onChange: () => void workflow.recheck(),
    onError: (error) => {
      log.warn('watching the workflow folder failed; changes are seen at each tick', {
        error: error.message,
      });
    },
  });

  let stopping = false;

  async function close(): Promise<void> {
    watcher.close();
    await parts.server?.http.close();
    parts.ended.abort();
    await cutOff(parts.executor, log);
    await removeTree(parts.privateRoot);
    await store.close();
    parts.ownership.release();
  }

  /** Whoever removes our files lets a second daemon in: then one of us must go, and only we know. */
  function stopWhenDisowned(): void {
    if (parts.ownership.isHeld()) return;
    log.error('the lock file of the database was removed or replaced, shutting down', {
      path: parts.ownership.lockPath,
    });
    shutdown();
  }

  function shutdown(): void {
    stopping = true;
    const { agent, hooks } = workflow.current().settings;
    const hookMs = hooks.afterRun === '' ? 0 : hooks.timeoutMs;
    daemon.requestShutdown(clock.nowMs() + 2 * agent.stopGraceMs + hookMs + SHUTDOWN_MARGIN_MS);
  }

  async function start(): Promise<void> {
    await startupStep('store', daemon.start);
    const { path, settings } = workflow.current();
    log.info('sortie started', {
      version: options.version,
      workflow: path,
      tracker: settings.tracker.kind,
      agent: settings.agent.kind,
      ...(parts.server === null ? {} : { url: parts.server.url }),
    });
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
        daemon.onNotice((notice) => {
          if (notice.kind === 'tick_completed' && !stopping) stopWhenDisowned();
        });
        // Asked to stop while orphans were being ended: there is nothing to start.
        if (!stopping) await start();
        const how = await daemon.finished;
        return how === 'drained' ? 0 : 1;
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

// ---- parts ----------------------------------------------------------------------------------------

async function load(options: AppOptions) {
  const loaded = await loadWorkflow({
    path: options.workflowPath,
    env: options.env,
    envFile: options.envFile,
    overrides: options.overrides,
    trackers,
    agents,
    loadTracker: loadTrackerAdapter,
  });
  if (!loaded.ok || options.adjust === undefined) return loaded;
  return { ...loaded, workflow: { ...loaded.workflow, settings: options.adjust(loaded.workflow.settings) } };
}

function registrationOf({ settings }: Workflow): AgentRegistration | null {
  return agents.find(({ kind }) => kind === settings.agent.kind) ?? null;
}

function findAgent(kind: string) {
  const registration = agents.find((one) => one.kind === kind);
  return registration === undefined ? null : { adapter: registration.create(), registration };
}

/** A run reports its failed hooks as warnings itself; `before_remove` has no run to do it. */
function sayHookEnded(log: Logger, subject: Readonly<Record<string, unknown>>, result: HookResult): void {
  const fields = {
    ...subject,
    hook: result.name,
    outcome: result.outcome,
    duration_ms: Math.round(result.durationMs),
    output: result.output,
  };
  if (result.name === 'before_remove' && result.outcome !== 'succeeded') {
    log.warn('hook failed', { ...fields, error: result.message });
  } else log.debug('hook ended', fields);
}
