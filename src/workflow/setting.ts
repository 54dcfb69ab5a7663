// The building blocks of the settings schema: one function a kind of value, and the facts that zod has no
// place for (when a change takes effect, what expands, what people are told to write). The registry below
// is what the reader, the reference page and the JSON Schema all look into.

import { z } from 'zod';

export type TakesEffect =
  | 'restart'
  | 'next tick'
  | 'next evaluation'
  | 'next dispatch'
  | 'next retry'
  | 'next usage report'
  | 'future ticks'
  | 'future dispatches'
  | 'future attempts'
  | 'future runs'
  | 'future exits'
  | 'future notifications'
  | 'future calls'
  | 'next clean-up';

/**
 * What `$VAR` means in a value. `secret`: anywhere in the text, and the value is never shown.
 * `reference`: only when the whole value is one reference. `path`: anywhere, plus `~`, and a relative path
 * starts at the folder of WORKFLOW.md.
 */
export type Expansion = 'secret' | 'reference' | 'path';

export interface SettingFacts {
  /** `texts`: a list, or one text without the brackets. */
  readonly shape: 'text' | 'list' | 'texts' | 'whole' | 'flag' | 'number' | 'map';
  /** Follows "must be": what to write. */
  readonly expects: string;
  readonly about: string;
  readonly takesEffect: TakesEffect;
  /** For the reference page. */
  readonly defaultText: string;
  /** For the JSON Schema; absent when it depends on the adapter or the machine. */
  readonly defaultValue?: unknown;
  readonly expand?: Expansion | undefined;
  /** false = no environment variable of its own; absent = it has one when it is a text, a list or a number. */
  readonly env?: false | undefined;
  /** Bad values are left out with a warning, and the default counts; absent = they are errors. */
  readonly lenient?: true | undefined;
  /** Must be set wherever its section stands. */
  readonly required?: true | undefined;
  /** Shell text: what it assigns to a variable may be a credential. */
  readonly isScript?: true | undefined;
  /** All that there is, for hints. */
  readonly known?: readonly string[] | undefined;
  /** A regular expression that each item of a list must match. */
  readonly itemPattern?: string | undefined;
  /** One of many that are seldom set: those in force are shown without it. */
  readonly shownWhenSetOnly?: true | undefined;
}

export const settingFacts = z.registry<SettingFacts>();

/** Registers last, because every zod method answers a new schema that the registry would not know. */
export function setting<S extends z.ZodType>(schema: S, facts: SettingFacts): S {
  const described = schema.describe(facts.about);
  settingFacts.add(described, facts);
  return described;
}

const noNul = (value: string): boolean => !value.includes('\0');

/** One line or many, trimmed at both ends. NUL cannot be passed to a process, so it is refused at once. */
export const text = z.string().trim().refine(noNul, 'holds a NUL character');

/** Kept as it is written: scripts and values of environment variables. */
export const verbatim = z.string().refine(noNul, 'holds a NUL character');

/** Trimmed texts that are not empty. */
export const list = z.array(z.string().trim().min(1).refine(noNul, 'holds a NUL character'));

/** A whole number, quoted or not. */
export function whole(least: number, most: number = Number.MAX_SAFE_INTEGER): z.ZodType<number> {
  const bounded = z.int().min(least).max(most);
  return z.union([
    bounded,
    z
      .string()
      .trim()
      .regex(/^[+-]?\d+$/)
      .transform(Number)
      .pipe(bounded),
  ]);
}

export function wholeText(least: number, most?: number): string {
  const range = most === undefined ? `${least} or more` : `from ${least} to ${most}`;
  return `a whole number, ${least === Number.MIN_SAFE_INTEGER ? 'negative ones included' : range}`;
}

/** USD and the like, quoted or not. */
export const amount: z.ZodType<number> = z.union([
  z.number().min(0),
  z
    .string()
    .trim()
    .regex(/^\d+(?:\.\d+)?$/)
    .transform(Number)
    .pipe(z.number().min(0)),
]);
