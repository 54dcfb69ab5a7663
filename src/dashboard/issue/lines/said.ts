// What one line of an agent's output says to people. A reader of a format answers null for a line that is not of its
// format, and never throws.

import type { JsonObject } from '../json-look.ts';

export type SaidKind =
  /** The agent speaks. */
  | 'text'
  | 'thought'
  /** What the agent was told. */
  | 'prompt'
  | 'call'
  | 'result'
  /** A fact about the session: it began, it ended, what it used. */
  | 'note'
  | 'error'
  /** Plain output, in no format that is known. */
  | 'plain'
  /** Protocol that says nothing to people; `text` is its name. */
  | 'noise';

export interface Said {
  readonly kind: SaidKind;
  readonly text: string;
  /** The tool's; "" where there is none. */
  readonly name: string;
  /** Of a `result`; null = not said. */
  readonly ok: boolean | null;
  /** It goes on where the line before of the same kind stopped. */
  readonly isPiece: boolean;
}

export type LineReader = (line: JsonObject) => readonly Said[] | null;

export function say(kind: SaidKind, text: string, more: Partial<Said> = {}): Said {
  return { kind, text, name: '', ok: null, isPiece: false, ...more };
}

export const noise = (name: string): readonly Said[] => [say('noise', name)];
