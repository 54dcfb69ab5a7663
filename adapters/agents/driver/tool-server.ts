// The tools of a run, as agents are told of them: one MCP server over HTTP beside the operator's own. Its token goes
// into files of the run's private folder and into the protocol, never into a command line; in the transcript it is
// stars, whoever wrote the line.

import { TOOL_SERVER_NAME } from '../../../src/contract/agent-tools.ts';
import type { ToolServer } from '../../../src/contract/agent-tools.ts';
import { AgentError } from '../../../src/contract/agent.ts';
import type { AgentEvent, SessionRequest } from '../../../src/contract/agent.ts';
import type { JsonObject } from './json-line.ts';

export { TOOL_SERVER_NAME };

const NAME_TAKEN = `"${TOOL_SERVER_NAME}" is the name of sortie's own server; give yours another name`;

const NOT_ASKED = `the agent never asked the MCP server ${TOOL_SERVER_NAME}: it worked without the tools of its run`;

/** As most of them write it; each adds what it alone has. */
export function toolHeaders({ token }: ToolServer): { readonly Authorization: string } {
  return { Authorization: `Bearer ${token}` };
}

/** null = the operator's servers leave our name alone, and whatever an agent may make the same of. */
export function nameTaken(servers: JsonObject | null): string | null {
  return Object.keys(servers ?? {}).some((name) => plain(name) === TOOL_SERVER_NAME) ? NAME_TAKEN : null;
}

/** Names become parts of tools' names, where agents keep letters and figures only, and models mind no case. */
function plain(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

/** Throws `agent_config_error`. @param setting where they come from, e.g. `acp.mcp_config`. */
export function requireFreeName(servers: JsonObject, setting: string): void {
  const taken = nameTaken(servers);
  if (taken !== null) throw new AgentError('agent_config_error', `${setting}: ${taken}`);
}

/** Most agents go on without a server that they cannot reach, and some do not say so: asked at the end of each turn. */
export function createToolsWatch(tools: ToolServer | null): () => readonly AgentEvent[] {
  let isKnown = tools?.wasAsked === undefined;
  return () => {
    if (isKnown) return [];
    isKnown = true;
    if (tools?.wasAsked?.() === true) return [];
    return [{ kind: 'notification', message: NOT_ASKED }];
  };
}

/** The same request, with a transcript that never holds the token. */
export function withoutToolToken(request: SessionRequest): SessionRequest {
  const { tools, onLine } = request;
  if (tools === null) return request;
  return {
    ...request,
    onLine: (stream, line) =>
      onLine(stream, line.includes(tools.token) ? line.replaceAll(tools.token, '***') : line),
  };
}
