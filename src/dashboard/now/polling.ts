// How often the daemon looks at the tracker, so that the page can say when it will look next. From the effective
// settings, read when the line comes up and after a change of WORKFLOW.md could be seen.

import { computed, effect, signal } from '@preact/signals';
import { request } from '../api.ts';
import { connection, daemonStarts, state } from '../live.ts';
import type { SettingsAnswer } from '../wire.ts';

/** null = not known. */
export const pollingIntervalMs = signal<number | null>(null);

const isLive = computed(() => connection.value.kind === 'live');
const loaded = computed(() => `${state.value?.workflow_loaded_at ?? ''} ${state.value?.reload_error ?? ''}`);

effect(() => {
  void daemonStarts.value;
  void loaded.value;
  if (isLive.value) void readInterval();
});

async function readInterval(): Promise<void> {
  try {
    const { settings } = await request<SettingsAnswer>('/api/v1/settings');
    const value = Number(settings.find(({ key }) => key === 'polling.interval_ms')?.value);
    pollingIntervalMs.value = Number.isFinite(value) && value > 0 ? value : null;
  } catch {
    // The page only does without "next in …".
    pollingIntervalMs.value = null;
  }
}
