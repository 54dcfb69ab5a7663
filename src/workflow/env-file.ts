// The `.env` file: KEY=VALUE lines, of which only SORTIE_* keys count. Nothing in it is expanded, nothing of
// it goes into process.env. A line that cannot be read is an error with its number, whatever its key is.

import { resolve } from 'node:path';
import type { WorkflowProblem } from '../contract/settings.ts';
import { FileReadError, readTextFile } from './read-file.ts';
import { showPlace } from './workflow-error.ts';

export interface EnvFileValue {
  readonly value: string;
  readonly line: number;
}

export interface EnvFile {
  /** Absolute; null when no file was asked for. */
  readonly path: string | null;
  readonly values: ReadonlyMap<string, EnvFileValue>;
  /** Of the bytes; "" when there is no file. */
  readonly hash: string;
  readonly problems: readonly WorkflowProblem[];
}

const assignment = /^(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.-]*)[ \t]*=[ \t]*(.*)$/;
const escapes: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '"': '"', '\\': '\\', $: '$' };

export async function readEnvFile(path: string | undefined): Promise<EnvFile> {
  const nothing = { values: new Map<string, EnvFileValue>(), hash: '' };
  if (path === undefined || path === '') return { path: null, ...nothing, problems: [] };
  const absolute = resolve(path);
  try {
    const { text, hash } = await readTextFile(absolute);
    return { path: absolute, hash, ...parseEnvFile(text, absolute) };
  } catch (error) {
    if (!(error instanceof FileReadError)) throw error;
    const severity = error.reason === 'missing' ? 'warning' : 'error';
    const message = `${showPlace({ path: absolute, line: error.line })}: the .env file: ${error.message}`;
    return {
      path: absolute,
      ...nothing,
      hash: error.hash ?? '',
      problems: [{ severity, check: 'args', message }],
    };
  }
}

/** `text` has `\n` line ends. A key that stands twice has its last value. */
export function parseEnvFile(text: string, path: string): Pick<EnvFile, 'values' | 'problems'> {
  const values = new Map<string, EnvFileValue>();
  const problems: WorkflowProblem[] = [];
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    if (line === '' || line.startsWith('#')) continue;
    const found = assignment.exec(line);
    const value = found ? readValue(found[2] ?? '') : null;
    if (!found || value === null) {
      const what = found
        ? 'the quoted value is not closed, or something follows it'
        : 'this is not KEY=VALUE';
      // The line itself is not shown: it may hold a secret.
      const message = `${showPlace({ path, line: index + 1 })}: ${what}; correct or remove the line`;
      problems.push({ severity: 'error', check: 'args', message });
      continue;
    }
    const name = found[1] ?? '';
    if (name.startsWith('SORTIE_')) values.set(name, { value, line: index + 1 });
  }
  return { values, problems };
}

/** null when a quote is not closed or is followed by anything but a comment. */
function readValue(raw: string): string | null {
  const quote = raw[0];
  if (quote !== '"' && quote !== "'") return raw.replace(/(?:^|[ \t])#.*$/, '').trimEnd();
  let value = '';
  for (let at = 1; at < raw.length; at += 1) {
    const char = raw[at] ?? '';
    if (char === quote) return /^[ \t]*(?:#.*)?$/.test(raw.slice(at + 1)) ? value : null;
    if (char === '\\' && quote === '"') {
      at += 1;
      const next = raw[at] ?? '';
      value += escapes[next] ?? `\\${next}`;
    } else value += char;
  }
  return null;
}
