// What is said over MCP: the SDK's low-level server with two methods, one server for each request. It does not look
// into arguments: whether they are good is the session's to say, in words that an agent can use, so even arguments that
// are no object at all reach it.

import { Server } from '@modelcontextprotocol/server';
import type { CallToolResult, ServerContext, Tool } from '@modelcontextprotocol/server';
import { TOOL_SERVER_NAME } from '../../contract/agent-tools.ts';
import type { JsonMap } from '../../contract/tool-operations.ts';
import type { OfferedTool, ToolAnswer, ToolsClock } from '../ports.ts';
import { isRecord } from './message.ts';
import type { RpcRequest } from './message.ts';

const PROGRESS_MS = 15_000;
const INSTRUCTIONS =
  'Tools of Sortie, which runs this session for an issue. Writes go through rules and may wait for a person: an answer ' +
  'with status "pending" is no failure; go on, and ask later with request_status.';

export interface ProtocolParts {
  readonly version: string;
  readonly clock: Pick<ToolsClock, 'after'>;
  tools(): readonly OfferedTool[];
  /** Never rejects. */
  call(name: string, args: unknown): Promise<ToolAnswer>;
}

/** The arguments of a call as they came; the SDK is given none that it would refuse. */
export function withoutOddArguments(message: RpcRequest): {
  readonly message: RpcRequest;
  readonly args: unknown;
} {
  const args = message.params?.['arguments'];
  if (message.method !== 'tools/call' || args === undefined || isRecord(args))
    return { message, args: args ?? {} };
  return { message: { ...message, params: { ...message.params, arguments: {} } }, args: args ?? {} };
}

/** For one request. @param args of the call in it. */
export function createProtocolServer(parts: ProtocolParts, args: unknown): Server {
  const server = new Server(
    { name: TOOL_SERVER_NAME, title: 'Sortie', version: parts.version },
    { capabilities: { tools: {} }, instructions: INSTRUCTIONS },
  );
  server.setRequestHandler('tools/list', () => ({ tools: parts.tools().map(asTool) }));
  server.setRequestHandler('tools/call', async ({ params }, context): Promise<CallToolResult> => {
    const stop = showProgress(context, parts.clock);
    try {
      return asResult(await parts.call(params.name, args));
    } finally {
      stop();
    }
  });
  return server;
}

/** A client that wants to hear of progress counts its patience anew each time. */
function showProgress({ mcpReq }: ServerContext, clock: Pick<ToolsClock, 'after'>): () => void {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return () => undefined;
  let progress = 0;
  let forget: () => void = () => undefined;
  const soon = (): void => {
    forget = clock.after(PROGRESS_MS, () => {
      progress += 1;
      const params = { progressToken, progress, message: 'waiting' };
      void mcpReq.notify({ method: 'notifications/progress', params }).catch(() => undefined);
      soon();
    });
  };
  soon();
  return () => forget();
}

function asTool({ name, title, description, input, readOnly }: OfferedTool): Tool {
  return {
    name,
    title,
    description,
    inputSchema: { ...input, type: 'object' },
    annotations: { title, readOnlyHint: readOnly },
  };
}

/** The same twice: clients of before 2025-06-18 read only the text. */
function asResult({ ok, body }: ToolAnswer): CallToolResult {
  return {
    content: [{ type: 'text', text: JSON.stringify(body) }],
    structuredContent: body as Record<string, unknown>,
    ...(ok ? {} : { isError: true }),
  };
}

export function failure(kind: string, message: string): ToolAnswer {
  const body: JsonMap = { success: false, error: { kind, message } };
  return { ok: false, body };
}
