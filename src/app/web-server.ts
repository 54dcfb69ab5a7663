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
  if (settings.port === 0) return null;
  let http: HttpServer | null = null;
  try {
    http = createServer({ ...options, pageDirectory: join(import.meta.dirname, '../dashboard') });
    return { http, url: await http.listen() };
  } catch (error) {
    await http?.close();
    if (error instanceof HttpServerError && error.kind === 'port_in_use' && !settings.portAsked) {
      warn('the default port is taken, running without a server', { error: error.message });
      return null;
    }
    throw asStartupError('config.server.port', error);
  }
}
