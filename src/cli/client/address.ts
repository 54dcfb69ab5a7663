// Where the daemon is and what opens its door: `--url`, or the server settings of the workflow, or the defaults. Never
// guesses past something that is wrong: a word must not reach the daemon of another workflow, nor the token that a
// WORKFLOW.md holds another machine.

import { existsSync, readFileSync } from 'node:fs';
import { isIPv4 } from 'node:net';
import { resolve } from 'node:path';
import { DEFAULT_WORKFLOW, messageOf } from '../command-line.ts';
import type { ClientFlags } from './flags.ts';
import { readServerSettings, type FoundServer, type ServerQuestion } from './server-settings.ts';

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

const TOKEN = 'SORTIE_SERVER_TOKEN';
/** Where a daemon listens on every address, this machine's own one is asked. */
const EVERYWHERE: Readonly<Record<string, string>> = { '0.0.0.0': '127.0.0.1', '::': '::1' };

/** Throws an Error with one line for people. */
export async function findDaemon(
  flags: Pick<ClientFlags, 'workflow' | 'envFile' | 'url' | 'tokenFile'>,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Address> {
  const address = await addressOf(flags, env);
  const found = flags.tokenFile === undefined ? address : { ...address, token: readToken(flags.tokenFile) };
  // A header cannot carry it: `SORTIE_SERVER_TOKEN` was read from a file with its line end.
  if (/\p{Cc}/u.test(found.token))
    throw new Error(`the token holds a line end or the like: set ${TOKEN} anew`);
  return found;
}

const LONGEST_TOKEN = 4_096;

/** The line end that editors and `echo` put there is no part of it. */
function readToken(path: string): string {
  let token: string;
  try {
    token = readFileSync(path, 'utf8').trim();
  } catch (error) {
    throw new Error(`--token-file: ${messageOf(error)}`, { cause: error });
  }
  if (token === '') throw new Error(`--token-file: ${path} is empty: write the token into it`);
  // No header can carry more: Node's own limit is 16 KiB for all of them.
  if (token.length > LONGEST_TOKEN) throw new Error(`--token-file: ${path} holds more than a token`);
  return token;
}

async function addressOf(
  { workflow, envFile, url }: Pick<ClientFlags, 'workflow' | 'envFile' | 'url'>,
  env: Readonly<Record<string, string | undefined>>,
): Promise<Address> {
  const path = resolve(workflow ?? DEFAULT_WORKFLOW);
  if (workflow !== undefined && !existsSync(path)) throw new Error(`--workflow: ${path} is not there`);
  const question = { path, env, envFile };
  if (url === undefined) return fromSettings(await readServerSettings(question), path);
  const place = placeOf(url);
  const token = env[TOKEN] ?? '';
  // Who may open a socket needs no token; one of his own says there, too, who he is.
  if (place.socketPath !== null) return { ...place, token, from: '--url' };
  return { ...place, token: token || (await tokenOf(question, place.origin)), from: '--url' };
}

function fromSettings(found: FoundServer, path: string): Address {
  const { host, port, socket, token, portFrom } = found;
  if (socket !== '' && existsSync(socket)) {
    return {
      ...overSocket(socket),
      token: found.isTokenOfEnvironment ? token : '',
      from: 'server.socket',
    };
  }
  if (port === 0) {
    const why = socket === '' ? '(server.port is 0)' : `on a port, and nothing listens on ${socket}`;
    throw new Error(`the workflow ${path} has no web server ${why}: name the daemon with --url`);
  }
  const near = EVERYWHERE[host] ?? host;
  const origin = `http://${near.includes(':') ? `[${near}]` : near}:${port}`;
  const absent = existsSync(path) ? '' : `; there is no ${path}`;
  return { origin, socketPath: null, token, from: `server.port: ${portFrom}${absent}` };
}

/**
 * With `--url` a workflow need not be there, nor be in order. Whoever sets SORTIE_SERVER_TOKEN means whomever they ask;
 * what the file holds is for the machine that it names.
 */
async function tokenOf(question: ServerQuestion, origin: string): Promise<string> {
  return readServerSettings(question).then(
    ({ token, isTokenOfEnvironment, host }) =>
      isTokenOfEnvironment || isSameMachine(new URL(origin).hostname, host) ? token : '',
    () => '',
  );
}

/** By what is written: names are not looked up. */
function isSameMachine(asked: string, host: string): boolean {
  const name = asked.replace(/^\[|\]$/g, '').toLowerCase();
  const own = (EVERYWHERE[host] ?? host).toLowerCase();
  return name === own || (isThisMachine(name) && isThisMachine(own));
}

function isThisMachine(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIPv4(host) && host.startsWith('127.'));
}

function placeOf(text: string): Pick<Address, 'origin' | 'socketPath'> {
  if (/^unix:./.test(text)) return overSocket(resolve(text.replace(/^unix:(?:\/\/(?=\/))?/, '')));
  const url = URL.canParse(text) ? new URL(text) : null;
  const isOne = url !== null && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === '';
  // What stands before an @ may be a password, and is not shown.
  if (!isOne || url.username !== '' || url.password !== '') {
    const shown = text.includes('@') ? 'this' : JSON.stringify(text);
    throw new Error(`--url: ${shown} is no URL of a daemon: write http://host:port or unix:/path`);
  }
  return { origin: `${url.origin}${url.pathname.replace(/\/+$/, '')}`, socketPath: null };
}

function overSocket(socketPath: string): Pick<Address, 'origin' | 'socketPath'> {
  return { origin: 'http://localhost', socketPath };
}
