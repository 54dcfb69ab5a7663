// The door of this folder: what the composition root uses.

export type { WorkerAgent, WorkerClock, WorkerDependencies } from './dependencies.ts';
export { createRunHandler } from './run-handler.ts';
export { systemClock } from './time-limit.ts';
