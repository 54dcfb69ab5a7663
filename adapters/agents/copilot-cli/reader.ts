// The lines of `copilot --output-format json`, checked with 1.0.102: {type, data, …}, and at the end `result`. Usage is
// in none of them: it comes from the file that the CLI leaves, as a line of ours (usage-file.ts).

import type { AgentEvent, ReaderContext } from '../../../src/contract/agent.ts';
import {
  booleanAt,
  arrayAt,
  cleanText,
  createToolBook,
  createUsageMeter,
  idAt,
  numberAt,
  objectAt,
  readJsonLine,
  stringAt,
  TOOL_SERVER_NAME,
} from '../driver/index.ts';
import type { CliReader, JsonObject } from '../driver/index.ts';
import { USAGE_LINE } from './usage-file.ts';
import { judgeTurn } from './verdict.ts';

const WRITING_TOOLS = new Set(['create', 'edit', 'str_replace', 'insert', 'apply_patch', 'write']);
/** Printable ASCII; it becomes an argument of the next turn. */
const SESSION_ID = /^[A-Za-z0-9][\x21-\x7e]{0,199}$/;
/** Dozens of them come with every tool call, and none means anything. */
const NOISE = new Set(['session.background_tasks_changed', 'user.message']);
const SHOWN_OF_BAD_LINE = 120;

/** Of an operator's own server nothing but a failure is said: it may be off, or want a login, on purpose. */
function isMissing(server: string, status: string): boolean {
  if (server !== TOOL_SERVER_NAME) return status === 'failed';
  return !['pending', 'connected', ''].includes(status);
}

/** The reader of one session. */
export function createCopilotReader(context: ReaderContext): CliReader {
  const meter = createUsageMeter(context.sessionUsage);
  const tools = createToolBook();
  let { sessionId } = context;
  let result: JsonObject | null = null;
  let error: JsonObject | null = null;
  let refusal: string | null = null;
  let hasUsage = false;
  const missing = new Set<string>();

  function endTool(data: JsonObject, atMs: number): readonly AgentEvent[] {
    const callId = idAt(data, 'toolCallId');
    const name = tools.nameOf(callId);
    const ok = booleanAt(data, 'success') === true;
    const writes = ok && (WRITING_TOOLS.has(name) || arrayAt(data, 'fileEdits').length > 0);
    const ended = tools.ended(callId, { ok, writes }, atMs);
    const isRefused = !ok && stringAt(data, 'error', 'code') === 'denied';
    refusal = isRefused ? cleanText(`${name || 'tool'}: ${stringAt(data, 'error', 'message')}`, 500) : null;
    return refusal === null ? ended : [...ended, { kind: 'notification', message: `refused: ${refusal}` }];
  }

  function measure(usage: JsonObject): readonly AgentEvent[] {
    const models = objectAt(usage, 'modelMetrics') ?? {};
    const sum = (figure: string): number =>
      Object.keys(models).reduce(
        (all, model) => all + Math.max(0, numberAt(models, model, 'usage', figure) ?? 0),
        0,
      );
    const cacheReadTokens = sum('cacheReadTokens');
    const event = meter.take({
      scope: 'session',
      // `inputTokens` holds what was read from a cache, `outputTokens` the reasoning.
      inputTokens: sum('inputTokens') - cacheReadTokens,
      outputTokens: sum('outputTokens'),
      cacheReadTokens,
      cacheWriteTokens: sum('cacheWriteTokens'),
      model: cleanText(stringAt(usage, 'currentModel') || (Object.keys(models)[0] ?? ''), 200),
    });
    return event === null ? [] : [event];
  }

  function endSession(event: JsonObject): readonly AgentEvent[] {
    result = event;
    const named = stringAt(event, 'sessionId');
    if (named === sessionId || !SESSION_ID.test(named)) return [];
    sessionId = named;
    return [{ kind: 'session_started', sessionId }];
  }

  function say(text: string): readonly AgentEvent[] {
    const message = cleanText(text);
    return message === '' ? [] : [{ kind: 'notification', message }];
  }

  function read(event: JsonObject, atMs: number): readonly AgentEvent[] {
    const type = stringAt(event, 'type');
    const data = objectAt(event, 'data') ?? {};
    if (NOISE.has(type)) return [];
    switch (type) {
      case USAGE_LINE:
        hasUsage = true;
        return measure(objectAt(event, 'usage') ?? {});
      case 'result':
        return endSession(event);
      case 'tool.execution_start':
        return tools.started(idAt(data, 'toolCallId'), stringAt(data, 'toolName'), atMs);
      case 'tool.execution_complete':
        return endTool(data, atMs);
      case 'assistant.message':
        // It got over what went wrong before.
        error = null;
        return say(stringAt(data, 'content'));
      case 'session.error':
        error = event;
        return say(`error: ${stringAt(data, 'message')}`);
      case 'session.warning':
        return say(stringAt(data, 'message'));
      case 'assistant.turn_retry':
        return say(`the agent tries again: ${stringAt(data, 'reason')}`);
      case 'session.mcp_server_status_changed':
        if (isMissing(stringAt(data, 'serverName'), stringAt(data, 'status'))) {
          // It is said again with each look.
          if (missing.has(stringAt(data, 'serverName'))) return [];
          missing.add(stringAt(data, 'serverName'));
          const why = stringAt(data, 'error') || stringAt(data, 'status');
          return say(`MCP server ${stringAt(data, 'serverName')} failed: ${why}; its tools are missing`);
        }
    }
    return [{ kind: 'other_message', message: cleanText(type, 120) || 'a line without type' }];
  }

  return {
    take(line, atMs) {
      const event = readJsonLine(line);
      if (event === 'malformed') {
        return [{ kind: 'malformed', message: cleanText(line, SHOWN_OF_BAD_LINE) }];
      }
      if (event === null) {
        const message = cleanText(line);
        return message === '' ? [] : [{ kind: 'other_message', message }];
      }
      return read(event, atMs);
    },
    // The line with the usage comes after the `result`, and belongs to its turn.
    isTurnOver: () => hasUsage,
    isDone: () => result !== null,
    endTurn(end) {
      const verdict = judgeTurn({ result, error, refusal }, end);
      result = null;
      error = null;
      refusal = null;
      hasUsage = false;
      tools.endTurn();
      meter.beginTurn();
      return { events: [], verdict };
    },
  };
}
