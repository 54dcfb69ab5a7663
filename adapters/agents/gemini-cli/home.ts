// A home of its own for one turn of the CLI, because the CLI takes MCP servers and limits only from a settings file,
// and the system's file only when root owns it and all folders above it. GEMINI_CLI_HOME names a private folder whose
// `.gemini` holds links to everything in the user's own (login, sessions, extensions, policies) but for
// `settings.json`, which is the user's with our keys laid over it. The user's folder is never changed by us, except
// that the two folders in which sessions live are made when they are missing; the workspace is never written.

import { mkdir, readdir, symlink, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { AgentError } from '../../../src/contract/agent.ts';
import { readPlainText } from '../driver/index.ts';
import { isJsonObject, parseCommentedJson } from './commented-json.ts';

const FOLDER = '.gemini';
const SETTINGS = 'settings.json';
/** Rewritten by rename, which would replace a link; the CLI finds its sessions without it. */
const REGISTRY = 'projects.json';
/** Sessions (by workspace) and their checkpoints: they must outlive the turn. */
const KEPT_FOLDERS = ['tmp', 'history'];
/** Neither is ever near it. */
const LARGEST_BYTES = 4 * 1024 * 1024;
/** Beside `.gemini` in the home. */
const BESIDE = ['.agents', '.env'];

type JsonObject = Readonly<Record<string, unknown>>;

/** The part of the CLI's settings that is ours; a key that is absent stays the user's. */
export interface OwnSettings {
  readonly mcpServers: JsonObject;
  readonly maxSessionTurns: number | null;
}

/** The home that the CLI would use by itself; an empty variable is none. */
export function userHome(env: Readonly<Record<string, string>>): string {
  return env['GEMINI_CLI_HOME'] || env['HOME'] || homedir();
}

/** Makes the home in an existing private folder. Throws `agent_config_error` when the user's settings cannot be read. */
export async function makeHome(
  folder: string,
  env: Readonly<Record<string, string>>,
  own: OwnSettings,
): Promise<string> {
  const real = join(userHome(env), FOLDER);
  const home = join(folder, 'home');
  const made = join(home, FOLDER);
  await mkdir(made, { recursive: true, mode: 0o700 });
  for (const name of KEPT_FOLDERS) await mkdir(join(real, name), { recursive: true, mode: 0o700 });
  for (const name of await readdir(real)) {
    if (name === SETTINGS || name.startsWith(REGISTRY)) continue;
    await symlink(join(real, name), join(made, name));
  }
  const registry = await readPlainText(join(real, REGISTRY), LARGEST_BYTES).catch(ignoreMissing);
  if (registry !== undefined) await writeFile(join(made, REGISTRY), registry, { mode: 0o600, flag: 'wx' });
  const beside = new Set(await readdir(userHome(env)));
  for (const name of BESIDE) {
    if (beside.has(name)) await symlink(join(userHome(env), name), join(home, name));
  }
  const settings = mergeSettings(await readSettings(join(real, SETTINGS)), own, env);
  // It may hold the headers and tokens of MCP servers.
  await writeFile(join(made, SETTINGS), JSON.stringify(settings, null, 2), { mode: 0o600, flag: 'wx' });
  return home;
}

/** The user's settings with ours over them. Pure. */
function mergeSettings(
  user: JsonObject,
  own: OwnSettings,
  env: Readonly<Record<string, string>>,
): JsonObject {
  const part = (name: string): JsonObject => {
    const value = user[name];
    return isJsonObject(value) ? value : {};
  };
  const security = part('security');
  const auth = isJsonObject(security['auth']) ? security['auth'] : {};
  const authType = auth['selectedType'] === undefined ? authTypeOf(env) : null;
  return {
    ...user,
    privacy: { ...part('privacy'), usageStatisticsEnabled: false },
    general: { ...part('general'), enableAutoUpdate: false, enableAutoUpdateNotification: false },
    ...(own.maxSessionTurns === null
      ? {}
      : { model: { ...part('model'), maxSessionTurns: own.maxSessionTurns } }),
    mcpServers: { ...part('mcpServers'), ...own.mcpServers },
    ...withAllowed(user, Object.keys(own.mcpServers)),
    ...(authType === null ? {} : { security: { ...security, auth: { ...auth, selectedType: authType } } }),
  };
}

/** Who names the servers that may be used has not thought of those that are handed over here. */
function withAllowed(user: JsonObject, names: readonly string[]): JsonObject {
  const mcp = isJsonObject(user['mcp']) ? user['mcp'] : {};
  const allowed: unknown = mcp['allowed'];
  return Array.isArray(allowed)
    ? { mcp: { ...mcp, allowed: [...new Set([...(allowed as unknown[]), ...names])] } }
    : {};
}

/** Where a base URL is set, the CLI guesses a method that it then refuses; a key alone says what is meant. */
function authTypeOf(env: Readonly<Record<string, string>>): string | null {
  if (env['GOOGLE_GENAI_USE_GCA'] === 'true' || env['GOOGLE_GENAI_USE_VERTEXAI'] === 'true') return null;
  return env['GEMINI_API_KEY'] ? 'gemini-api-key' : null;
}

async function readSettings(path: string): Promise<JsonObject> {
  const text = await readPlainText(path, LARGEST_BYTES).catch(ignoreMissing);
  if (text === undefined) return {};
  const value = parseCommentedJson(text);
  if (value !== null) return value;
  throw new AgentError('agent_config_error', `${path} is no JSON object: correct it, or remove it`);
}

function ignoreMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}
