// Starts a loopback Jira: a real HTTP server on 127.0.0.1 over its own state. Nothing here knows the client.
// `close()` ends every connection, timer and held request, and throws when the loopback broke its own shapes.
import { createServer, type Server as HttpServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { account, type Account } from './accounts.ts';
import { Faults } from './faults.ts';
import { handle, type Hooks, type Server } from './handle.ts';
import { Holds } from './holds.ts';
import { RateLimits } from './limits.ts';
import { People } from './people.ts';
import { seededRandom } from './random.ts';
import type { RecordedRequest } from './recording.ts';
import { SearchIndex } from './search-index.ts';
import { defaultSettings, type Settings } from './settings.ts';
import { basicSite, botId } from './site-builder.ts';
import type { Site } from './site.ts';
import type { JiraState } from './state.ts';

export interface LoopbackOptions {
  /** What it holds; absent: one project `PROJ` without issues. */
  readonly state?: JiraState;
  readonly settings?: Partial<Settings>;
  /** Absent: one classic token of the bot, `bot@example.com:secret-token`, which may do everything. */
  readonly accounts?: readonly Account[];
  /** For page sizes, tokens and faults at random. */
  readonly seed?: number;
  /** The site's clock, also of the index lag and the rate limits. */
  readonly now?: () => number;
  readonly cloudId?: string;
  /** Of the listening socket; absent: any free port. */
  readonly port?: number;
}

export interface LoopbackJira {
  /** The site, e.g. http://127.0.0.1:34567, without a trailing slash. */
  readonly url: string;
  /** The same site behind Atlassian's gateway: `${url}/ex/jira/${cloudId}`. */
  readonly gatewayUrl: string;
  readonly cloudId: string;
  readonly state: JiraState;
  /** May be changed at any time. */
  readonly settings: Settings;
  readonly accounts: Account[];
  readonly people: People;
  readonly requests: readonly RecordedRequest[];
  readonly faults: Faults;
  readonly holds: Holds;
  readonly hooks: Hooks;
  /** The requests that did what Atlassian's description does not allow: normally asserted to be empty. */
  readonly violations: () => readonly RecordedRequest[];
  /** Forgets the requests so far; their numbers go on from 1. */
  readonly forgetRequests: () => void;
  readonly close: () => Promise<void>;
}

export async function startLoopbackJira(options: LoopbackOptions = {}): Promise<LoopbackJira> {
  const state = options.state ?? basicSite();
  if (options.now) state.now = options.now;
  const cloudId = options.cloudId ?? '11111111-2222-4333-8444-555555555555';
  const random = seededRandom(options.seed ?? 1);
  const requests: RecordedRequest[] = [];
  let received = 0;
  const index = new SearchIndex(state, () => received);
  const settings: Settings = { ...defaultSettings, ...options.settings };
  const accounts = [...(options.accounts ?? [account({ accountId: botId })])];
  const http = createServer();
  const url = await listen(http, options.port ?? 0);
  const site: Site = {
    url,
    cloudId,
    state,
    index,
    settings,
    accounts,
    random,
    tokens: new Map(),
    searches: new Map(),
  };
  const pauses = new Set<() => void>();
  const server: Server = {
    site,
    requests,
    faults: new Faults(random),
    holds: new Holds(),
    hooks: {},
    limits: new RateLimits(),
    defects: [],
    pause: (ms) => pause(ms, pauses),
  };
  http.on('request', (incoming, response) => {
    received += 1;
    // From the site's clock, so that a skewed one can be told from outside.
    response.setHeader('Date', new Date(state.now()).toUTCString());
    handle(server, incoming, response).catch((error: unknown) => {
      server.defects.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
      response.destroy();
    });
  });
  return {
    url,
    gatewayUrl: `${url}/ex/jira/${cloudId}`,
    cloudId,
    state,
    settings,
    accounts,
    people: new People(state),
    requests,
    faults: server.faults,
    holds: server.holds,
    hooks: server.hooks,
    violations: () => requests.filter(({ violation }) => violation !== null),
    forgetRequests: () => void requests.splice(0),
    close: async () => {
      server.holds.releaseAll();
      for (const give of pauses) give();
      await closeAll(http);
      if (server.defects.length > 0)
        throw new Error(`loopback Jira broke its word: ${server.defects.join('\n')}`);
    },
  };
}

async function listen(http: HttpServer, port: number): Promise<string> {
  await new Promise<void>((done, fail) => {
    http.once('error', fail);
    http.listen(port, '127.0.0.1', done);
  });
  return `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
}

async function closeAll(http: HttpServer): Promise<void> {
  const closed = new Promise<void>((done) => void http.close(() => done()));
  http.closeAllConnections();
  await closed;
}

/** Waits, unless the server closes first: then it is false. */
function pause(ms: number, pauses: Set<() => void>): Promise<boolean> {
  return new Promise((done) => {
    const give = (): void => {
      clearTimeout(timer);
      pauses.delete(give);
      done(false);
    };
    const timer = setTimeout(() => {
      pauses.delete(give);
      done(true);
    }, ms);
    pauses.add(give);
  });
}
