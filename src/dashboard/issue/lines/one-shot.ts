// Lines of the agents that print a small format of their own: gemini-cli, opencode, copilot-cli, and the line
// protocol of the bundled agent and of `command`.

import { argumentsText, contentText, flagAt, objectAt, textAt, valueAt } from '../json-look.ts';
import { noise, say, type LineReader } from './said.ts';

/** `{"event": …}`. */
export const readProtocolLine: LineReader = (line) => {
  const message = textAt(line, 'message');
  switch (textAt(line, 'event')) {
    case 'notification':
      return [say('text', message)];
    case 'tool_started':
      return [say('call', '', { name: textAt(line, 'name') })];
    case 'tool_result': {
      const ms = valueAt(line, 'duration_ms');
      const text = typeof ms === 'number' ? `${(ms / 1000).toFixed(1)} s` : '';
      return [say('result', text, { name: textAt(line, 'name'), ok: flagAt(line, 'ok') })];
    }
    case 'session_started':
      return [say('note', 'Session started')];
    case 'token_usage':
      return noise('token_usage');
    default:
      return null;
  }
};

export const readGeminiLine: LineReader = (line) => {
  if (!('timestamp' in line)) return null;
  switch (textAt(line, 'type')) {
    case 'init':
      return [say('note', `Session started with ${textAt(line, 'model') || 'an unnamed model'}`)];
    case 'message': {
      const kind = textAt(line, 'role') === 'user' ? 'prompt' : 'text';
      return [say(kind, textAt(line, 'content'), { isPiece: flagAt(line, 'delta') === true })];
    }
    case 'tool_use':
      if (objectAt(line, 'part') !== null) return null;
      return [say('call', argumentsText(valueAt(line, 'parameters')), { name: textAt(line, 'tool_name') })];
    case 'tool_result': {
      const text = textAt(line, 'output') || textAt(line, 'error', 'message');
      return [say('result', text, { ok: textAt(line, 'status') === 'success' })];
    }
    case 'error':
      return textAt(line, 'message') === '' ? null : [say('error', textAt(line, 'message'))];
    case 'result': {
      if (textAt(line, 'status') === '') return null;
      const error = textAt(line, 'error', 'message');
      return [error === '' ? say('note', 'Turn ended') : say('error', error)];
    }
    default:
      return null;
  }
};

export const readOpencodeLine: LineReader = (line) => {
  if (!('sessionID' in line)) return null;
  const part = objectAt(line, 'part') ?? {};
  switch (textAt(line, 'type')) {
    case 'text':
      return [say('text', textAt(part, 'text'))];
    case 'reasoning':
      return [say('thought', textAt(part, 'text'))];
    case 'tool_use': {
      const state = objectAt(part, 'state');
      const name = textAt(part, 'tool');
      return [
        say('call', argumentsText(valueAt(state, 'input')), { name }),
        say('result', textAt(state, 'output') || textAt(state, 'error'), {
          name,
          ok: textAt(state, 'status') === 'completed' && name !== 'invalid',
        }),
      ];
    }
    case 'error':
      return [
        say('error', textAt(line, 'error', 'data', 'message') || textAt(line, 'error', 'name') || 'error'),
      ];
    default:
      return noise(textAt(line, 'type') || 'line');
  }
};

export const readCopilotLine: LineReader = (line) => {
  const data = objectAt(line, 'data');
  const type = textAt(line, 'type');
  if (data === null) {
    return type === 'result' && 'sessionId' in line ? [say('note', 'Turn ended')] : null;
  }
  switch (type) {
    case 'assistant.message':
      return textAt(data, 'content') === '' ? noise(type) : [say('text', textAt(data, 'content'))];
    case 'assistant.reasoning':
      return [say('thought', textAt(data, 'content'))];
    case 'user.message':
      return [say('prompt', textAt(data, 'content'))];
    case 'tool.execution_start':
      return [say('call', argumentsText(valueAt(data, 'arguments')), { name: textAt(data, 'toolName') })];
    case 'tool.execution_complete': {
      const text = contentText(valueAt(data, 'result', 'content')) || textAt(data, 'error', 'message');
      return [say('result', text, { ok: flagAt(data, 'success') })];
    }
    case 'session.error':
      return [say('error', textAt(data, 'message') || 'error')];
    case 'session.warning':
      return [say('note', textAt(data, 'message') || 'warning')];
    default:
      return type.includes('.') ? noise(type) : null;
  }
};

/** Any object that says what it is and holds one text: programs that are nobody's format still read well. */
export const readLooseLine: LineReader = (line) => {
  const type = textAt(line, 'type') || textAt(line, 'event') || textAt(line, 'level');
  const text =
    textAt(line, 'text') || textAt(line, 'message') || textAt(line, 'content') || textAt(line, 'msg');
  const name = textAt(line, 'name') || textAt(line, 'tool');
  if (type === '') return null;
  if (/tool.?(?:use|call)/.test(type) && name !== '') {
    return [say('call', argumentsText(valueAt(line, 'input') ?? valueAt(line, 'arguments')), { name })];
  }
  if (text === '') return null;
  if (/tool.?result/.test(type)) return [say('result', text, { name, ok: flagAt(line, 'ok') })];
  return [say(/error|fail/.test(type) ? 'error' : 'text', text)];
};
