// The door of this folder: what `command` and `mock` share. It is no adapter and registers nothing: it turns a
// program that prints lines into an agent. ADR 0013 says why two adapters may import it.

export { createLineAgent } from './adapter.ts';
export type { ProgramCall, ProgramChoice } from './adapter.ts';
export { EXIT_CODE, judgeEnding } from './ending.ts';
export { createLineReader } from './line-reader.ts';
export type { LineReader } from './line-reader.ts';
export { cleanText, MESSAGE_LIMIT_CHARACTERS } from '../driver/index.ts';
