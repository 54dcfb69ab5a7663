// Which kinds there are: every adapter of ours by name, in the order in which messages list them. A third party's
// tracker is not here: `load.ts` finds it.
import type { AgentRegistration } from '../src/contract/agent.ts';
import type { TrackerRegistration } from '../src/contract/tracker.ts';
import { agent as acpAgent } from './agents/acp/index.ts';
import { agent as claudeCodeAgent } from './agents/claude-code/index.ts';
import { agent as codexAgent } from './agents/codex/index.ts';
import { agent as commandAgent } from './agents/command/index.ts';
import { agent as copilotCliAgent } from './agents/copilot-cli/index.ts';
import { agent as geminiCliAgent } from './agents/gemini-cli/index.ts';
import { agent as mockAgent } from './agents/mock/index.ts';
import { agent as opencodeAgent } from './agents/opencode/index.ts';
import { replayAgent } from './agents/replay/index.ts';
import { tracker as fileTracker } from './trackers/file/index.ts';
import { tracker as jiraTracker } from './trackers/jira/index.ts';

export { loadTrackerAdapter } from './load.ts';

export const trackers: readonly TrackerRegistration[] = [fileTracker, jiraTracker];

const players: readonly AgentRegistration[] = [
  claudeCodeAgent,
  codexAgent,
  opencodeAgent,
  copilotCliAgent,
  geminiCliAgent,
  acpAgent,
  commandAgent,
  mockAgent,
];

/** `replay` plays what the others have said, through their own readers. */
export const agents: readonly AgentRegistration[] = [...players, replayAgent(players)];
