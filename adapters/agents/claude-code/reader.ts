// Reads the lines of `claude -p --output-format stream-json --verbose --include-partial-messages`. One process may
// print several results: when commands in the background end, the agent goes on. The last result decides, and a turn
// is over when it was printed and nothing is left in the background.

import type { AgentEvent, OutputReader, ReaderContext } from '../../../src/contract/agent.ts';
import {
  arrayAt,
  cleanText,
  numberAt,
  readJsonLine,
  stringAt,
  TOOL_SERVER_NAME,
  valueAt,
} from '../driver/index.ts';
import type { JsonObject } from '../driver/index.ts';
import { limitWindows, refusedUntil } from './rate-limits.ts';
import { createToolCalls } from './tool-calls.ts';
import { createClaudeUsage } from './usage.ts';
import { judgeResult, judgeStderr } from './verdict.ts';

/** A stream has hundreds of lines a second; one a second is enough to show that it lives. */
const SIGN_OF_LIFE_MS = 1000;
/** Goes onto the command line of the next turn, into an environment and into logs. */
const SESSION_ID = /^[A-Za-z0-9][\w.:-]{0,199}$/;

/** See AgentRegistration. */
export function createClaudeReader(
  context: ReaderContext,
  /** The agent was given the tools of its run: people must hear when it could not reach them. */
  hasTools = false,
): OutputReader {
  const usage = createClaudeUsage(context.sessionUsage);
  const tools = createToolCalls();
  let announced = '';
  let lastSignMs = -Infinity;
  let result: JsonObject | null = null;
  let isOver = false;
  let apiError = '';
  let apiErrorCode = '';
  let refusedUntilMs: number | null = null;

  const say = (words: string): AgentEvent[] => {
    const message = cleanText(words);
    return message === '' ? [] : [{ kind: 'notification', message }];
  };
  const isQuiet = (atMs: number): boolean => atMs - lastSignMs < SIGN_OF_LIFE_MS;
  const live = (message: string, atMs: number): AgentEvent[] => {
    if (isQuiet(atMs)) return [];
    lastSignMs = atMs;
    return [{ kind: 'other_message', message: cleanText(message, 200) }];
  };

  function begin(line: JsonObject): AgentEvent[] {
    isOver = false;
    result = null;
    const events: AgentEvent[] = [];
    const sessionId = stringAt(line, 'session_id');
    if (SESSION_ID.test(sessionId) && sessionId !== announced) {
      announced = sessionId;
      events.push({ kind: 'session_started', sessionId });
    }
    const servers = arrayAt(line, 'mcp_servers').map((server) => ({
      name: stringAt(server, 'name'),
      status: stringAt(server, 'status'),
    }));
    for (const { name, status } of servers) {
      const isOurs = name === TOOL_SERVER_NAME;
      if (isOurs ? status === 'connected' : status !== 'failed') continue;
      const words = status === 'failed' ? 'could not be reached' : `is not connected (${status})`;
      events.push(...say(`the MCP server ${name} ${words}: its tools are missing`));
    }
    if (hasTools && servers.every(({ name }) => name !== TOOL_SERVER_NAME)) {
      events.push(...say(`the agent did not take the MCP server ${TOOL_SERVER_NAME}: its tools are missing`));
    }
    return events;
  }

  function system(line: JsonObject, atMs: number): readonly AgentEvent[] {
    const subtype = stringAt(line, 'subtype');
    switch (subtype) {
      case 'init':
        return begin(line);
      case 'api_retry':
        return say(retryWords(line));
      case 'permission_denied':
        return tools.refused(line);
      case 'task_started':
      case 'task_notification':
      case 'background_tasks_changed':
        return tools.background(line, atMs);
      default:
        return live(stringAt(line, 'status') || subtype || 'system', atMs);
    }
  }

  function assistant(line: JsonObject, atMs: number): readonly AgentEvent[] {
    const isMain = stringAt(line, 'parent_tool_use_id') === '';
    if (isMain && stringAt(line, 'error') !== '') {
      apiError = stringAt(line, 'error');
      apiErrorCode = stringAt(line, 'api_error');
      refusedUntilMs = refusedUntil(valueAt(line, 'api_error_params', 'rate_limit_info')) ?? refusedUntilMs;
    }
    const content = arrayAt(line, 'message', 'content');
    const said = content.flatMap((block) =>
      stringAt(block, 'type') !== 'text'
        ? []
        : isMain
          ? say(stringAt(block, 'text'))
          : live('a subagent speaks', atMs),
    );
    return [...said, ...tools.started(content, atMs)];
  }

  function limits(line: JsonObject): AgentEvent[] {
    const info = valueAt(line, 'rate_limit_info');
    refusedUntilMs = refusedUntil(info) ?? refusedUntilMs;
    const windows = limitWindows(info);
    return windows.length === 0 ? [] : [{ kind: 'rate_limits', windows }];
  }

  function take(line: JsonObject, atMs: number): readonly AgentEvent[] {
    switch (stringAt(line, 'type')) {
      case 'system':
        return system(line, atMs);
      case 'stream_event':
        return [
          ...listed(usage.live(line)),
          // Most of all lines are such lines: their words are looked for only when they are said.
          ...(isQuiet(atMs) ? [] : live(streamWords(line), atMs)),
        ];
      case 'assistant':
        return assistant(line, atMs);
      case 'user':
        return tools.ended(arrayAt(line, 'message', 'content'), atMs);
      case 'rate_limit_event':
        return limits(line);
      case 'result':
        result = line;
        isOver = tools.inBackground() === 0;
        return listed(usage.settle(line));
      default:
        return live(stringAt(line, 'type') || 'other', atMs);
    }
  }

  return {
    take(text, atMs) {
      const line = readJsonLine(text);
      if (line === null) return say(text);
      if (line === 'malformed') {
        return [{ kind: 'malformed', message: `no JSON: ${cleanText(text, 120)}` }];
      }
      return take(line, atMs);
    },
    isTurnOver: () => isOver,
    endTurn(end) {
      const lastRefused = tools.lastRefused(arrayAt(result, 'permission_denials'));
      const facts = { apiError, apiErrorCode, refusedUntilMs, lastRefused };
      const verdict = result === null ? judgeStderr(end) : judgeResult(result, facts);
      usage.endTurn();
      tools.endTurn();
      result = null;
      isOver = false;
      apiError = '';
      apiErrorCode = '';
      refusedUntilMs = null;
      lastSignMs = -Infinity;
      return { events: [], verdict };
    },
  };
}

function retryWords(line: JsonObject): string {
  const status = numberAt(line, 'error_status');
  const what = status === null ? 'no answer' : `HTTP ${status}`;
  const error = stringAt(line, 'error');
  const waitS = ((numberAt(line, 'retry_delay_ms') ?? 0) / 1000).toFixed(1);
  const count = `${numberAt(line, 'attempt') ?? '?'} of ${numberAt(line, 'max_retries') ?? '?'}`;
  return `the model's service: ${what}${error === '' ? '' : ` (${error})`}; retry ${count} in ${waitS} s`;
}

function streamWords(line: JsonObject): string {
  const part = stringAt(line, 'event', 'delta', 'type') || stringAt(line, 'event', 'content_block', 'type');
  if (part.startsWith('thinking') || part.startsWith('signature')) return 'thinking';
  return part.startsWith('input_json') || part === 'tool_use' ? 'writing a tool call' : 'writing';
}

function listed(event: AgentEvent | null): AgentEvent[] {
  return event === null ? [] : [event];
}
