// The tracker adapter of somebody else, which `tracker.adapter` names. It is needed before anything else is read,
// because its module says what the block may hold.

import type { TrackerRegistration } from '../contract/tracker.ts';
import type { LoadOptions } from './load-options.ts';
import { isPlainMap } from './problem-list.ts';
import type { ReadContext } from './read-settings.ts';
import { oneLine, showPlace } from './workflow-error.ts';

/** null = its module does not load, which is reported; then nothing more can be said about the tracker. */
export async function withForeignTracker(
  { trackers, loadTracker }: LoadOptions,
  { frontMatter, variables, directory, problems }: Omit<ReadContext, 'blockNames'>,
): Promise<readonly TrackerRegistration[] | null> {
  const { tracker } = frontMatter.data;
  const written = (name: string): unknown =>
    isPlainMap(tracker) && Object.hasOwn(tracker, name) ? tracker[name] : undefined;
  const override = variables.get('SORTIE_TRACKER_ADAPTER');
  const adapter = override?.value ?? written('adapter');
  const kind = variables.get('SORTIE_TRACKER_KIND')?.value ?? written('kind');
  if (typeof adapter !== 'string' || adapter.trim() === '') return trackers;
  const place = override?.origin ?? showPlace(frontMatter.locate(['tracker', 'adapter']));
  try {
    if (!loadTracker) throw new Error('adapters of others cannot be loaded here; remove the key');
    return [
      ...trackers,
      await loadTracker(adapter.trim(), directory, typeof kind === 'string' ? kind.trim() : undefined),
    ];
  } catch (error) {
    const detail = oneLine(error instanceof Error ? error.message : String(error));
    problems.error('tracker_adapter', `${place}: tracker.adapter: ${detail}`);
    return null;
  }
}
