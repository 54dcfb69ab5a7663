// What only all destinations of `notifications` together can get wrong. Skipped while one of them is wrong by itself:
// then their places in the list are not known.

import type { CrossCheckContext } from './cross-checks.ts';
import { quoted } from './problem-list.ts';

export function checkNotifications({ values, invalid, given, problems, path }: CrossCheckContext): void {
  if ([...invalid].some((key) => key.startsWith('notifications'))) return;
  const seen = new Map<string, number>();
  for (const [index, { name, kind, secret }] of values.notifications.entries()) {
    const key = `notifications[${index}]`;
    const where = (field: string): string => given.get(`${key}.${field}`) ?? path;
    const first = seen.get(name);
    if (first !== undefined) {
      const text = `${key}.name ${quoted(name)} is that of notifications[${first}] as well; choose another`;
      problems.error(`config.${key}.name`, `${where('name')}: ${text}`);
    } else seen.set(name, index);
    if (kind === 'slack' && secret !== '') {
      const text = `${key}.secret does nothing: only a webhook is signed; remove it`;
      problems.warning(`config.${key}.secret`, `${where('secret')}: ${text}`);
    }
  }
}
