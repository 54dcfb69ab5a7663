// The loopback Jira Cloud, for tests: written from Atlassian's OpenAPI description before any adapter, sharing
// no code with one. Import from here; the files behind it are its own business.
export { account, everyPermission, readOnly, type Account, type Permission } from './accounts.ts';
export { checkAdf } from './adf/check.ts';
export { adf } from './adf/write.ts';
export { type Answer } from './answer.ts';
export { type Fault, type FaultRule, type PlacedFault } from './faults.ts';
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
