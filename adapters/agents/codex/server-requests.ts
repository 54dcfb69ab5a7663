// What Codex is answered when it asks us. Every request gets an answer at once, whatever is in it, because nobody else
// is there to give one. More than the sandbox grants is never granted: an approval is given only where the sandbox
// already allows everything. Pure.

import type { AgentEvent } from '../../../src/contract/agent.ts';
import type { JsonObject } from '../driver/index.ts';
import { arrayAt, cleanText, stringAt } from '../driver/index.ts';
import type { RpcAnswer } from './rpc-peer.ts';

/** JSON-RPC: no such method here. */
const NOT_FOUND = -32601;
const SHOWN = 300;

export interface RequestJudgement {
  readonly answer: RpcAnswer;
  readonly event: AgentEvent;
  /** Something that only a person could have given: if the turn ends here, it ended for want of it. null = nothing. */
  readonly wanted: {
    readonly reason: 'permission_refused' | 'input_required';
    readonly detail: string;
  } | null;
}

/** The id of a request of theirs; null when it is none, or when it cannot be answered. */
export function requestId(message: JsonObject): string | number | null {
  const { id, method } = message;
  if (typeof method !== 'string') return null;
  return typeof id === 'string' || (typeof id === 'number' && Number.isFinite(id)) ? id : null;
}

/** @param grantsAll the sandbox keeps nothing from the agent. */
export function judgeRequest(message: JsonObject, grantsAll: boolean): RequestJudgement {
  const method = stringAt(message, 'method');
  const detail = `${method}: ${describe(message)}`;
  switch (method) {
    case 'item/commandExecution/requestApproval':
    case 'item/fileChange/requestApproval':
      return approval(detail, grantsAll, { decision: grantsAll ? 'accept' : 'decline' });
    case 'execCommandApproval':
    case 'applyPatchApproval': {
      const rejection = 'nobody is there to approve it';
      return approval(detail, grantsAll, { decision: grantsAll ? 'approved' : { denied: { rejection } } });
    }
    case 'item/permissions/requestApproval':
      return approval(detail, false, { permissions: {}, scope: 'turn' });
    case 'item/tool/requestUserInput':
      return refused('input_required', question(message), { answers: {} });
    case 'mcpServer/elicitation/request': {
      const isToolApproval = stringAt(message, 'params', '_meta', 'codex_approval_kind') === 'mcp_tool_call';
      if (isToolApproval) {
        const action = grantsAll ? 'accept' : 'decline';
        return approval(detail, grantsAll, { action, content: grantsAll ? {} : null, _meta: null });
      }
      return refused('input_required', detail, { action: 'decline', content: null, _meta: null });
    }
    case 'item/tool/call': {
      const name = cleanText(stringAt(message, 'params', 'tool'), SHOWN) || 'tool';
      const text = `The client has no tool ${name}.`;
      return {
        answer: { result: { contentItems: [{ type: 'inputText', text }], success: false } },
        event: { kind: 'unsupported_tool_call', name },
        wanted: null,
      };
    }
    default:
      return {
        answer: { error: { code: NOT_FOUND, message: 'this client does not know the method' } },
        event: { kind: 'notification', message: `refused a request of Codex: ${cleanText(method, SHOWN)}` },
        wanted: null,
      };
  }
}

function approval(detail: string, isGiven: boolean, result: JsonObject): RequestJudgement {
  if (!isGiven) return refused('permission_refused', detail, result);
  return { answer: { result }, event: { kind: 'approval_auto_approved', message: detail }, wanted: null };
}

function refused(
  reason: 'permission_refused' | 'input_required',
  detail: string,
  result: JsonObject,
): RequestJudgement {
  const message = reason === 'input_required' ? `asked a person: ${detail}` : `refused: ${detail}`;
  return { answer: { result }, event: { kind: 'notification', message }, wanted: { reason, detail } };
}

function describe(message: JsonObject): string {
  const { params } = message;
  const parts = [
    stringAt(params, 'command') ||
      arrayAt(params, 'command')
        .filter((word) => typeof word === 'string')
        .join(' '),
    stringAt(params, 'serverName'),
    stringAt(params, 'message'),
    stringAt(params, 'reason'),
  ];
  return cleanText(parts.filter((part) => part !== '').join('; '), SHOWN);
}

function question(message: JsonObject): string {
  const asked = arrayAt(message, 'params', 'questions').map((one) => stringAt(one, 'question'));
  return cleanText(asked.filter((text) => text !== '').join('; '), SHOWN) || 'a question without words';
}
