// `agent.command` of agents that are programs: words, not a shell line. The first names the program, the others
// come before our own arguments (`npx --no-install gemini`).

import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';
import { AgentError } from '../../../src/contract/agent.ts';

/** A program and the arguments that come before all others. */
export interface Program {
  /** A name that is looked for on PATH, or a path. */
  readonly file: string;
  readonly args: readonly string[];
}

/** Words are parted by white space; quotes of both kinds and a backslash keep it. null when a quote is left open. */
export function splitCommand(command: string): Program | null {
  const words: string[] = [];
  let word = '';
  let inWord = false;
  let quote = '';
  for (let index = 0; index < command.length; index += 1) {
    const char = command.charAt(index);
    if (char === '\\' && quote !== "'" && index + 1 < command.length) {
      index += 1;
      word += command.charAt(index);
      inWord = true;
    } else if (quote !== '') {
      if (char === quote) quote = '';
      else word += char;
    } else if (char === '"' || char === "'") {
      quote = char;
      inWord = true;
    } else if (/\s/.test(char)) {
      if (inWord) words.push(word);
      word = '';
      inWord = false;
    } else {
      word += char;
      inWord = true;
    }
  }
  if (quote !== '') return null;
  if (inWord) words.push(word);
  const [file, ...args] = words;
  return file === undefined || file === '' ? null : { file, args };
}

/** Like `splitCommand`; throws `agent_not_found`. */
export function requireProgram(command: string): Program {
  const program = splitCommand(command);
  if (program !== null) return program;
  throw new AgentError('agent_not_found', `agent.command ${JSON.stringify(command)} is no command`);
}

/**
 * For `AgentRegistration.checkCommand`: null when the program is there; otherwise what to do. Starts nothing.
 * @param install how one gets it, e.g. `npm install -g @openai/codex`; "" when nobody can say.
 */
export async function checkProgram(
  command: string,
  env: Readonly<Record<string, string>>,
  { install }: { readonly install: string },
): Promise<string | null> {
  const program = splitCommand(command);
  if (program === null) {
    return `agent.command: ${JSON.stringify(command)} is no command: write the program and its arguments, every quote closed`;
  }
  const { file } = program;
  if ((await findProgram(file, env)) !== null) return null;
  const remedy = install === '' ? 'install it' : `install it (${install})`;
  return file.includes('/')
    ? `agent.command: ${file} does not exist or is not executable; correct the path, or ${remedy}`
    : `agent.command: "${file}" was not found on PATH; ${remedy}, give its full path, or set PATH in agent.env`;
}

/** The absolute path of an executable file; null when there is none, or when it depends on the workspace. */
export async function findProgram(
  file: string,
  env: Readonly<Record<string, string>>,
): Promise<string | null> {
  if (file.includes('/')) return isAbsolute(file) && (await isProgram(file)) ? file : null;
  for (const folder of (env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, file);
    if (isAbsolute(folder) && (await isProgram(path))) return path;
  }
  return null;
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
