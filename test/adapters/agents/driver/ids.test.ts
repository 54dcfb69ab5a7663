// What is taken for the id of a session, a turn or a tool call: it is kept, sent back and shown.

import { expect, it } from 'vitest';
import { createAcpReader } from '../../../../adapters/agents/acp/reader.ts';
import { createClaudeReader } from '../../../../adapters/agents/claude-code/reader.ts';
import { idAt } from '../../../../adapters/agents/driver/index.ts';

it.each(['a', '0198e7f4-7c11-7000-8000-5d2c7f0e1a2b', 'x'.repeat(200), 'größe'])('takes %s', (id) => {
  expect(idAt({ id }, 'id')).toBe(id);
});

it.each(['', 'x'.repeat(201), 'a\nb', 'a\0b', 5, null, undefined, ['a']])('takes no %j', (id) => {
  expect(idAt({ id }, 'id')).toBe('');
});

it('keeps no call under an id of megabytes', () => {
  const id = 'y'.repeat(1_000_000);
  const content = [{ type: 'tool_use', id, name: 'Bash' }];
  const claude = createClaudeReader({ sessionUsage: null, sessionId: '' });
  expect(claude.take(JSON.stringify({ type: 'assistant', message: { content } }), 0)).toEqual([]);
  const update = { sessionUpdate: 'tool_call', toolCallId: id, title: 'x' };
  const acp = createAcpReader({ sessionUsage: null, sessionId: '' });
  expect(acp.take(JSON.stringify({ method: 'session/update', params: { update } }), 0)).toEqual([]);
});
