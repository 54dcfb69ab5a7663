// The file that the CLI leaves at its end: what the whole session has used so far. It becomes one line for the reader,
// marked as ours, so that a transcript holds it as well. A turn always has that line, with null when there is no file
// (a process that was killed leaves none; the next turn's file makes up for it).

import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** The `type` of the line. */
export const USAGE_LINE = 'sortie.usage_file';
/** Larger than any honest one; it names every file that the session has changed. */
const LARGEST_CHARACTERS = 4 * 1024 * 1024;

export function usageFileIn(folder: string): string {
  return join(folder, 'usage.json');
}

/** The line; never rejects. */
export async function readUsageLine(folder: string): Promise<string> {
  let usage: unknown = null;
  try {
    const text = await readFile(usageFileIn(folder), 'utf8');
    if (text.length <= LARGEST_CHARACTERS) usage = JSON.parse(text);
  } catch {
    // Not there, or cut short.
  }
  return JSON.stringify({ type: USAGE_LINE, usage });
}
