// The door of this folder: what the composition root uses.

export type { ObservationClock, ObservationLog } from './ports.ts';
export { createRecorder } from './recorder.ts';
export type { Recorder, RecorderParts } from './recorder.ts';
export { withRequestCount } from './request-count.ts';
export { createSampler } from './sampler.ts';
export type { Sampler, SamplerParts } from './sampler.ts';
export { timelineEntryOf } from './timeline-entry.ts';
