// A bare client for the loopback's own tests: no retries, no redirects, nothing clever. Adapters have their own.
import { request } from 'node:http';
import { startLoopbackJira, type LoopbackJira, type LoopbackOptions } from './index.ts';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly text: string;
  /** Parsed; undefined when the text is no JSON. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any
  readonly json: any;
}

export interface Call {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Default: the site. */
  readonly base?: string;
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

export const login = basic('bot@example.com:secret-token');

export function basic(credential: string): { authorization: string } {
  return { authorization: `Basic ${Buffer.from(credential).toString('base64')}` };
}

/** Rejects on resets, on a body that is cut short, and after `timeoutMs` (default 45 s) of silence, or by `signal`. */
export function call(jira: LoopbackJira, path: string, options: Call = {}): Promise<Reply> {
  const {
    method = 'GET',
    body,
    headers = {},
    base = `${jira.url}/rest/api/3`,
    timeoutMs = 45_000,
    signal,
  } = options;
  const text = body === undefined ? '' : JSON.stringify(body);
  // With a length, because Node sends the body of a GET without one, and then it is another request.
  const json =
    body === undefined
      ? {}
      : { 'content-type': 'application/json', 'content-length': String(Buffer.byteLength(text)) };
  return new Promise((done, fail) => {
    const outgoing = request(
      base + path,
      { method, headers: { ...login, ...json, ...headers }, agent: false, timeout: timeoutMs, signal },
      (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', fail);
        incoming.on('end', () => {
          if (!incoming.complete) return fail(new Error('cut short'));
          const received = Buffer.concat(chunks).toString('utf8');
          const { headers: answered, statusCode: status = 0 } = incoming;
          done({ status, headers: answered, text: received, json: parse(received) });
        });
      },
    );
    outgoing.on('timeout', () => outgoing.destroy(new Error('timed out')));
    outgoing.on('error', fail);
    outgoing.end(text);
  });
}

export async function search(jira: LoopbackJira, jql: string, rest = ''): Promise<Reply> {
  return call(jira, `/search/jql?jql=${encodeURIComponent(jql)}${rest}`);
}

/** Keys of a search, all pages, in order. */
export async function keysOf(jira: LoopbackJira, jql: string, maxResults = 50): Promise<string[]> {
  const keys: string[] = [];
  let token: string | undefined;
  do {
    const rest = `&fields=key&maxResults=${maxResults}${token === undefined ? '' : `&nextPageToken=${token}`}`;
    const { json, status, text } = await search(jira, jql, rest);
    if (status !== 200) throw new Error(`${status}: ${text}`);
    keys.push(...json.issues.map(({ key }: { key: string }) => key));
    token = json.nextPageToken || undefined;
  } while (token !== undefined);
  return keys;
}

/** Runs with a server of its own, which is closed in any case. */
export async function withJira(
  options: LoopbackOptions,
  run: (jira: LoopbackJira) => Promise<void>,
): Promise<void> {
  const jira = await startLoopbackJira(options);
  try {
    await run(jira);
  } finally {
    await jira.close();
  }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
