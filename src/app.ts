// The composition root: settings, adapters, store, worker and web server become one daemon. Everything is made
// here and handed in; nobody imports this file but the commands. What cannot start throws StartupError with
// every problem at once, and leaves nothing open.

import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { agents, loadTrackerAdapter, trackers } from '../adapters/index.ts';
import type {
  AgentRegistration,
  Settings,
  Throttle,
  TrackerRegistration,
  Workflow,
} from './contract/index.ts';
import { canSayThrottles, canTakeWebhooks } from './contract/index.ts';
import { createAgentTools } from './app/agent-tools.ts';
import { createObservers, type Observers } from './app/observers.ts';
import { createAgentFinder } from './app/agent-finder.ts';
import { sayHookEnded } from './app/hook-log.ts';
import { knownSecrets } from './app/known-secrets.ts';
import { refuseErrors, refuseUnlessStartable, startupStep } from './app/startup.ts';
import { systemClock as clock } from './app/system-clock.ts';
import { startWebServer } from './app/web-server.ts';
import { createLifecycle, type App } from './app/lifecycle.ts';
import { createCurrentTracker } from './daemon/current-tracker.ts';
import { createDaemon, type Daemon } from './daemon/daemon.ts';
import { createHealth } from './daemon/health.ts';
import { createLocalExecutor } from './daemon/local-executor.ts';
import { createTrackerDoor } from './daemon/tracker-door.ts';
import { createWorkflowSource } from './daemon/workflow-source.ts';
import { runOfPeer } from './process/index.ts';
import { acquireOwnership, openStore, type Ownership } from './store/index.ts';
import {
  createLogger,
  createMetrics,
  createRedactor,
  type Logger,
  type Redactor,
} from './telemetry/index.ts';
import type { Tools } from './tools/index.ts';
import { createTranscripts } from './transcript/index.ts';
import { createRunHandler, systemClock as workerClock } from './worker/index.ts';
import {
  checkPreflight,
  checkTracker,
  trackerContext,
  loadWorkflow,
  renderPrompt,
  type SettingsOverrides,
} from './workflow/index.ts';
import { createWorkspaceRemover } from './workspace/index.ts';

export interface AppOptions {
  readonly workflowPath: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly envFile?: string | undefined;
  readonly overrides: SettingsOverrides;
  readonly version: string;
  /** Applied to every good load, e.g. what `--until-idle` changes. */
  readonly adjust?: ((settings: Settings) => Settings) | undefined;
}

/** Runs in one process; more is limited by the settings. */
const EXECUTOR_SLOTS = 10_000;

/** Programs that write a file in place are done with it sooner. */
const SETTLE_MS = 100;

interface Base {
  readonly options: AppOptions;
  readonly workflow: Workflow;
  readonly tracker: TrackerRegistration;
  readonly agent: AgentRegistration;
  readonly log: Logger;
  readonly redactor: Redactor;
}

export async function createApp(options: AppOptions): Promise<App> {
  const { workflow, tracker, agent } = await refuseUnlessStartable(await load(options), options.env);
  const redactor = createRedactor(knownSecrets(workflow, agent, options.env));
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
  let observers: Observers | null = null;
  let agentTools: Tools | null = null;
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
      tools: () => ({
        approvals: agentTools?.view.pendingApprovals() ?? 0,
        writes: agentTools?.view.openWrites() ?? 0,
      }),
    });
    const onlookers = createObservers({
      store,
      snapshot: () => app?.daemon.view.snapshot() ?? null,
      notifications: () => workflow.current().settings.notifications,
      clock,
      log,
      counters: metrics,
      version: options.version,
      redact: redactor.redact,
    });
    observers = onlookers;
    const workflow = createWorkflowSource({
      first,
      load: () => load(options),
      settle: () => delay(SETTLE_MS, undefined, { ref: false }),
      sameTracker: (next) => adapter.isNamedBy(trackerContext(next, warn)),
      accept: (next) => {
        refuseErrors(checkTracker(next, registration, adapter.current()));
        adapter.replace(trackerContext(next, warn));
        redactor.update(knownSecrets(next, registrationOf(next), options.env));
      },
      onReloaded: (before, after) => {
        app?.daemon.reloaded(before, after);
        onlookers.wake();
      },
      clock,
      log,
    });
    const doors = { adapter: adapter.current, clock, counters: onlookers.counters, peace: { untilMs: 0 } };
    const door = createTrackerDoor({ ...doors, whenThrottled: 'wait' });
    const tools = createAgentTools({
      tracker: door,
      identity: { kind: registration.kind, identity: adapter.identity },
      store,
      databasePath: ownership.path,
      settings: () => workflow.current().settings,
      daemon: () => app?.daemon ?? null,
      observers: onlookers,
      counters: onlookers.counters,
      clock,
      log,
      redactor,
      version: options.version,
    });
    agentTools = tools;
    const { writer } = tools;
    const executor = createLocalExecutor();
    const privateRoot = `${ownership.path}.private`;
    const transcripts = createTranscripts({
      folder: `${ownership.path}.transcripts`,
      redact: redactor.redact,
      warn,
    });
    executor.work(
      EXECUTOR_SLOTS,
      createRunHandler({
        agents: createAgentFinder(),
        transcripts,
        tracker: door,
        writer,
        tools: tools.host,
        renderPrompt,
        environment: options.env,
        privateRoot,
        clock: workerClock,
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
      store: { load: store.load, findIssue: store.findIssue, apply: onlookers.apply },
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
      counters: onlookers.counters,
    });
    app = { daemon };
    const health = createHealth({
      version: options.version,
      clock,
      store,
      snapshot: daemon.view.snapshot,
      storeFailing: daemon.storeFailing,
      reloadError: workflow.reloadError,
      readAtMs: workflow.readAtMs,
      throttles,
    });
    const server = await startWebServer({
      view: {
        ...daemon.view,
        control: daemon.control,
        explain: daemon.explain,
        readiness: health.readiness,
      },
      settingsView: () => ({ path: workflow.current().path, effective: workflow.current().effective }),
      store,
      transcripts,
      tools: tools.view,
      agentOf: runOfPeer,
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
    return createLifecycle({
      log,
      version: options.version,
      clock,
      ownership,
      store,
      daemon,
      executor,
      workflow,
      privateRoot,
      transcripts,
      observers: onlookers,
      tools,
      server,
      health,
      ended,
    });
  } catch (error) {
    await agentTools?.close();
    await observers?.close();
    await store.close();
    throw error;
  }
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
