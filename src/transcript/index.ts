// The door of this folder: what the composition root uses.

export { createTranscripts } from './transcripts.ts';
export type { KeptTranscripts, TranscriptLimits, TranscriptsOptions } from './transcripts.ts';
