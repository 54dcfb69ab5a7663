// The web server of agents' tools: loopback only, a port of the system's choice, one path, a token for each run. Every
// request is served by itself; nothing is remembered from one to the next but who was admitted. Whatever comes in gets
// an answer or a closed socket, and never ends the daemon.

import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ToolListener, ToolsClock, ToolsLog } from '../ports.ts';
import { createAdmissions } from './admissions.ts';
import type { Admission } from './admissions.ts';
import { announcedBytes, BODY_LIMIT_BYTES, ignoreBody, readBody } from './body.ts';
import { judgeContent, judgeHead, TOOLS_PATH } from './doors.ts';
import { readMessage } from './message.ts';
import { refuse, RPC, RUN_ENDED } from './refusals.ts';
import type { Refusal } from './refusals.ts';
import { createServing } from './serving.ts';

/** Of all bodies that one run has on the way. */
const HELD_LIMIT_BYTES = 16 * BODY_LIMIT_BYTES;
/** For an answer to reach its client after its run has ended. */
const FAREWELL_MS = 1000;

export interface ToolListenerParts {
  readonly log: ToolsLog;
  readonly clock: ToolsClock;
  readonly version: string;
  /** A request must have been received whole within it. Default: 15 seconds. */
  readonly requestTimeoutMs?: number | undefined;
  /** When a waiting client is first given a sign of life. Default: 10 seconds. */
  readonly quietMs?: number | undefined;
}

/** Listens when it resolves; rejects when there is no port to be had. */
export async function createToolListener(parts: ToolListenerParts): Promise<ToolListener> {
  const { log, clock, requestTimeoutMs = 15_000 } = parts;
  const admissions = createAdmissions();
  const serving = createServing(parts);
  const http = createServer(
    {
      requestTimeout: requestTimeoutMs,
      headersTimeout: requestTimeoutMs,
      connectionsCheckingInterval: Math.min(5000, requestTimeoutMs),
      keepAliveTimeout: 60_000,
    },
    (request, response) => {
      answer(request, response).catch((error: unknown) => {
        log.error('a request for tools failed', {
          error: error instanceof Error ? error.message : String(error),
        });
        refuse(response, {
          status: 500,
          code: RPC.own,
          kind: 'internal_error',
          message: 'the request failed; the log of the daemon says more',
        });
      });
    },
  );
  http.maxConnections = 4096;
  const port = await listen(http);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    // A client that goes away while it is written to.
    response.on('error', () => undefined);
    const turnAway = (refusal: Refusal): void => {
      log.debug('a request for tools was refused', { status: refusal.status, reason: refusal.message });
      ignoreBody(request);
      refuse(response, refusal);
    };
    const wrong = judgeHead(request, port);
    if (wrong !== null) return turnAway(wrong);
    const admission = admissions.find(request.headers.authorization);
    if (admission === null) {
      admissions.findEnded(request.headers.authorization)?.('', RUN_ENDED.kind);
      return turnAway(RUN_ENDED);
    }
    const turnRunAway = (refusal: Refusal): void => {
      admission.session.turnedAway('', refusal.kind);
      turnAway(refusal);
    };
    const odd = judgeContent(request);
    if (odd !== null) return turnRunAway(odd);
    const bytes = Math.min(announcedBytes(request), BODY_LIMIT_BYTES);
    if (admission.heldBytes + bytes > HELD_LIMIT_BYTES) return turnRunAway(BUSY);
    admission.heldBytes += bytes;
    admission.open.add(response);
    try {
      const body = await readBody(request);
      if (body.kind === 'gone') return;
      if (body.kind === 'too_large') return turnRunAway(TOO_LARGE);
      await serve(request, response, admission, body.text);
    } finally {
      admission.heldBytes -= bytes;
      admission.open.delete(response);
    }
  }

  async function serve(
    request: IncomingMessage,
    response: ServerResponse,
    admission: Admission,
    text: string,
  ): Promise<void> {
    const read = readMessage(text);
    switch (read.kind) {
      case 'refused':
        admission.session.turnedAway('', read.refusal.kind);
        log.debug('a request for tools was refused', { status: 400, reason: read.refusal.message });
        return refuse(response, read.refusal);
      case 'no_answer':
        response.writeHead(202).end();
        return;
      case 'request':
        // It may have ended while the body was on its way.
        if (admission.ended.aborted) {
          admission.session.turnedAway('', RUN_ENDED.kind);
          return refuse(response, { ...RUN_ENDED, id: read.message.id });
        }
        return serving.serve(request, response, admission, read.message);
    }
  }

  async function farewell(admission: Admission): Promise<void> {
    const open = [...admission.open];
    const over = Promise.all(open.map((response) => closed(response)));
    let forget: () => void = () => undefined;
    const late = new Promise<void>((resolve) => {
      forget = clock.after(FAREWELL_MS, resolve);
    });
    await Promise.race([over, late]);
    forget();
    for (const response of open) response.destroy();
  }

  const revokers = new Set<() => Promise<void>>();
  return {
    url: `http://127.0.0.1:${port}${TOOLS_PATH}`,
    admit(session) {
      const { token, admission, revoke } = admissions.admit(session);
      let ended: Promise<void> | null = null;
      const end = (): Promise<void> => {
        revoke();
        revokers.delete(end);
        ended ??= farewell(admission);
        return ended;
      };
      revokers.add(end);
      return { token, wasAsked: () => admission.wasAsked, revoke: end };
    },
    async close() {
      await Promise.all([...revokers].map((end) => end()));
      await serving.close();
      await new Promise<void>((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      });
    },
  };
}

const TOO_LARGE: Refusal = {
  status: 413,
  code: RPC.own,
  kind: 'too_large',
  message: `the request is larger than ${BODY_LIMIT_BYTES} bytes; send less at once`,
};

const BUSY: Refusal = {
  status: 429,
  code: RPC.own,
  kind: 'rate_limited',
  message: 'too many requests of this run are on the way; wait for their answers',
  headers: { 'retry-after': '1' },
};

function listen(http: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    http.once('error', reject);
    http.listen(0, '127.0.0.1', () => {
      http.off('error', reject);
      resolve((http.address() as AddressInfo).port);
    });
  });
}

function closed(response: ServerResponse): Promise<void> {
  if (response.writableFinished || response.destroyed) return Promise.resolve();
  return new Promise((resolve) => {
    response.once('finish', resolve).once('close', resolve);
  });
}
