// Where a package's entry is, seen from the folder of WORKFLOW.md. Node offers this from our own folder only
// (import.meta.resolve) or for CommonJS only (require.resolve), which does not see packages that are ES modules
// alone; those export under the condition `import`, which is looked up here. Subpath patterns are not supported.
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** URL to import; null when the package is neither there nor beside us. */
export async function resolvePackage(name: string, directory: string): Promise<string | null> {
  for (const from of [join(directory, 'WORKFLOW.md'), import.meta.filename]) {
    const found = (await moduleEntry(name, dirname(from))) ?? commonEntry(name, from);
    if (found !== null) return pathToFileURL(found).href;
  }
  return null;
}

function commonEntry(name: string, from: string): string | null {
  try {
    const found = createRequire(from).resolve(name);
    // A module of Node's own is no adapter.
    return found === name ? null : found;
  } catch {
    return null;
  }
}

async function moduleEntry(specifier: string, directory: string): Promise<string | null> {
  const [, name, rest] = /^((?:@[^/]+\/)?[^/]+)(\/.+)?$/.exec(specifier) ?? [];
  if (name === undefined) return null;
  for (let folder = directory; ; folder = dirname(folder)) {
    const home = join(folder, 'node_modules', name);
    const entry = entryFor(await readPackage(home), `.${rest ?? ''}`);
    if (entry !== null) return join(home, entry);
    if (dirname(folder) === folder) return null;
  }
}

async function readPackage(home: string): Promise<unknown> {
  try {
    return (JSON.parse(await readFile(join(home, 'package.json'), 'utf8')) as { exports?: unknown }).exports;
  } catch {
    return undefined;
  }
}

/** The part of Node's rules that says: a string, conditions in their order, or either under a subpath. */
function entryFor(exported: unknown, subpath: string): string | null {
  if (typeof exported === 'string') return subpath === '.' ? exported : null;
  if (typeof exported !== 'object' || exported === null) return null;
  const keys = Object.entries(exported);
  if (keys.some(([key]) => key.startsWith('.'))) {
    const target: unknown = keys.find(([key]) => key === subpath)?.[1];
    return entryFor(target, '.');
  }
  if (subpath !== '.') return null;
  for (const [condition, target] of keys) {
    if (!['import', 'node', 'default'].includes(condition)) continue;
    const entry = entryFor(target, '.');
    if (entry !== null) return entry;
  }
  return null;
}
