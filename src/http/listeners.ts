// Where the app listens: on a port, on a Unix socket, or on both; and how it stops.

import { createServer as createNodeServer, type Server } from 'node:http';
import type { FastifyInstance } from 'fastify';
import type { ServerSettings } from '../contract/settings.ts';
import type { Doors } from './doors.ts';
import { answerClientError } from './error-answers.ts';
import { CONNECTION_LIMIT, HTTP_LIMITS, KEEP_ALIVE_MS, REQUEST_TIMEOUT_MS } from './http-limits.ts';
import { HttpServerError } from './http-server-error.ts';
import type { HttpServer } from './server.ts';
import { listenOnSocket } from './socket-listener.ts';

type Places = Pick<ServerSettings, 'host' | 'port'> & Partial<Pick<ServerSettings, 'socket'>>;

/** What a client still reads when we close gets this long. */
const CLOSE_GRACE_MS = 1_000;

export function wrapListeners(
  app: FastifyInstance,
  doors: Doors,
  endStreams: () => void,
  places: Places,
): HttpServer {
  let address: string | null = null;
  let overSocket: Server | null = null;
  let removeSocket = (): void => undefined;
  let closing: Promise<void> | undefined;

  const close = async (): Promise<void> => {
    endStreams();
    removeSocket();
    address = null;
    const force = setTimeout(() => {
      app.server.closeAllConnections();
      overSocket?.closeAllConnections();
    }, CLOSE_GRACE_MS);
    try {
      await Promise.all([app.close(), overSocket && closed(overSocket)]);
    } finally {
      clearTimeout(force);
    }
  };

  return {
    listen: async () => {
      try {
        address = await app.listen({ host: places.host, port: places.port });
        return address;
      } catch (error) {
        throw listenError(error, places);
      }
    },
    listenOnSocket: async () => {
      const { socket = '' } = places;
      if (socket === '') return;
      await app.ready();
      const server = createSocketServer(app, doors);
      removeSocket = await listenOnSocket(server, socket);
      overSocket = server;
    },
    close: () => (closing ??= close()),
    get address() {
      return address;
    },
    inject: app.inject.bind(app) as FastifyInstance['inject'],
  };
}

function createSocketServer(app: FastifyInstance, { overSocket }: Doors): Server {
  const limits = { ...HTTP_LIMITS, requestTimeout: REQUEST_TIMEOUT_MS, keepAliveTimeout: KEEP_ALIVE_MS };
  const server = createNodeServer(limits, (request, response) => {
    overSocket.add(request);
    app.routing(request, response);
  });
  server.maxConnections = CONNECTION_LIMIT;
  server.on('clientError', answerClientError);
  return server;
}

function closed(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve());
    server.closeIdleConnections();
  });
}

function listenError(error: unknown, { host, port }: Places): HttpServerError {
  const place = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'EADDRINUSE') {
    const todo = 'set server.port to a free one (0 = no HTTP), or end the other program';
    return new HttpServerError('port_in_use', `${place} is taken by another program: ${todo}`, error);
  }
  return new HttpServerError('listen_failed', `cannot listen on ${place}: ${message}`, error);
}
