// What the commands share: one way to parse, one way to say what is wrong. Help goes to stdout, diagnostics to
// stderr; a bad command line is exit code 1 with one line that says what to do.

import { type Command, CommanderError, InvalidArgumentError } from 'commander';
import type { WorkflowProblem } from '../contract/index.ts';

export const DEFAULT_WORKFLOW = 'WORKFLOW.md';

/** Parses; a number is the exit code of a run that is over already (help, bad usage). */
export function parse(command: Command, args: readonly string[]): number | null {
  command.exitOverride().configureOutput({
    outputError: (text, write) => {
      write(text.replace(/^error: /, 'error: args: '));
    },
  });
  try {
    command.parse(args, { from: 'user' });
    return null;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 1;
    throw error;
  }
}

/** For `--port`: checked here so that the message names the flag. */
export function portNumber(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text.trim()) || port > 65_535) {
    throw new InvalidArgumentError('expected a port number from 0 (off) to 65535.');
  }
  return port;
}

/** `severity: check: message`, one line each. */
export function problemLine({ severity, check, message }: WorkflowProblem): string {
  return `${severity}: ${check}: ${message}\n`;
}

/**
 * Tracker text may hold anything; a field of a line may hold neither tabs, line ends nor escape codes, nor marks that
 * turn the order of what is read.
 */
export function oneField(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]/gu, ' ').replace(/\p{Bidi_Control}/gu, '');
}

/** JSON for a terminal: the same value, with what a terminal may obey written as escapes. `indent` 0 = one line. */
export function jsonText(value: unknown, indent: 0 | 2): string {
  return escapeJson(JSON.stringify(value, null, indent));
}

/** Of JSON text. */
export function escapeJson(text: string): string {
  return text.replace(
    /[\u007f-\u009f\u2028\u2029]|\p{Bidi_Control}/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

export function printJson(answer: unknown): void {
  process.stdout.write(`${jsonText(answer, 2)}\n`);
}

/** `1 issue`, `2 issues`. */
export function countOf(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
