// Takes known secret values out of text before it is logged, stored or shown: by value, not by the name of
// the field, because a token turns up in messages, URLs and agents' output. Always current: a reload calls
// `update`, and every holder of the redactor sees the new values at once. Never throws.

import { spellingsOf } from './secret-spellings.ts';

export const REDACTED = '[redacted]';

export interface Redactor {
  /** The text with every spelling of every known secret replaced by `[redacted]`. */
  redact(text: string): string;
  /**
   * The values in force after a reload. Those before stay known: `server.token` holds until a restart, and runs under
   * way keep the environment they were started with. Values under 4 characters are ignored.
   */
  update(secretValues: readonly string[]): void;
  /** Known beside those of the settings until it is forgotten: a token that lives as long as a run. */
  keep(secretValue: string): () => void;
}

/** A person changes a handful in the life of a daemon; a file that a program writes must not fill the memory. */
const REMEMBERED = 200;

/** Longest first is not enough: overlapping finds are merged, so that no tail of a secret stays behind. */
export function createRedactor(secretValues: readonly string[] = []): Redactor {
  let known = [...secretValues];
  const kept = new Set<string>();
  let spellings = spell(known);
  const respell = (): void => {
    spellings = spell([...known, ...kept]);
  };
  return {
    redact: (text) => blot(text, findAll(text, spellings)),
    update: (values) => {
      const before = known.filter((value) => !values.includes(value));
      known = [...values, ...before.slice(0, REMEMBERED)];
      respell();
    },
    keep: (value) => {
      kept.add(value);
      respell();
      return () => {
        kept.delete(value);
        respell();
      };
    },
  };
}

interface Range {
  readonly from: number;
  to: number;
}

function spell(values: readonly string[]): readonly string[] {
  const all = new Set(values.flatMap(spellingsOf));
  return [...all].sort((a, b) => b.length - a.length);
}

function findAll(text: string, spellings: readonly string[]): Range[] {
  const found: Range[] = [];
  for (const spelling of spellings) {
    let at = text.indexOf(spelling);
    while (at !== -1) {
      found.push({ from: at, to: at + spelling.length });
      at = text.indexOf(spelling, at + 1);
    }
  }
  return found;
}

function blot(text: string, found: Range[]): string {
  if (found.length === 0) return text;
  found.sort((a, b) => a.from - b.from);
  const merged: Range[] = [];
  for (const range of found) {
    const last = merged.at(-1);
    if (last !== undefined && range.from < last.to) last.to = Math.max(last.to, range.to);
    else merged.push({ ...range });
  }
  let result = '';
  let done = 0;
  for (const { from, to } of merged) {
    result += text.slice(done, from) + REDACTED;
    done = to;
  }
  return result + text.slice(done);
}
