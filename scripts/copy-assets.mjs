// After the build: makes the command executable, and refuses a build without the page. Vite writes the page into
// dist/ by itself. Safe to run twice.
import { chmodSync, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const command = join(root, 'dist', 'src', 'main.js');
const made = [
  [command, 'tsc must run before this script'],
  [join(root, 'dist', 'src', 'dashboard', 'index.html'), 'vite build must run before this script'],
];

for (const [path, hint] of made) {
  if (existsSync(path)) continue;
  console.error(`copy-assets: ${path} is missing: ${hint}`);
  process.exit(1);
}
chmodSync(command, 0o755);
