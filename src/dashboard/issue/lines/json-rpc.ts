// Lines of agents that speak JSON-RPC: Codex' app server (items) and the Agent Client Protocol (updates), in both
// directions. Answers to requests say little to people and count as noise, unless they are errors.

import {
  argumentsText,
  contentText,
  listAt,
  objectAt,
  textAt,
  valueAt,
  type JsonObject,
} from '../json-look.ts';
import { noise, say, type LineReader, type Said } from './said.ts';

export const readRpcLine: LineReader = (line) => {
  const method = textAt(line, 'method');
  const params = objectAt(line, 'params');
  if (method === '') {
    if (!('id' in line) || !('result' in line || 'error' in line)) return null;
    const error = textAt(line, 'error', 'message');
    if (error !== '') return [say('error', error)];
    const reason = textAt(line, 'result', 'stopReason');
    return reason === '' ? noise('answer') : [say('note', `Turn ended: ${reason}`)];
  }
  switch (method) {
    case 'session/update':
      return readUpdate(objectAt(params, 'update') ?? {});
    case 'session/prompt':
      return [say('prompt', contentText(valueAt(params, 'prompt')))];
    case 'turn/start':
      return [say('prompt', contentText(valueAt(params, 'input')))];
    case 'item/started':
      return readItem(objectAt(params, 'item') ?? {}, false);
    case 'item/completed':
      return readItem(objectAt(params, 'item') ?? {}, true);
    case 'session/request_permission':
      return [say('note', `Asks for permission: ${textAt(params, 'toolCall', 'title') || 'a tool'}`)];
    case 'turn/completed': {
      const error = textAt(params, 'turn', 'error', 'message');
      return [error === '' ? say('note', 'Turn ended') : say('error', error)];
    }
    case 'error':
      return [say('error', textAt(params, 'error', 'message') || textAt(params, 'message') || 'error')];
    case 'warning':
    case 'configWarning':
      return [say('note', textAt(params, 'message') || textAt(params, 'summary') || 'warning')];
    default:
      return noise(method);
  }
};

function readUpdate(update: JsonObject): readonly Said[] {
  const kind = textAt(update, 'sessionUpdate');
  switch (kind) {
    case 'agent_message_chunk':
      return [say('text', textAt(update, 'content', 'text'), { isPiece: true })];
    case 'agent_thought_chunk':
      return [say('thought', textAt(update, 'content', 'text'), { isPiece: true })];
    case 'user_message_chunk':
      return [say('prompt', textAt(update, 'content', 'text'), { isPiece: true })];
    case 'tool_call':
      return [say('call', argumentsText(valueAt(update, 'rawInput')), { name: titleOf(update) })];
    case 'tool_call_update': {
      const status = textAt(update, 'status');
      if (status !== 'completed' && status !== 'failed') {
        const input = argumentsText(valueAt(update, 'rawInput'));
        return input === '' ? noise(kind) : [say('call', input, { name: titleOf(update) })];
      }
      const output =
        contentText(valueAt(update, 'rawOutput')) ||
        contentText(valueAt(update, 'content')) ||
        textAt(update, '_meta', 'terminal_output_delta', 'data');
      return [say('result', output, { ok: status === 'completed' })];
    }
    case 'plan': {
      const steps = listAt(update, 'entries').map((entry) => `${markOf(entry)} ${textAt(entry, 'content')}`);
      return [say('note', ['Plan', ...steps].join('\n'))];
    }
    default:
      return noise(kind || 'session/update');
  }
}

function titleOf(update: JsonObject): string {
  return (
    textAt(update, 'name') || textAt(update, '_meta', 'claudeCode', 'toolName') || textAt(update, 'title')
  );
}

function markOf(entry: unknown): string {
  const status = textAt(entry, 'status');
  return status === 'completed' ? '✓' : status === 'in_progress' ? '→' : '·';
}

function readItem(item: JsonObject, isComplete: boolean): readonly Said[] {
  const type = textAt(item, 'type');
  switch (type) {
    case 'agentMessage':
    case 'plan':
      return isComplete ? [say('text', textAt(item, 'text'))] : noise(type);
    case 'reasoning': {
      const text = [...listAt(item, 'summary'), ...listAt(item, 'content')].filter(
        (part) => typeof part === 'string',
      );
      return isComplete && text.length > 0 ? [say('thought', text.join('\n'))] : noise(type);
    }
    case 'userMessage':
      return noise(type);
    default: {
      const name = textAt(item, 'tool')
        ? `${textAt(item, 'server')}.${textAt(item, 'tool')}`.replace(/^\./, '')
        : type;
      return isComplete ? [readItemEnd(item, name)] : [readItemCall(item, name)];
    }
  }
}

function readItemCall(item: JsonObject, name: string): Said {
  const asked =
    textAt(item, 'command') ||
    textAt(item, 'query') ||
    argumentsText(valueAt(item, 'arguments')) ||
    pathsOf(item);
  return say('call', asked, { name });
}

function readItemEnd(item: JsonObject, name: string): Said {
  const exitCode = valueAt(item, 'exitCode');
  const status = textAt(item, 'status');
  const failed = ['failed', 'declined'].includes(status) || (typeof exitCode === 'number' && exitCode !== 0);
  const output =
    textAt(item, 'aggregatedOutput') ||
    textAt(item, 'error', 'message') ||
    contentText(valueAt(item, 'result', 'content')) ||
    pathsOf(item);
  return say('result', output, { name, ok: !failed });
}

function pathsOf(item: JsonObject): string {
  return listAt(item, 'changes')
    .map((change) => textAt(change, 'path'))
    .filter((path) => path !== '')
    .join('\n');
}
