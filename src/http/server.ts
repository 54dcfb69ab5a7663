// The HTTP server: doors first, then routes. It shows what the daemon's view and the store say and passes
// one wish on (refresh); it decides nothing about issues. Every request passes the same doors in the same
// order: Host, token, method, and for writes Origin and content type. Closing never waits for a client.

import { fastify, type FastifyInstance } from 'fastify';
import { validatorCompiler } from 'fastify-type-provider-zod';
import type { EffectiveSetting, ServerSettings } from '../contract/settings.ts';
import type { DaemonView } from '../contract/snapshot.ts';
import type { Store } from '../contract/store.ts';
import { answerClientError, createErrorHandler, type Warn } from './error-answers.ts';
import { ApiError } from './error-codes.ts';
import { addEventRoute } from './event-route.ts';
import { createHostGuard } from './host-guard.ts';
import { HttpServerError } from './http-server-error.ts';
import { createLiveEvents } from './live-events.ts';
import { createMethodGuard } from './method-guard.ts';
import { addOpenApiRoute, collectRoutes } from './openapi.ts';
import { addPageRoutes } from './page-routes.ts';
import { addProbeRoutes, type MetricsText } from './probe-routes.ts';
import type { Redact } from './redact-answer.ts';
import { securityHeaders } from './security-headers.ts';
import { serializerCompiler } from './serializer.ts';
import { addStateRoutes, currentState, type StateSource } from './state-routes.ts';
import { createStreamSlots } from './stream-slots.ts';
import { createTokenGuard } from './token-guard.ts';
import { addTranscriptRoute, type TranscriptSource } from './transcript-route.ts';
import { WEBHOOK_PREFIX } from './webhook-prefix.ts';
import { addWebhookRoute, type WebhookSource } from './webhook-route.ts';
import { guardWrite } from './write-guard.ts';

/** What the settings page shows. */
export interface SettingsView {
  /** Of WORKFLOW.md. */
  readonly path: string;
  readonly effective: readonly EffectiveSetting[];
}

export interface HttpServerOptions {
  readonly view: DaemonView;
  readonly store: Pick<
    Store,
    'history' | 'findIssue' | 'timeline' | 'samples' | 'stats' | 'operatorActions'
  >;
  readonly metrics: MetricsText;
  readonly settings: Pick<ServerSettings, 'host' | 'port' | 'token' | 'allowedHosts'> &
    Partial<Pick<ServerSettings, 'socket' | 'protectMetrics'>>;
  /** What is in force, and where each value came from; holds no secret. Absent: there is no such route. */
  readonly settingsView?: (() => SettingsView) | undefined;
  /** The wall clock, which relative times and sessions are counted from. */
  readonly nowMs?: (() => number) | undefined;
  readonly version: string;
  /** Absolute folder of the built page; null = no page. */
  readonly pageDirectory: string | null;
  readonly warn: Warn;
  /** Takes known secret values out of every answer. */
  readonly redact?: Redact | undefined;
  /** Absent: no run has a transcript. */
  readonly transcripts?: TranscriptSource | undefined;
  /** Absent: there are no webhook routes. */
  readonly webhooks?: WebhookSource | undefined;
}

export interface HttpServer {
  /** The URL it listens on. Throws HttpServerError `port_in_use` or `listen_failed`. */
  listen(): Promise<string>;
  /** Ends open streams at once and everything else within a second. Safe to call twice. */
  close(): Promise<void>;
  /** null while it does not listen. */
  readonly address: string | null;
  /** A request without a socket, for tests and for writing the OpenAPI document. */
  readonly inject: FastifyInstance['inject'];
}

/** Far above any identifier of 300 characters, percent-encoded; Node's own limit of 16 KiB stands behind. */
const LONGEST_PARAMETER = 8_192;
const BODY_LIMIT_BYTES = 65_536;
const HEADER_LIMIT_BYTES = 16_384;
const HEADERS_TIMEOUT_MS = 10_000;
const REQUEST_TIMEOUT_MS = 30_000;
/** Node looks for late requests this often; its own 30 s would stretch the limits above fourfold. */
const LATE_CHECK_MS = 5_000;
const KEEP_ALIVE_MS = 10_000;
const CONNECTION_LIMIT = 512;
const STREAM_LIMIT = 128;
/** What a client still reads when we close gets this long. */
const CLOSE_GRACE_MS = 1_000;

/** Throws HttpServerError `token_missing` when an open address has no token. */
export function createServer(options: HttpServerOptions): HttpServer {
  const slots = createStreamSlots(STREAM_LIMIT);
  const closing = new AbortController();
  const source: StateSource = { ...options, redact: options.redact ?? ((text) => text) };
  const events = createLiveEvents({
    render: () => renderState(source, options.warn),
    onChange: (listener) => options.view.onChange(listener),
    slots,
    firstId: Date.now(),
    monotonicMs: () => performance.now(),
  });
  const app = createApp(options);
  collectRoutes(app, options.version);
  void app.after(() => {
    addStateRoutes(app, source);
    addEventRoute(app, events);
    const { transcripts, warn } = options;
    addTranscriptRoute(app, { transcripts, slots, redact: source.redact, warn, closing: closing.signal });
    addProbeRoutes(app, { ...source, metrics: options.metrics });
    addOpenApiRoute(app);
    if (options.webhooks !== undefined) addWebhookRoute(app, options.webhooks);
    if (options.pageDirectory !== null) addPageRoutes(app, options.pageDirectory, options.warn);
  });
  const endStreams = (): void => {
    events.close();
    closing.abort();
  };
  return wrap(app, endStreams, options.settings);
}

function createApp({ settings, warn }: HttpServerOptions): FastifyInstance {
  const guardHost = createHostGuard(settings.allowedHosts);
  const guardToken = createTokenGuard(settings);
  const answerError = createErrorHandler(warn);
  const app = fastify({
    bodyLimit: BODY_LIMIT_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle',
    // Fastify's own answer while closing has another shape than ours; /livez says 503 by itself.
    return503OnClosing: false,
    routerOptions: { maxParamLength: LONGEST_PARAMETER },
    http: {
      maxHeaderSize: HEADER_LIMIT_BYTES,
      headersTimeout: HEADERS_TIMEOUT_MS,
      connectionsCheckingInterval: LATE_CHECK_MS,
    },
    clientErrorHandler: answerClientError,
    // A malformed path never reaches the hooks, so the doors are passed here.
    frameworkErrors: (error, request, reply) => {
      void reply.headers(securityHeaders);
      try {
        guardHost(request.headers.host);
        guardToken(request.url, request.headers.authorization);
        answerError(error, request, reply);
      } catch (refusal) {
        answerError(refusal, request, reply);
      }
    },
  });
  const guardMethod = createMethodGuard(app);
  app.server.maxConnections = CONNECTION_LIMIT;
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(answerError);
  app.setNotFoundHandler((request, reply) => {
    answerError(new ApiError('not_found', 'there is nothing at this path'), request, reply);
  });
  acceptEmptyJson(app);
  app.addHook('onRequest', async (request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    void reply.headers(securityHeaders);
    guardHost(request.headers.host);
    guardToken(path, request.headers.authorization);
    guardMethod(request.method, path);
    // A webhook brings a proof of its own.
    if (!path.startsWith(WEBHOOK_PREFIX)) guardWrite(request.method, request.headers);
  });
  return app;
}

/** `curl -X POST -H 'Content-Type: application/json'` sends no body, which Fastify's own parser refuses. */
function acceptEmptyJson(app: FastifyInstance): void {
  const parse = app.getDefaultJsonParser('error', 'error');
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) done(null, undefined);
    else void parse(request, body as string, done);
  });
}

/** Runs in a timer, where a throw would end the daemon. */
function renderState(source: StateSource, warn: Warn): string | null {
  try {
    if (source.view.snapshot() === null) return null;
    return JSON.stringify(currentState(source));
  } catch (error) {
    warn('live state not rendered', { error });
    return null;
  }
}

function wrap(
  app: FastifyInstance,
  endStreams: () => void,
  settings: HttpServerOptions['settings'],
): HttpServer {
  let address: string | null = null;
  let closing: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    endStreams();
    address = null;
    const force = setTimeout(() => app.server.closeAllConnections(), CLOSE_GRACE_MS);
    try {
      await app.close();
    } finally {
      clearTimeout(force);
    }
  };
  return {
    listen: async () => {
      try {
        address = await app.listen({ host: settings.host, port: settings.port });
        return address;
      } catch (error) {
        throw listenError(error, settings);
      }
    },
    close: () => (closing ??= close()),
    get address() {
      return address;
    },
    inject: app.inject.bind(app) as FastifyInstance['inject'],
  };
}

function listenError(error: unknown, { host, port }: HttpServerOptions['settings']): HttpServerError {
  const place = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    const todo = 'set server.port to a free one (0 = no HTTP), or end the other program';
    return new HttpServerError('port_in_use', `${place} is taken by another program: ${todo}`, error);
  }
  return new HttpServerError('listen_failed', `cannot listen on ${place}: ${message}`, error);
}
