// The door of this folder: what the adapters of real coding agents share. It is no adapter and registers nothing.
// ADR 0014 says why several adapters may import it.

export { createCliAgent } from './cli-agent.ts';
export type { CliAgentParts, CliCall, CliReader, CliTurn, SessionStart } from './cli-agent.ts';
export { checkProgram, findProgram, requireProgram, splitCommand } from './program.ts';
export type { Program } from './program.ts';
export { OneTurn } from './one-turn.ts';
export { noteStart, sessionVariables, turnVariables } from './started.ts';
export { endEvent, judgeOutput, remarks, requireFolder } from './verdict.ts';
export { readPlainText } from './plain-file.ts';
export { mcpConfig, mcpConfigFile, readMcpConfig } from './mcp-config.ts';
export {
  createToolsWatch,
  requireFreeName,
  TOOL_SERVER_NAME,
  toolHeaders,
  withoutToolToken,
} from './tool-server.ts';
export { NETWORK_VARIABLES } from './network-variables.ts';
export { createUsageMeter } from './usage-meter.ts';
export type { UsageMeter, UsageReading } from './usage-meter.ts';
export { createSpeech } from './speech.ts';
export { createToolBook } from './tool-book.ts';
export type { ToolBook } from './tool-book.ts';
export {
  arrayAt,
  booleanAt,
  idAt,
  numberAt,
  objectAt,
  readJsonLine,
  stringAt,
  valueAt,
} from './json-line.ts';
export type { JsonObject } from './json-line.ts';
export { cleanText, MESSAGE_LIMIT_CHARACTERS } from './clean-text.ts';
