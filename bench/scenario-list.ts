// Every scenario by name, in the order in which they run and are shown. Loaded one by one, so that a scenario's
// process holds nothing of the others.

import type { Scenario } from './sample.ts';

export const scenarios: Readonly<Record<string, () => Promise<{ scenario: Scenario }>>> = {
  tick: () => import('./scenarios/tick.ts'),
  jira: () => import('./scenarios/jira.ts'),
  memory: () => import('./scenarios/memory.ts'),
  dispatch: () => import('./scenarios/dispatch.ts'),
  'start-up': () => import('./scenarios/start-up.ts'),
  events: () => import('./scenarios/events.ts'),
  replay: () => import('./scenarios/replay.ts'),
  store: () => import('./scenarios/store.ts'),
  tools: () => import('./scenarios/tools.ts'),
  charts: () => import('./scenarios/charts.ts'),
  'state-route': () => import('./scenarios/state-route.ts'),
  streams: () => import('./scenarios/streams.ts'),
  dashboard: () => import('./scenarios/dashboard.ts'),
};
