// Where the daemon is and what opens its door: `--url`, or the server settings of the workflow, or the defaults. A
// workflow that is broken at the moment, which a running daemon outlives, must not keep people from asking it.

import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { agents, loadTrackerAdapter, trackers } from '../../../adapters/index.ts';
import type { ServerSettings } from '../../contract/settings.ts';
import { loadWorkflow } from '../../workflow/index.ts';
import type { ClientFlags } from './flags.ts';

export interface Address {
  /** For requests, without a slash at its end. */
  readonly origin: string;
  /** null = TCP. */
  readonly socketPath: string | null;
  /** "" = none. */
  readonly token: string;
  /** Where the address came from, for messages. */
  readonly from: string;
}

const DEFAULT_ORIGIN = 'http://127.0.0.1:7678';
const TOKEN = 'SORTIE_SERVER_TOKEN';

/** Throws an Error with one line for people. */
export async function findDaemon(
  flags: Pick<ClientFlags, 'workflow' | 'envFile' | 'url'>,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Address> {
  const token = env[TOKEN] ?? '';
  if (flags.url !== undefined && token !== '') return { ...placeOf(flags.url), token, from: '--url' };
  const path = resolve(flags.workflow);
  const loaded = await loadWorkflow({
    path,
    env,
    envFile: flags.envFile,
    trackers,
    agents,
    loadTracker: loadTrackerAdapter,
  });
  const server = loaded.ok ? loaded.workflow.settings.server : null;
  if (flags.url !== undefined) {
    return { ...placeOf(flags.url), token: server?.token ?? '', from: '--url' };
  }
  if (server === null) {
    const why = existsSync(path) ? 'cannot be read' : 'is not there';
    return { origin: DEFAULT_ORIGIN, socketPath: null, token, from: `the default, because ${path} ${why}` };
  }
  return fromSettings(server, path);
}

function fromSettings(server: ServerSettings, path: string): Address {
  if (server.socket !== '' && existsSync(server.socket)) {
    return {
      origin: 'http://localhost',
      socketPath: server.socket,
      token: server.token,
      from: 'server.socket',
    };
  }
  if (server.port === 0) {
    throw new Error(
      `the workflow in ${dirname(path)} has no web server (server.port is 0): name the daemon with --url`,
    );
  }
  const everywhere: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '[::1]' };
  const host = everywhere[server.host] ?? (server.host.includes(':') ? `[${server.host}]` : server.host);
  return {
    origin: `http://${host}:${server.port}`,
    socketPath: null,
    token: server.token,
    from: `server.port of ${path}`,
  };
}

function placeOf(text: string): Pick<Address, 'origin' | 'socketPath'> {
  if (text.startsWith('unix:')) return { origin: 'http://localhost', socketPath: resolve(text.slice(5)) };
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || !/^https?:$/.test(url.protocol) || url.username !== '' || url.search !== '') {
    throw new Error(
      `--url: ${JSON.stringify(text)} is no URL of a daemon: write http://host:port or unix:/path`,
    );
  }
  return { origin: `${url.origin}${url.pathname.replace(/\/+$/, '')}`, socketPath: null };
}
