// The program behind the `copilot` of npm, which is a Node script that waits for the real one: a signal to the script
// leaves the agent running. So the native binary of the platform's package is started in its place. A native `copilot`
// on PATH, and anything else of that name, is started as it is.

import { access, constants, readFile, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { findProgram } from '../driver/index.ts';
import type { Program } from '../driver/index.ts';

const PACKAGE = '@github/copilot';

/** For the driver. Never throws: what cannot be resolved is started as it was given. */
export async function resolveNative(
  program: Program,
  env: Readonly<Record<string, string>>,
): Promise<Program> {
  const found = await findProgram(program.file, env);
  if (found === null) return program;
  const path = await realpath(found).catch(() => found);
  const folder = dirname(path);
  if ((await packageName(folder)) !== PACKAGE) return program;
  const native = await nativeBeside(folder);
  return native === null ? program : { file: native, args: program.args };
}

async function packageName(folder: string): Promise<string> {
  try {
    const manifest: unknown = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8'));
    return String((manifest as { name?: unknown }).name);
  } catch {
    return '';
  }
}

/** Where Node would look for the platform's package, from the loader's folder upwards. */
async function nativeBeside(start: string): Promise<string | null> {
  // npm installs the one that fits the C library, so at most one is there.
  const systems = process.platform === 'linux' ? ['linux', 'linuxmusl'] : [process.platform];
  for (let folder = start; ; folder = dirname(folder)) {
    for (const system of systems) {
      const path = join(folder, 'node_modules', `${PACKAGE}-${system}-${process.arch}`, 'copilot');
      if (await isExecutable(path)) return path;
    }
    if (folder === dirname(folder)) return null;
  }
}

async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}
