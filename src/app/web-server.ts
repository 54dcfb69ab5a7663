// Opens the web server. A default port that is taken is no reason not to work; one that somebody asked for is.

import { join } from 'node:path';
import type { ServerSettings } from '../contract/index.ts';
import { createServer, HttpServerError, type HttpServer, type HttpServerOptions } from '../http/index.ts';
import { asStartupError } from './startup.ts';

export interface WebServer {
  readonly http: HttpServer;
  readonly url: string;
}

/** null = switched off, or the default port is taken. */
export async function startWebServer(
  options: Omit<HttpServerOptions, 'settings' | 'pageDirectory'> & { readonly settings: ServerSettings },
): Promise<WebServer | null> {
  const { settings, warn } = options;
  if (settings.port === 0 && settings.socket === '') return null;
  let http: HttpServer | null = null;
  try {
    http = createServer({ ...options, pageDirectory: join(import.meta.dirname, '../dashboard') });
    await asSocketProblem(http.listenOnSocket());
    if (settings.port === 0) return { http, url: `unix:${settings.socket}` };
    return { http, url: await http.listen() };
  } catch (error) {
    const isDefault = error instanceof HttpServerError && error.kind === 'port_in_use' && !settings.portAsked;
    if (isDefault && http !== null && settings.socket !== '') {
      warn('the default port is taken, serving the socket alone', { error: error.message });
      return { http, url: `unix:${settings.socket}` };
    }
    await http?.close();
    if (isDefault) {
      warn('the default port is taken, running without a server', { error: error.message });
      return null;
    }
    throw asStartupError('config.server.port', error);
  }
}

async function asSocketProblem(listening: Promise<void>): Promise<void> {
  try {
    await listening;
  } catch (error) {
    throw asStartupError('config.server.socket', error);
  }
}
