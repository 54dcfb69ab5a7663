// Which kinds there are: every adapter of ours by name, in the order in which messages list them. A third party's
// tracker is not here: `load.ts` finds it.
import type { AgentRegistration } from '../src/contract/agent.ts';
import type { TrackerRegistration } from '../src/contract/tracker.ts';
import { agent as commandAgent } from './agents/command/index.ts';
import { agent as mockAgent } from './agents/mock/index.ts';
import { tracker as fileTracker } from './trackers/file/index.ts';
import { tracker as jiraTracker } from './trackers/jira/index.ts';

export { loadTrackerAdapter } from './load.ts';

export const trackers: readonly TrackerRegistration[] = [fileTracker, jiraTracker];

export const agents: readonly AgentRegistration[] = [commandAgent, mockAgent];
