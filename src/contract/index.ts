// Shared words, re-exported for third parties (`sortie/contract`) and for those of ours that use many of them. Who
// needs one or two imports the file that has them.

export * from './agent-tools.ts';
export * from './agent.ts';
export * from './approval.ts';
export * from './audit.ts';
export * from './controls.ts';
export * from './effect.ts';
export * from './event.ts';
export * from './issue.ts';
export * from './notice.ts';
export * from './notification.ts';
export * from './observation.ts';
export * from './outbox.ts';
export * from './prompt.ts';
export * from './run.ts';
export * from './settings.ts';
export * from './snapshot.ts';
export * from './store.ts';
export * from './tool-ledger.ts';
export * from './tool-operations.ts';
export * from './tool-policy.ts';
export * from './tool-policy-match.ts';
export * from './tracker-capabilities.ts';
export * from './tracker-write.ts';
export * from './tracker-writer.ts';
export * from './tracker.ts';
export * from './transcript.ts';
