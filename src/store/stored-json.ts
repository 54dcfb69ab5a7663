// JSON on its way into a row: every text in it, keys too, loses its secrets before the whole is spelled out, because a
// secret that JSON has escaped would not be recognised. What will be sent is never cut; what is only read may be.
import { outsideText, textLimit, type Redact } from './storable.ts';

interface Cuts {
  /** Of each text. */
  readonly characters: number;
  readonly depth: number;
}

const deepest = 100;
/** Of the JSON of one value in the audit. */
const readLimit = 65_536;

/** Whole. Throws a RangeError when it is nested too deep to be an honest one. */
export function storedJson(value: unknown, redact: Redact): string {
  return JSON.stringify(redacted(value, redact, null, 0));
}

export function storedJsonOrNull(value: unknown, redact: Redact): string | null {
  return value === null ? null : storedJson(value, redact);
}

/** For people to read: long texts, deep places and large wholes are cut and say so. */
export function readableJson(value: unknown, redact: Redact): unknown {
  const safe = redacted(value, redact, { characters: textLimit, depth: 32 }, 0);
  const json = JSON.stringify(safe) as string | undefined;
  if (json === undefined) return null;
  if (json.length <= readLimit) return safe;
  return { cut: `${json.length} characters of JSON`, begins: json.slice(0, textLimit) };
}

function redacted(value: unknown, redact: Redact, cuts: Cuts | null, depth: number): unknown {
  if (typeof value === 'string') return cuts ? outsideText(value, redact, cuts.characters) : redact(value);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= (cuts?.depth ?? deepest)) {
    if (cuts) return '… (nested deeper)';
    throw new RangeError(`JSON nested deeper than ${deepest}: refuse it before it is stored`);
  }
  if (Array.isArray(value)) return value.map((item) => redacted(item, redact, cuts, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      cuts ? outsideText(key, redact, cuts.characters) : redact(key),
      redacted(item, redact, cuts, depth + 1),
    ]),
  );
}

/** Of our own spelling: a row that does not parse was written by somebody else, and the read fails. */
export function parsedOrNull<T>(json: string | null): T | null {
  return json === null ? null : (JSON.parse(json) as T);
}
