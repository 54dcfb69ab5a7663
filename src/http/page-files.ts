// The built page's files, listed once when the server starts: what is not in the list does not exist, so no path can
// lead out of the folder. Refuses to guess types: only the page's own kinds are served, and only one HTML file.

import { existsSync, readdirSync } from 'node:fs';
import { extname, join } from 'node:path';

export interface PageFile {
  /** The path of the URL, and the file below the folder: `/assets/page-Ab3dE6gH.js`, `assets/page-Ab3dE6gH.js`. */
  readonly path: string;
  readonly file: string;
  /** Its name changes with its content. */
  readonly isHashed: boolean;
}

export interface PageFiles {
  readonly directory: string;
  /** All but index.html. */
  readonly files: readonly PageFile[];
}

const served = new Set(['.css', '.js', '.svg', '.png', '.woff2']);
/** As Vite names what it builds: a hyphen and eight characters of a hash. */
const HASHED = /^assets\/.*-[\w-]{8}\.\w+$/;
/** Vite puts everything into one folder; deeper ones are not looked into. */
const FOLDERS = ['', 'assets'];

/** Pages of the one page: it looks at its own address. */
export const PAGE_PATHS = [
  '/',
  '/issues/:identifier',
  '/approvals',
  '/approvals/:id',
  '/history',
  '/charts',
  '/tools',
  '/health',
  '/login',
] as const;

export function isPagePath(path: string): boolean {
  return /^\/(?:issues|approvals)\//.test(path) || (PAGE_PATHS as readonly string[]).includes(path);
}

/** null = there is none. */
export function listPage(directory: string): PageFiles | null {
  if (!existsSync(join(directory, 'index.html'))) return null;
  const files = FOLDERS.filter((folder) => existsSync(join(directory, folder)))
    .flatMap((folder) =>
      readdirSync(join(directory, folder), { withFileTypes: true })
        .filter((entry) => entry.isFile() && served.has(extname(entry.name)))
        .map(({ name }) => (folder === '' ? name : `${folder}/${name}`)),
    )
    .sort();
  return {
    directory,
    files: files.map((file) => ({ path: `/${file}`, file, isHashed: HASHED.test(file) })),
  };
}
