// Dates in JQL: days and minutes ("2026-11-22 10:30", slashes too), distances from now (-1d, "-1w 2d") and the
// functions around now. The user's time zone is UTC here, which real accounts need not be.
import type { Operand } from './ast.ts';

const unitMs: Readonly<Record<string, number>> = {
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 7 * 86_400_000,
};
const distance = /^([+-]?)((?:\d+[wdhm]\s*)+)$/;
const day = /^(\d{4})[-/](\d{1,2})[-/](\d{1,2})(?:[ T](\d{1,2}):(\d{2}))?$/;

/** Milliseconds since 1970, or null when it is no date. */
export function readJqlDate(operand: Operand, nowMs: number): number | null {
  if (operand.kind === 'function') return readFunction(operand.name, operand.args, nowMs);
  return operand.kind === 'value' ? readText(operand.text, nowMs) : null;
}

function readText(text: string, nowMs: number): number | null {
  const moved = readDistance(text);
  if (moved !== null) return nowMs + moved;
  const parts = day.exec(text)?.slice(1);
  if (!parts) return null;
  const [year = 0, month = 1, date = 1, hour = 0, minute = 0] = parts.map((part) => Number(part ?? 0));
  const inRange = month >= 1 && month <= 12 && date >= 1 && date <= 31 && hour < 24 && minute < 60;
  return inRange ? Date.UTC(year, month - 1, date, hour, minute) : null;
}

function readDistance(text: string): number | null {
  const found = distance.exec(text.trim());
  if (!found) return null;
  const sum = [...(found[2] ?? '').matchAll(/(\d+)([wdhm])/g)]
    .map(([, count, unit]) => Number(count) * (unitMs[unit ?? ''] ?? 0))
    .reduce((total, part) => total + part, 0);
  return found[1] === '-' ? -sum : sum;
}

function readFunction(name: string, args: readonly string[], nowMs: number): number | null {
  const moved = args[0] === undefined ? 0 : readDistance(args[0]);
  if (moved === null) return null;
  const now = new Date(nowMs);
  const midnight = Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate());
  switch (name.toLowerCase()) {
    case 'now':
      return args.length === 0 ? nowMs : null;
    case 'startofday':
      return midnight + moved;
    case 'endofday':
      return midnight + 86_399_999 + moved;
    case 'startofweek':
      return midnight - now.getUTCDay() * 86_400_000 + moved;
    case 'startofmonth':
      return Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 1) + moved;
    default:
      return null;
  }
}
