// Lines of `claude --output-format stream-json`. The pieces of a message come before the message itself, so they
// count as noise: nothing is shown twice.

import { argumentsText, contentText, flagAt, listAt, textAt, valueAt } from '../json-look.ts';
import { noise, say, type LineReader, type Said } from './said.ts';

export const readClaudeLine: LineReader = (line) => {
  switch (textAt(line, 'type')) {
    case 'assistant':
      return listAt(line, 'message', 'content').map(readBlock);
    case 'user': {
      const content = valueAt(line, 'message', 'content');
      if (typeof content === 'string') return [say('prompt', content)];
      return listAt(line, 'message', 'content').map(readBlock);
    }
    case 'stream_event':
    case 'rate_limit_event':
      return noise(textAt(line, 'event', 'type') || textAt(line, 'type'));
    case 'system':
      return readSystem(textAt(line, 'subtype'), textAt(line, 'model'));
    case 'result':
      return valueAt(line, 'num_turns') === undefined && textAt(line, 'subtype') === ''
        ? null
        : readResult(line);
    default:
      return null;
  }
};

function readBlock(block: unknown): Said {
  switch (textAt(block, 'type')) {
    case 'text':
      return say('text', textAt(block, 'text'));
    case 'thinking':
      return say('thought', textAt(block, 'thinking'));
    case 'tool_use':
      return say('call', argumentsText(valueAt(block, 'input')), { name: textAt(block, 'name') });
    case 'tool_result':
      return say('result', contentText(valueAt(block, 'content')), {
        ok: flagAt(block, 'is_error') !== true,
      });
    default:
      return say('noise', textAt(block, 'type') || 'block');
  }
}

function readSystem(subtype: string, model: string): readonly Said[] {
  if (subtype !== 'init') return noise(subtype || 'system');
  return [say('note', model === '' ? 'Session started' : `Session started with ${model}`)];
}

function readResult(line: Parameters<LineReader>[0]): readonly Said[] {
  const text = textAt(line, 'result');
  if (flagAt(line, 'is_error') === true)
    return [say('error', text || textAt(line, 'subtype') || 'The turn failed')];
  return [say('note', 'Turn ended')];
}
