// The door of this folder: what the worker and the composition root use.

export { compareWorkspace, takeBaseline } from './evidence.ts';
export type { Baseline, Difference, LookOptions } from './evidence.ts';
export { dropLook, keepLook, keptLook, NO_WORK } from './kept-look.ts';
export type { CarriedWork, KeptLook } from './kept-look.ts';
export { prepareWorkspace } from './prepare-workspace.ts';
export type { PreparedWorkspace, PrepareRequest } from './prepare-workspace.ts';
export { removeTree } from './remove-tree.ts';
export { removeWorkspace } from './remove-workspace.ts';
export type { RemoveRequest } from './remove-workspace.ts';
export { createWorkspaceRemover } from './workspace-remover.ts';
export type { RemovalOrder, RemoverDependencies, WorkspaceRemover } from './workspace-remover.ts';
export { runHook } from './run-hook.ts';
export type { HookEnvironment, HookName, HookRequest, HookResult, HookSubject } from './run-hook.ts';
export { readStatus, resetStatusFolder } from './status-folder.ts';
export type { AgentStatus, FoundStatus } from './status-folder.ts';
export { WorkspaceError } from './workspace-error.ts';
export type { WorkspaceErrorKind } from './workspace-error.ts';
export { suffixedKey, workspaceKey } from './workspace-key.ts';
