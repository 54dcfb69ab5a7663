// After tsc: brings into dist/ what tsc does not write, the dashboard's page and styles, and makes the
// command executable. Safe to run twice; says so and fails when a piece that must exist is missing.
import { chmodSync, cpSync, existsSync, mkdirSync } from 'node:fs';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const page = join(root, 'src', 'dashboard');
const pageOut = join(root, 'dist', 'src', 'dashboard');
const command = join(root, 'dist', 'src', 'main.js');

if (existsSync(page)) {
  mkdirSync(pageOut, { recursive: true });
  cpSync(page, pageOut, { recursive: true, filter: (source) => extname(source) !== '.ts' });
}
if (!existsSync(command)) {
  console.error(`copy-assets: ${command} is missing: tsc must run before this script`);
  process.exit(1);
}
chmodSync(command, 0o755);
