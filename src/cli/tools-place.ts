// Where the tools of a run are, for a program that this run has started: address and token stand in a file of the run's
// private folder. SORTIE_TOOLS_FILE names it; otherwise it is found by the workflow's database and SORTIE_RUN_ID. Of
// WORKFLOW.md only `db_path` is looked at: a run's environment holds no credentials, so the rest need not be whole.

import { readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { realDatabasePath } from '../store/database-path.ts';
import { readEnvFile } from '../workflow/env-file.ts';
import { splitFence } from '../workflow/fence.ts';
import { parseFrontMatter } from '../workflow/front-matter.ts';
import { ProblemList } from '../workflow/problem-list.ts';
import { readTextFile } from '../workflow/read-file.ts';
import { readSettings } from '../workflow/read-settings.ts';
import { Variables } from '../workflow/variables.ts';
import { TOOLS_FILE_NAME, TOOLS_FILE_VARIABLE } from '../tools/mcp/tools-file.ts';
import type { ToolAccess } from '../tools/mcp/tools-file.ts';
import { messageOf } from './command-line.ts';

const RUN_ID = /^[\w-]{1,100}$/;

export interface PlaceQuestion {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly workflow: string | undefined;
  readonly envFile: string | undefined;
}

/** Throws an Error with one line for people. */
export async function findTools(question: PlaceQuestion): Promise<ToolAccess> {
  const path = await toolsFile(question);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    const isGone = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    const why = isGone ? 'it does not exist: the run has ended, or has no tools' : messageOf(error);
    throw new Error(`${path}: ${why}; this command works only inside of a run`, { cause: error });
  }
  const access = readAccess(text);
  if (access === null)
    throw new Error(`${path}: it holds no address and token of tools; let sortie write it`);
  return access;
}

async function toolsFile({ env, workflow, envFile }: PlaceQuestion): Promise<string> {
  const named = env[TOOLS_FILE_VARIABLE] ?? '';
  if (named !== '') return resolve(named);
  const runId = env['SORTIE_RUN_ID'] ?? '';
  if (workflow === undefined || runId === '') {
    throw new Error(
      `there is no run here: an agent of sortie starts this command, with ${TOOLS_FILE_VARIABLE} set ` +
        '(or SORTIE_RUN_ID, and --workflow)',
    );
  }
  if (!RUN_ID.test(runId))
    throw new Error('SORTIE_RUN_ID is no id of a run; take it as the agent was given it');
  const dbPath = await databasePath(resolve(workflow), env, envFile);
  return join(`${realDatabasePath(dbPath)}.private`, runId, TOOLS_FILE_NAME);
}

async function databasePath(
  path: string,
  env: PlaceQuestion['env'],
  envFile: string | undefined,
): Promise<string> {
  const parsed = parseFrontMatter(path, splitFence(path, (await readTextFile(path)).text).yaml);
  if (!parsed.ok) throw new Error(parsed.errors[0]?.message ?? `${path} cannot be read`);
  const directory = dirname(path);
  const { values, invalid } = readSettings({
    frontMatter: parsed.frontMatter,
    variables: new Variables(env, await readEnvFile(envFile ?? env['SORTIE_ENV_FILE'])),
    overrides: {},
    problems: new ProblemList(),
    directory,
    blockNames: new Set(),
  });
  if (invalid.has('db_path')) throw new Error(`${path}: db_path is wrong; see sortie validate`);
  return values.db_path || join(directory, '.sortie.db');
}

function readAccess(text: string): ToolAccess | null {
  try {
    const { url, token } = JSON.parse(text) as Record<string, unknown>;
    return typeof url === 'string' && URL.canParse(url) && typeof token === 'string' && token !== ''
      ? { url, token }
      : null;
  } catch {
    return null;
  }
}
