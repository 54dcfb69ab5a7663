// The HTTP server: doors first, then routes. It shows what the daemon's view and the store say and passes operators'
// words on; it decides nothing about issues. Closing never waits for a client.

import type { FastifyInstance } from 'fastify';
import type { ToolsView } from '../contract/agent-tools.ts';
import type { ServerSettings } from '../contract/settings.ts';
import type { DaemonView } from '../contract/snapshot.ts';
import type { AgentOf } from './agent-guard.ts';
import { createApp } from './app.ts';
import { addApprovalRoutes } from './approval-routes.ts';
import { addAuditRoutes } from './audit-routes.ts';
import { addControlRoutes } from './control-routes.ts';
import { createDoors, hangDoors } from './doors.ts';
import type { Warn } from './error-answers.ts';
import { ApiError } from './error-codes.ts';
import { addEventRoute } from './event-route.ts';
import { addHistoryRoutes } from './history-routes.ts';
import { wrapListeners } from './listeners.ts';
import { createLiveEvents } from './live-events.ts';
import { addMeRoute } from './me-route.ts';
import { addOpenApiRoute, collectRoutes } from './openapi.ts';
import { addOutboxRoute } from './outbox-route.ts';
import { listPage } from './page-files.ts';
import { addPageRoutes } from './page-routes.ts';
import { addPastRoutes } from './past-routes.ts';
import { addProbeRoutes, type MetricsText } from './probe-routes.ts';
import type { Redact } from './redact-answer.ts';
import type { HttpStore, RouteSource, SettingsView, TranscriptSource } from './route-source.ts';
import { addSignInRoutes } from './sign-in-routes.ts';
import { addStateRoutes } from './state-routes.ts';
import { createStateText, type StateText } from './state-text.ts';
import { createStreamSlots } from './stream-slots.ts';
import { addToolRoutes } from './tool-routes.ts';
import { addTranscriptRoute } from './transcript-route.ts';
import { addWebhookRoute, type WebhookSource } from './webhook-route.ts';

export interface HttpServerOptions {
  readonly view: DaemonView;
  readonly store: HttpStore;
  readonly metrics: MetricsText;
  readonly settings: Pick<ServerSettings, 'host' | 'port' | 'token' | 'allowedHosts'> &
    Partial<Pick<ServerSettings, 'socket' | 'protectMetrics' | 'users'>>;
  readonly version: string;
  /** Absolute folder of the built page; null = no page. */
  readonly pageDirectory: string | null;
  readonly warn: Warn;
  /** Takes known secret values out of every answer. */
  readonly redact?: Redact | undefined;
  /** Absent: no run has a transcript. */
  readonly transcripts?: TranscriptSource | undefined;
  /** Approvals, outbox, audit and tools. Absent: their routes are 404 `tools_off`. */
  readonly tools?: ToolsView | undefined;
  /** Absent: there are no webhook routes. */
  readonly webhooks?: WebhookSource | undefined;
  /** What is in force, and where each value came from. Absent: it is not shown. */
  readonly settingsView?: (() => SettingsView) | undefined;
  /** Whose process sends a write from this machine. Absent: nobody can tell. */
  readonly agentOf?: AgentOf | undefined;
  /** The wall clock, which relative times and sessions are counted from. */
  readonly nowMs?: (() => number) | undefined;
}

export interface HttpServer {
  /** The URL it listens on. Throws HttpServerError `port_in_use` or `listen_failed`. */
  listen(): Promise<string>;
  /**
   * Listens on `settings.socket`, beside the port or alone; nothing when that is "". Throws HttpServerError
   * `socket_in_use` or `listen_failed`.
   */
  listenOnSocket(): Promise<void>;
  /** Ends open streams at once and everything else within a second. Safe to call twice. */
  close(): Promise<void>;
  /** null while it does not listen. */
  readonly address: string | null;
  /** A request without a socket, for tests and for writing the OpenAPI document. */
  readonly inject: FastifyInstance['inject'];
}

const STREAM_LIMIT = 256;

/** Throws HttpServerError `token_missing` when an open address has no token. */
export function createServer(options: HttpServerOptions): HttpServer {
  const { view, settings, warn } = options;
  const nowMs = options.nowMs ?? (() => Date.now());
  const monotonicMs = (): number => performance.now();
  const closing = new AbortController();
  const page = findPage(options);
  const doors = createDoors({ settings, page, nowMs, monotonicMs, warn, agentOf: options.agentOf });
  const source: RouteSource = {
    view,
    store: options.store,
    tools: options.tools,
    people: doors.people,
    redact: options.redact ?? ((text) => text),
    transcripts: options.transcripts,
    settingsView: options.settingsView,
    nowMs,
    slots: createStreamSlots(STREAM_LIMIT),
    warn,
    closing: closing.signal,
  };
  const stateText = createStateText({ ...source, monotonicMs });
  const events = createLiveEvents({
    render: () => renderState(stateText, warn),
    onChange: (listener) => onAnyChange([view, options.tools], listener),
    slots: source.slots,
    firstId: Date.now(),
    monotonicMs,
  });
  const app = createApp(doors, warn);
  hangDoors(app, doors, page !== null);
  collectRoutes(app, options.version);
  void app.after(() => {
    addStateRoutes(app, source, stateText);
    addHistoryRoutes(app, source);
    addPastRoutes(app, source);
    addControlRoutes(app, source);
    addMeRoute(app, source);
    addApprovalRoutes(app, source);
    addOutboxRoute(app, source);
    addAuditRoutes(app, source);
    addToolRoutes(app, source);
    addEventRoute(app, events, doors);
    addTranscriptRoute(app, source, doors);
    addProbeRoutes(app, { ...source, metrics: options.metrics });
    addOpenApiRoute(app);
    addSignInRoutes(app, doors, warn);
    if (options.webhooks !== undefined) addWebhookRoute(app, options.webhooks);
    if (page !== null) addPageRoutes(app, page);
  });
  const endStreams = (): void => {
    events.close();
    closing.abort();
  };
  return wrapListeners(app, doors, endStreams, settings);
}

interface Changing {
  onChange(listener: () => void): () => void;
}

function onAnyChange(sources: readonly (Changing | undefined)[], listener: () => void): () => void {
  const stops = sources.map((source) => source?.onChange(listener));
  return () => {
    for (const stop of stops) stop?.();
  };
}

/** A page that was not built costs people the page, not the API: that is a warning. */
function findPage({ pageDirectory, warn }: HttpServerOptions): ReturnType<typeof listPage> {
  if (pageDirectory === null) return null;
  const page = listPage(pageDirectory);
  if (page === null) warn('page not found, serving the API only', { directory: pageDirectory });
  return page;
}

/** Runs in a timer, where a throw would end the daemon. */
function renderState(stateText: StateText, warn: Warn): string | null {
  try {
    return stateText();
  } catch (error) {
    if (!(error instanceof ApiError)) warn('live state not rendered', { error });
    return null;
  }
}
