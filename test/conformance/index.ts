// What third parties import as `sortie/conformance`: suites that say whether an adapter keeps the contract. They
// need no test runner: each case has a name and a `run` that throws when the rule is broken.
export { agentConformance } from './agent.ts';
export type { AgentScenario, AgentStage, AgentWorld } from './agent.ts';
export { trackerConformance } from './tracker.ts';
export type { ConformanceCase } from './conformance-case.ts';
export type { OpenTrackerWorld, TrackerWorld, TrackerWorldSetup, WorldIssue } from './tracker-world.ts';
