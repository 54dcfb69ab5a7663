// Which of the protocol's two eras a request belongs to, and what answers it. Up to 2025-11-25 a client begins with
// `initialize`, and each of its requests is served here without remembering that it did; from 2026-07-28 on each request
// says everything itself, and the SDK's own handler knows how.

import type { IncomingMessage, ServerResponse } from 'node:http';
import { toNodeHandler, toWebRequest } from '@modelcontextprotocol/node';
import type { NodeIncomingMessageLike } from '@modelcontextprotocol/node';
import { createMcpHandler, isLegacyRequest, SUPPORTED_PROTOCOL_VERSIONS } from '@modelcontextprotocol/server';
import type { ToolsClock, ToolsLog } from '../ports.ts';
import type { Admission } from './admissions.ts';
import { callTool } from './calls.ts';
import { Exchange } from './exchange.ts';
import type { RpcRequest } from './message.ts';
import { createProtocolServer, withoutOddArguments } from './protocol.ts';
import type { ProtocolParts } from './protocol.ts';
import { refuse, RPC } from './refusals.ts';

export interface ServingParts {
  readonly log: ToolsLog;
  readonly clock: ToolsClock;
  readonly version: string;
  readonly quietMs?: number | undefined;
}

export interface Serving {
  /** Resolves when it has been answered, or nobody waits for the answer. */
  serve(
    request: IncomingMessage,
    response: ServerResponse,
    admission: Admission,
    message: RpcRequest,
  ): Promise<void>;
  close(): Promise<void>;
}

/** What the SDK's handler hands through to its factory. */
interface Passed {
  readonly protocol: ProtocolParts;
  readonly args: unknown;
}

/** No list of ours ever changes, but a client may ask to be told. */
const MOST_SUBSCRIPTIONS = 256;

export function createServing({ log, clock, version, quietMs }: ServingParts): Serving {
  const modern = createMcpHandler(
    ({ authInfo }) => {
      const { protocol, args } = authInfo?.extra?.['passed'] as Passed;
      return createProtocolServer(protocol, args);
    },
    {
      legacy: 'reject',
      maxSubscriptions: MOST_SUBSCRIPTIONS,
      onerror: (error) => log.debug('a request for tools was refused', { reason: error.message }),
    },
  );
  const answerModern = toNodeHandler(modern);

  return {
    async serve(request, response, admission, asSent) {
      const gone = new AbortController();
      response.once('close', () => {
        if (!response.writableFinished) gone.abort('the client went away');
      });
      const signal = AbortSignal.any([admission.ended, gone.signal]);
      admission.wasAsked ||= ['tools/list', 'tools/call'].includes(asSent.method);
      const { message, args } = withoutOddArguments(asSent);
      const protocol: ProtocolParts = {
        version,
        clock,
        tools: () => admission.session.tools(),
        call: (name, given) => callTool(admission, { name, args: given, signal, log }),
      };
      const asked = request as NodeIncomingMessageLike;
      const probe = await toWebRequest(asked, message);
      if (!(await isLegacyRequest(probe, message))) {
        const extra = { passed: { protocol, args } satisfies Passed };
        const authInfo = { token: '', clientId: admission.session.runId, scopes: [], extra };
        await answerModern(Object.assign(asked, { auth: authInfo }), response, message);
        return;
      }
      const spoken = request.headers['mcp-protocol-version'];
      if (typeof spoken === 'string' && !SUPPORTED_PROTOCOL_VERSIONS.includes(spoken)) {
        refuse(response, {
          status: 400,
          code: RPC.own,
          kind: 'invalid_arguments',
          message: `MCP-Protocol-Version "${spoken.slice(0, 40)}" is not spoken here; ${SUPPORTED_PROTOCOL_VERSIONS.join(', ')} are`,
          id: message.id,
        });
        return;
      }
      const readsStreams = (request.headers.accept ?? '').includes('text/event-stream');
      const exchange = new Exchange({ response, clock, readsStreams, quietMs });
      const server = createProtocolServer(protocol, args);
      await server.connect(exchange);
      exchange.onmessage?.(message);
      await exchange.over;
      await server.close();
    },
    close: () => modern.close(),
  };
}
