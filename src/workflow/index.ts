// The door of this folder: WORKFLOW.md to checked settings and a prompt template.

export { AGENT_COMMAND_CHECK, missingAgent } from './agent-command.ts';
export { loadWorkflow } from './load-workflow.ts';
export type {
  Environment,
  LoadFailureKind,
  LoadOptions,
  LoadResult,
  SettingsOverrides,
} from './load-options.ts';
export { checkPreflight } from './preflight.ts';
export { createTemplate, renderPrompt } from './template.ts';
export type { Template, TemplateOptions } from './template.ts';
export { checkTracker, trackerContext } from './tracker-check.ts';
export { toTemplateIssue } from './template-issue.ts';
export { validateWorkflow } from './validate-workflow.ts';
export { watchWorkflow } from './watch-workflow.ts';
export type { WatchOptions, WatchTimers, WorkflowWatcher } from './watch-workflow.ts';
export { WORKFLOW_ERROR_KINDS, WorkflowError } from './workflow-error.ts';
export type { WorkflowErrorKind } from './workflow-error.ts';
export { workflowJsonSchema } from './json-schema.ts';
export { settingsReference } from './settings-reference.ts';
