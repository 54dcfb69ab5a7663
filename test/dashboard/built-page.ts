// The page as the real build makes it, once for its sources: kept beside the packages until they change, because every
// file of tests needs the same one. Never half built: it is made under another name and put in its place whole.

import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const sources = join(root, 'src/dashboard');
const kept = join(root, 'node_modules/.cache/sortie-page');
const OLD_MS = 86_400_000;

let built: Promise<string> | undefined;

/** The folder that a server serves the page from. Nobody writes into it. */
export function buildPage(): Promise<string> {
  return (built ??= pageOfSources());
}

async function pageOfSources(): Promise<string> {
  const folder = join(kept, nameOfSources());
  if (existsSync(folder)) return folder;
  const outDir = `${folder}-${randomBytes(4).toString('hex')}`;
  const { build } = await import('vite');
  await build({
    root: sources,
    configFile: join(sources, 'vite.config.ts'),
    logLevel: 'error',
    build: { outDir, emptyOutDir: true },
  });
  try {
    renameSync(outDir, folder);
  } catch (error) {
    // Another process was faster with the same page.
    rmSync(outDir, { recursive: true });
    if (!existsSync(folder)) throw error;
  }
  removeOld(folder);
  return folder;
}

/** Another one when anything changes that the page is made of. */
function nameOfSources(): string {
  const hash = createHash('sha256').update(readFileSync(join(root, 'package-lock.json')));
  const files = readdirSync(sources, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const file of files) hash.update(`\0${relative(sources, file)}\0`).update(readFileSync(file));
  return hash.digest('hex').slice(0, 32);
}

/** Pages of sources that are no more, when no run of tests can be using them. */
function removeOld(current: string): void {
  for (const name of readdirSync(kept)) {
    const path = join(kept, name);
    const age = Date.now() - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? Infinity);
    if (path !== current && age > OLD_MS) rmSync(path, { recursive: true, force: true });
  }
}
