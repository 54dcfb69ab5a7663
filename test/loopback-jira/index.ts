// The loopback Jira Cloud, for tests: written from Atlassian's OpenAPI description before any adapter, sharing
// no code with one. Import from here; the files behind it are its own business.
//
// For tests that kill a daemon: `jira.hooks.arriving | received | applied | answered` (handle.ts) are called, and waited
// for, at the four points of a request; `process.kill(pid, 'SIGKILL')` in `arriving` means that nothing was sent, in
// `received` that it will be applied although the client is gone, in `applied` and later that it was. What was applied:
// `jira.requests` (`endpoint`, `body`, `applied`), `jira.state.issues` (`properties`), `.comments`, `.worklogs` (both
// `properties: [{ key, value }]`), `.links`, `.watchers`. Our adapter keeps a write's key in the property `sortie.write`
// as `{ id: key }`. `settings.indexLagMs` makes searches lag; by-id reads never do.
// `settle_ms: 0` in the block `jira` lets that adapter say at once that a write is not there.
export { account, everyPermission, readOnly, type Account, type Permission } from './accounts.ts';
export { checkAdf } from './adf/check.ts';
export { adf } from './adf/write.ts';
export { type Answer } from './answer.ts';
export { type Fault, type FaultRule, type PlacedFault } from './faults.ts';
export { type Hooks } from './handle.ts';
export { type Hold, type HoldPoint } from './holds.ts';
export { type Language } from './messages.ts';
export type * from './model.ts';
export { type RecordedRequest } from './recording.ts';
export { realBurstLimits, realIssueWriteLimits, type Settings } from './settings.ts';
export {
  addBlocker,
  addIssue,
  addIssues,
  addProject,
  addStatus,
  addUser,
  annId,
  basicSite,
  botId,
  setTransitions,
  standardSite,
  statusNamed,
  transition,
  type IssueDraft,
  type ProjectDraft,
} from './site-builder.ts';
export { startLoopbackJira, type LoopbackJira, type LoopbackOptions } from './start.ts';
export { JiraState } from './state.ts';
