// Tool calls of one session, as Claude Code reports them: in flight from the finished `tool_use` block to its
// `tool_result`, and commands that it sent into the background until it says that they ended. A block that is still
// being written is no call: a model stream that falls silent there is a silent stream.

import type { AgentEvent } from '../../../src/contract/agent.ts';
import { arrayAt, booleanAt, cleanText, createToolBook, idAt, stringAt } from '../driver/index.ts';

const WRITING_TOOLS = new Set(['Write', 'Edit', 'MultiEdit', 'NotebookEdit']);
/** The result of a call that goes on in the background; 2.1.197 says it nowhere else. */
const IN_BACKGROUND = /running in background with ID: ([\w-]+)/;
/** More at once than any honest agent has; whether further ones end is not waited for. */
const BACKGROUND_KEPT = 256;
/** Of ended calls, so that a line that comes twice counts once. */
const ENDED_KEPT = 512;

/** One for each session. */
export interface ToolCalls {
  /** @param content of an `assistant` message. */
  started(content: readonly unknown[], atMs: number): readonly AgentEvent[];
  /** @param content of a `user` message. */
  ended(content: readonly unknown[], atMs: number): readonly AgentEvent[];
  /** `permission_denied`. */
  refused(line: unknown): readonly AgentEvent[];
  /** `task_started`, `task_notification`, `background_tasks_changed`. */
  background(line: unknown, atMs: number): readonly AgentEvent[];
  /** Commands in the background that nobody has seen end. */
  inBackground(): number;
  /** The name of the turn's last call when it was refused, "" otherwise. @param denials of the result. */
  lastRefused(denials: readonly unknown[]): string;
  endTurn(): void;
}

/** No calls yet. */
export function createToolCalls(): ToolCalls {
  const book = createToolBook();
  const ended = new Set<string>();
  const refusals = new Set<string>();
  const background = new Set<string>();
  let last = { callId: '', name: '' };

  const beginInBackground = (task: unknown, atMs: number): readonly AgentEvent[] => {
    const id = idAt(task, 'task_id');
    if (id === '' || background.has(id) || ended.has(id) || background.size >= BACKGROUND_KEPT) return [];
    background.add(id);
    return book.started(id, `background: ${stringAt(task, 'description') || 'task'}`, atMs);
  };
  const endInBackground = (id: string, ok: boolean, atMs: number): readonly AgentEvent[] => {
    if (!background.delete(id)) return [];
    remember(ended, id);
    return book.ended(id, { ok }, atMs);
  };

  return {
    started: (content, atMs) =>
      content.flatMap((block) => {
        const callId = idAt(block, 'id');
        if (stringAt(block, 'type') !== 'tool_use' || callId === '' || ended.has(callId)) return [];
        return book.started(callId, stringAt(block, 'name'), atMs);
      }),
    ended: (content, atMs) =>
      content.flatMap((block) => {
        const callId = idAt(block, 'tool_use_id');
        if (stringAt(block, 'type') !== 'tool_result' || callId === '' || ended.has(callId)) return [];
        const ok = booleanAt(block, 'is_error') !== true;
        const name = book.nameOf(callId);
        remember(ended, callId);
        last = { callId, name };
        const task = IN_BACKGROUND.exec(stringAt(block, 'content').slice(0, 500))?.[1] ?? '';
        return [
          ...beginInBackground({ task_id: task, description: name }, atMs),
          ...book.ended(callId, { ok, writes: WRITING_TOOLS.has(name) }, atMs),
        ];
      }),
    refused(line) {
      const callId = idAt(line, 'tool_use_id');
      if (refusals.has(callId)) return [];
      remember(refusals, callId);
      const name = cleanText(stringAt(line, 'tool_name'), 120) || 'a tool';
      return [{ kind: 'notification', message: `permission for ${name} was refused` }];
    },
    background(line, atMs) {
      switch (stringAt(line, 'subtype')) {
        case 'task_started':
          return booleanAt(line, 'is_backgrounded') === true ? beginInBackground(line, atMs) : [];
        case 'task_notification':
          return endInBackground(idAt(line, 'task_id'), stringAt(line, 'status') === 'completed', atMs);
        default: {
          const tasks = arrayAt(line, 'tasks');
          const listed = new Set(tasks.map((task) => idAt(task, 'task_id')));
          const gone = [...background].filter((id) => !listed.has(id));
          return [
            ...gone.flatMap((id) => endInBackground(id, true, atMs)),
            ...tasks.flatMap((task) => beginInBackground(task, atMs)),
          ];
        }
      }
    },
    inBackground: () => background.size,
    lastRefused(denials) {
      const isRefused =
        refusals.has(last.callId) || denials.some((denial) => idAt(denial, 'tool_use_id') === last.callId);
      return last.callId !== '' && isRefused ? last.name || 'a tool' : '';
    },
    endTurn() {
      book.endTurn();
      background.clear();
      refusals.clear();
      last = { callId: '', name: '' };
    },
  };
}

function remember(ids: Set<string>, id: string): void {
  ids.add(id);
  if (ids.size <= ENDED_KEPT) return;
  const oldest = ids.values().next();
  if (!oldest.done) ids.delete(oldest.value);
}
