// Collects what is wrong, all of it, in the order found; and shows values in messages without ever showing
// a secret or a long text.

import type { WorkflowProblem } from '../contract/settings.ts';
import { oneLine } from './workflow-error.ts';

const SHOWN_LENGTH = 40;

export class ProblemList {
  readonly #found: WorkflowProblem[] = [];

  error(check: string, message: string): void {
    this.#found.push({ severity: 'error', check, message: oneLine(message) });
  }

  warning(check: string, message: string): void {
    this.#found.push({ severity: 'warning', check, message: oneLine(message) });
  }

  add(problems: readonly WorkflowProblem[]): void {
    this.#found.push(...problems);
  }

  get hasErrors(): boolean {
    return this.#found.some(({ severity }) => severity === 'error');
  }

  get warnings(): readonly WorkflowProblem[] {
    return this.#found.filter(({ severity }) => severity === 'warning');
  }

  /** Errors first. */
  get all(): readonly WorkflowProblem[] {
    return [...this.#found.filter(({ severity }) => severity === 'error'), ...this.warnings];
  }
}

export function isPlainMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `the text "abc"`, `a list`, …; with `secret` the kind of value only. */
export function shown(value: unknown, secret = false): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  if (typeof value === 'string') return secret ? 'a text' : `the text ${quoted(value)}`;
  if (typeof value === 'number') return secret ? 'a number' : `the number ${String(value)}`;
  return secret ? `a ${typeof value}` : JSON.stringify(value);
}

export function quoted(value: string): string {
  const short = value.length > SHOWN_LENGTH ? `${value.slice(0, SHOWN_LENGTH)}…` : value;
  return JSON.stringify(short);
}
