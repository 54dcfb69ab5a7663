// Shared words, re-exported for third parties (`sortie/contract`). Inside the project import the file
// that says what you mean.

export * from './agent.ts';
export * from './effect.ts';
export * from './event.ts';
export * from './issue.ts';
export * from './notice.ts';
export * from './prompt.ts';
export * from './run.ts';
export * from './settings.ts';
export * from './snapshot.ts';
export * from './store.ts';
export * from './tracker-capabilities.ts';
export * from './tracker-writer.ts';
export * from './tracker.ts';
