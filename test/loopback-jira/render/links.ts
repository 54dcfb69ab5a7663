// Addresses inside of answers. They lead to the site, wherever the request came in.
import type { Site } from '../site.ts';

export function api(site: Site, path: string): string {
  return `${site.url}/rest/api/3${path}`;
}

export function avatars(site: Site): Record<'16x16' | '24x24' | '32x32' | '48x48', string> {
  const at = (size: number): string => `${site.url}/secure/useravatar?size=${size}`;
  return { '16x16': at(16), '24x24': at(24), '32x32': at(32), '48x48': at(48) };
}
