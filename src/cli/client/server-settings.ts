// The server's settings of a WORKFLOW.md, and nothing else of it: where its daemon is must be known even while the
// template is being written or the tracker's credentials are in another shell. Loads no adapter, so it is quick.

import { existsSync } from 'node:fs';
import { dirname } from 'node:path';
import type { ServerSettings } from '../../contract/settings.ts';
import { readEnvFile } from '../../workflow/env-file.ts';
import { splitFence } from '../../workflow/fence.ts';
import { parseFrontMatter, type FrontMatter } from '../../workflow/front-matter.ts';
import type { Environment } from '../../workflow/load-options.ts';
import { ProblemList } from '../../workflow/problem-list.ts';
import { readTextFile } from '../../workflow/read-file.ts';
import { readSettings } from '../../workflow/read-settings.ts';
import { Variables } from '../../workflow/variables.ts';
import { messageOf } from '../command-line.ts';

export interface FoundServer extends Pick<ServerSettings, 'host' | 'port' | 'socket'> {
  /** "" = none, or it cannot be known here. */
  readonly token: string;
  /** It was set as SORTIE_SERVER_TOKEN, in the environment or the .env file, and not by WORKFLOW.md. */
  readonly isTokenOfEnvironment: boolean;
  /** For messages: where the port was written. */
  readonly portFrom: string;
}

export interface ServerQuestion {
  /** Absolute; a file that is not there says nothing, and the environment and the defaults count. */
  readonly path: string;
  readonly env: Environment;
  readonly envFile: string | undefined;
}

/** A guess at the address could reach the daemon of another workflow, so what is wrong with it is an error. */
const ADDRESS_KEYS = ['server', 'server.host', 'server.port', 'server.socket'];

/** Throws an Error with one line for people. */
export async function readServerSettings({ path, env, envFile }: ServerQuestion): Promise<FoundServer> {
  const file = await readEnvFile(envFile ?? env['SORTIE_ENV_FILE']);
  const unreadable = file.problems.find(({ severity }) => severity === 'error');
  if (unreadable !== undefined) throw new Error(unreadable.message);
  const problems = new ProblemList();
  const { values, invalid, origins } = readSettings({
    frontMatter: await readFrontMatter(path),
    variables: new Variables(env, file),
    overrides: {},
    problems,
    directory: dirname(path),
    blockNames: new Set(),
  });
  const wrong = ADDRESS_KEYS.find((key) => invalid.has(key));
  if (wrong !== undefined) {
    const said = problems.all.find(({ check }) => check === `config.${wrong}`)?.message ?? wrong;
    throw new Error(`${said}; or name the daemon with --url`);
  }
  const { host, port, token, socket } = values.server;
  const portFrom = origins.get('server.port')?.place ?? 'the default';
  const source = origins.get('server.token')?.source;
  const isTokenOfEnvironment = source === 'environment' || source === 'env_file';
  return { host, port, token, isTokenOfEnvironment, socket: socket ?? '', portFrom };
}

async function readFrontMatter(path: string): Promise<FrontMatter> {
  let yaml: string | null = null;
  try {
    if (existsSync(path)) yaml = splitFence(path, (await readTextFile(path)).text).yaml;
  } catch (error) {
    throw cannotTell(path, messageOf(error));
  }
  const parsed = parseFrontMatter(path, yaml);
  if (!parsed.ok) throw cannotTell(path, parsed.errors[0]?.message ?? '');
  return parsed.frontMatter;
}

function cannotTell(path: string, why: string): Error {
  const place = why.startsWith(path) ? '' : `${path}: `;
  return new Error(`${place}${why}; correct it, or name the daemon with --url`);
}
