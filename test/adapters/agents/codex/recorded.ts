// What the real Codex said (0.169), as fixtures: whole dialogues, or the sessions of one.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const FOLDER = join(import.meta.dirname, '../../../fixtures/agents/codex');

export function fixturePath(name: string): string {
  return join(FOLDER, name);
}

export function linesOf(name: string): string[] {
  return readFileSync(fixturePath(name), 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}

/** Only what the agent said. */
export function saidBy(lines: readonly string[]): string[] {
  return lines.filter((line) => !line.startsWith('{"dir":'));
}

/** The one session of a dialogue of several in which a text occurs. */
export function sessionWith(name: string, text: string): string[] {
  const sessions: string[][] = [];
  for (const line of linesOf(name)) {
    if (line.includes('"method":"initialize"')) sessions.push([]);
    sessions.at(-1)?.push(line);
  }
  const found = sessions.find((lines) => lines.some((line) => line.includes(text)));
  if (found === undefined) throw new Error(`no session of ${name} has ${text}`);
  return found;
}
