// The file that the CLI leaves at its end: what the whole session has used so far. It becomes one line for the reader,
// marked as ours, so that a transcript holds it as well. A turn always has that line, with null when there is no file
// (a process that was killed leaves none; the next turn's file makes up for it).

import { join } from 'node:path';
import { readPlainText } from '../driver/index.ts';

/** The `type` of the line. */
export const USAGE_LINE = 'sortie.usage_file';
/** Larger than any honest one; it names every file that the session has changed. */
const LARGEST_BYTES = 4 * 1024 * 1024;

export function usageFileIn(folder: string): string {
  return join(folder, 'usage.json');
}

/** The line; never rejects. */
export async function readUsageLine(folder: string): Promise<string> {
  try {
    const usage: unknown = JSON.parse(await readPlainText(usageFileIn(folder), LARGEST_BYTES));
    return JSON.stringify({ type: USAGE_LINE, usage });
  } catch {
    // Not there, cut short, or no file of the CLI's: its tools can reach it too.
    return JSON.stringify({ type: USAGE_LINE, usage: null });
  }
}
