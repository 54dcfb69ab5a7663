// The door of this folder: what the composition root uses.

export { createNotifier } from './notifier.ts';
export type { Notifier, NotifierParts } from './notifier.ts';
export type { NotifierClock, NotifierLog } from './ports.ts';
