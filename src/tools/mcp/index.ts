// The door of this folder: the MCP server that agents ask, and how they are told where it is.

export { createToolListener } from './listener.ts';
export type { ToolListenerParts } from './listener.ts';
export { handOver, TOOLS_FILE_NAME, TOOLS_FILE_VARIABLE } from './tools-file.ts';
export type { ToolAccess } from './tools-file.ts';
