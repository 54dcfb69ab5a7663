// One question before something is done, for whoever sits at a terminal. Scripts are never asked: without a terminal at
// both ends there is nobody to answer, and waiting for one would hang a job for good. Only a plain yes counts.

import { createInterface } from 'node:readline';
import { oneField } from './command-line.ts';

/** Where the question goes and the answer comes from; stdout stays free for what is printed. */
export interface Conversation {
  readonly input: NodeJS.ReadableStream & { readonly isTTY?: boolean | undefined };
  readonly output: NodeJS.WritableStream & { readonly isTTY?: boolean | undefined };
}

/** @param question one line that says what will happen; `[y/N]` is put behind it. */
export async function confirm(
  question: string,
  { input, output }: Conversation = { input: process.stdin, output: process.stderr },
): Promise<boolean> {
  if (input.isTTY !== true || output.isTTY !== true) return true;
  const answer = await ask(`${oneField(question)} [y/N] `, { input, output });
  if (/^\s*y(es)?\s*$/i.test(answer)) return true;
  output.write('nothing was changed\n');
  return false;
}

/** The terminal edits the line, and Ctrl-C ends the process; the end of the input is no yes. */
async function ask(prompt: string, { input, output }: Conversation): Promise<string> {
  const lines = createInterface({ input, output, terminal: false });
  try {
    return await new Promise((resolve) => {
      lines.once('close', () => {
        output.write('\n');
        resolve('');
      });
      lines.question(prompt, resolve);
    });
  } finally {
    lines.removeAllListeners('close');
    lines.close();
  }
}
