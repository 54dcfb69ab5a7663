// One record to one line, twice: logfmt and JSON. Both keep the record on its line and harmless on a
// terminal: control characters, ANSI escapes, Unicode line ends and direction overrides in a value are
// written as escapes, so that no issue title or agent output can forge a second line or repaint the screen.

import { bounded } from './log-values.ts';

/** What pino wrote, read back: time, level, msg first, then bindings and fields. */
export type LogRecord = Readonly<Record<string, unknown>>;

export type RecordFormat = (record: LogRecord, redact: (text: string) => string) => string;

export const formatJson: RecordFormat = (record, redact) =>
  `${escapeUnseen(JSON.stringify(ordered(record, redact)))}\n`;

export const formatLogfmt: RecordFormat = (record, redact) => {
  const pairs = Object.entries(ordered(record, redact)).map(
    ([key, value]) => `${logfmtKey(key)}=${key === 'msg' ? quoted(textOf(value)) : logfmtValue(value)}`,
  );
  return `${pairs.join(' ')}\n`;
};

/** `time level msg` first, whatever the order of arrival; everything after is redacted and bounded. */
function ordered(record: LogRecord, redact: (text: string) => string): Record<string, unknown> {
  const { time, level, msg, ...rest } = record;
  const clean: Record<string, unknown> = { time, level, msg: cleanValue(msg ?? '', redact) };
  for (const [key, value] of Object.entries(rest)) clean[redact(key)] = cleanValue(value, redact);
  return clean;
}

function cleanValue(value: unknown, redact: (text: string) => string): unknown {
  if (typeof value === 'string') return bounded(redact(value));
  if (typeof value === 'number') {
    // A secret of digits only may arrive as a number.
    const text = String(value);
    const shown = redact(text);
    return shown === text ? value : shown;
  }
  if (Array.isArray(value)) return value.map((item) => cleanValue(item, redact));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([key, item]) => [redact(key), cleanValue(item, redact)]),
    );
  }
  return value;
}

function logfmtKey(key: string): string {
  const safe = key.replace(/[^A-Za-z0-9_.-]/g, '_');
  return safe === '' ? '_' : safe;
}

function logfmtValue(value: unknown): string {
  const text = textOf(value);
  return /^[\p{L}\p{N}_.:/@+,%#~-]+$/u.test(text) ? text : quoted(text);
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return JSON.stringify(value) ?? '';
}

/** JSON's escapes are logfmt's too: `\"`, `\\`, `\n`, `\t`, `\u001b`. */
function quoted(text: string): string {
  return escapeUnseen(JSON.stringify(text));
}

/** What JSON.stringify leaves as it is though a terminal or a reader of lines would act on it. */
function escapeUnseen(json: string): string {
  return json.replace(
    /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
