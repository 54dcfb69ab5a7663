// Says whether `agent.command` can start at all, without starting it. It is conservative: a shell line may begin
// with an assignment, a function, a substitution or a keyword, and a wrong "missing" would stop all dispatching.
// So it complains only when the first word is a plain program name, or a full path, that is plainly not there.

import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { delimiter, isAbsolute, join } from 'node:path';

/** A first word in which the shell would expand nothing, followed by white space or the end. */
const PLAIN_FIRST_WORD = /^\s*([\w.+@%/:-]+)(?=\s|$)/;

/** POSIX: special and regular built-ins, and reserved words. Some shells have more, so look-ups come after. */
const SHELL_WORDS = new Set(
  (
    '. : break continue eval exec exit export readonly return set shift times trap unset ' +
    'alias bg cd command echo false fc fg getopts hash jobs kill local printf pwd read test true type ulimit ' +
    'umask unalias wait if then else elif fi do done case esac while until for in'
  ).split(' '),
);

/** Null = nothing speaks against it; otherwise one line: what is missing and what to do. */
export async function checkShellCommand(
  command: string,
  env: Readonly<Record<string, string>>,
): Promise<string | null> {
  if (command.trim() === '') {
    return 'agent.command is empty: set it to the shell command that runs one turn of your agent';
  }
  const word = PLAIN_FIRST_WORD.exec(command)?.[1];
  // `one || other` is how people write "whichever is there".
  if (word === undefined || SHELL_WORDS.has(word) || command.includes('||')) return null;
  if (word.includes('/')) {
    // A relative path is looked up in each workspace, which does not exist yet.
    if (!isAbsolute(word) || (await isProgram(word))) return null;
    return `agent.command: ${word} does not exist or is not executable; correct the path or make it executable`;
  }
  const path = env['PATH'];
  if (path === undefined) return null;
  for (const folder of path.split(delimiter)) {
    // An empty entry or a relative one means the workspace.
    if (!isAbsolute(folder) || (await isProgram(join(folder, word)))) return null;
  }
  return `agent.command: "${word}" was not found on PATH; install it, give its full path or set PATH in agent.env`;
}

async function isProgram(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK);
    return (await stat(path)).isFile();
  } catch {
    return false;
  }
}
