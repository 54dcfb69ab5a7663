// The ways in which one secret value may be written in a log line or a stored text: as it is, JSON-escaped,
// URL-encoded, in base64, and the token of `name:token` alone. Pure. Refuses to spell values so short that redacting them would blot out
// ordinary words.

/** Shorter values are not redacted: `id` or `on` would turn every line into noise and protect nothing. */
export const SHORTEST_SECRET = 4;
/** An inner piece of a base64 text is only telling from here on; shorter ones match by chance. */
const SHORTEST_BASE64 = 8;
/** One line of a many-line secret (a private key) is redacted by itself from this length on. */
const SHORTEST_LINE = 12;
/** The second half of `name:token`, by itself. */
const SHORTEST_HALF = 8;

/** Every spelling of one value, without duplicates; [] for a value that is too short. */
export function spellingsOf(value: string): string[] {
  const found = new Set<string>();
  for (const plain of [value, value.trim(), ...linesOf(value), ...secondHalfOf(value)]) {
    if (plain.length < SHORTEST_SECRET) continue;
    found.add(plain);
    for (const escaped of jsonSpellings(plain)) found.add(escaped);
    for (const encoded of urlSpellings(plain)) found.add(encoded);
    for (const encoded of base64Spellings(plain)) found.add(encoded);
  }
  return [...found];
}

function linesOf(value: string): string[] {
  const lines = value.split(/\r?\n/).map((line) => line.trim());
  return lines.length > 1 ? lines.filter((line) => line.length >= SHORTEST_LINE) : [];
}

/** A login such as `email:token` turns up whole, and its token alone: in another program's variable or message. */
function secondHalfOf(value: string): string[] {
  const half = value.slice(value.indexOf(':') + 1).trim();
  return value.includes(':') && half.length >= SHORTEST_HALF ? [half] : [];
}

/** JSON in JSON is common: an agent's event line that is logged as a string of a JSON log line. */
function jsonSpellings(value: string): string[] {
  const once = JSON.stringify(value).slice(1, -1);
  const twice = JSON.stringify(once).slice(1, -1);
  const slashed = once.replaceAll('/', '\\/');
  const ascii = once.replace(
    /[^\x20-\x7e]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return [once, twice, slashed, ascii];
}

function urlSpellings(value: string): string[] {
  // A lone surrogate would make encodeURIComponent throw; through UTF-8 it becomes U+FFFD.
  const wellFormed = Buffer.from(value, 'utf8').toString('utf8');
  const component = encodeURIComponent(wellFormed);
  const uri = encodeURI(wellFormed);
  const form = new URLSearchParams([['', wellFormed]]).toString().slice(1);
  const strict = component.replace(/[!'()*]/g, (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`);
  const upper = [component, uri, form, strict];
  const lower = upper.map((text) => text.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()));
  return [...upper, ...lower];
}

/**
 * In `Basic base64(user:token)` the token starts at an unknown offset, so each of the three alignments is
 * spelled; the characters that also depend on the neighbours are cut off.
 */
function base64Spellings(value: string): string[] {
  const bytes = Buffer.from(value, 'utf8');
  const spellings: string[] = [];
  for (const offset of [0, 1, 2]) {
    const shifted = Buffer.concat([Buffer.alloc(offset), bytes]);
    const first = Math.ceil((offset * 8) / 6);
    const last = Math.floor((shifted.length * 8) / 6);
    const inner = shifted.toString('base64').slice(first, last);
    if (inner.length >= SHORTEST_BASE64) spellings.push(inner);
  }
  const whole = bytes.toString('base64');
  if (whole.length >= SHORTEST_BASE64) spellings.push(whole);
  return spellings.flatMap((text) => [text, text.replaceAll('+', '-').replaceAll('/', '_')]);
}
