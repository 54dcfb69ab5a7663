// The version that package.json states, read from the file so that there is one place for it. Works from the
// sources and from dist/, which lie at different depths.

import { readFileSync } from 'node:fs';

function readVersion(): string {
  for (const place of ['../../package.json', '../../../package.json']) {
    try {
      const manifest = JSON.parse(readFileSync(new URL(place, import.meta.url), 'utf8')) as {
        name?: unknown;
        version?: unknown;
      };
      if (manifest.name === 'sortie' && typeof manifest.version === 'string') return manifest.version;
    } catch {
      // Not at this depth.
    }
  }
  return '0.0.0-unknown';
}

export const version = readVersion();
