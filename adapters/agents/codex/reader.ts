// Turns the lines of one `codex app-server` into events, over all turns of a session. It reads answers and requests
// of the protocol too, but only for what they tell (the thread, its model, what a person was asked): who talks to
// Codex is session.ts. A turn is over when `turn/completed` of the session's own thread says so, and never before.

import type {
  AgentEvent,
  OutputEnd,
  OutputReader,
  ReaderContext,
  TurnVerdict,
} from '../../../src/contract/agent.ts';
import {
  booleanAt,
  cleanText,
  createToolBook,
  idAt,
  numberAt,
  objectAt,
  readJsonLine,
  stringAt,
} from '../driver/index.ts';
import type { JsonObject } from '../driver/index.ts';
import { readText, readToolItem } from './items.ts';
import { createRateLimits } from './rate-limits.ts';
import { judgeRequest, requestId } from './server-requests.ts';
import { judgeTurnError } from './verdict.ts';
import { createThreadUsage } from './usage.ts';

/** Pieces of text and thoughts come dozens a second; one sign of life in this time is enough. */
const SIGN_OF_LIFE_MS = 1000;
const NAME_LIMIT = 200;

export interface CodexReaderOptions extends ReaderContext {
  /** The sandbox keeps nothing from the agent: see `judgeRequest`. */
  readonly grantsAll: boolean;
}

/** The reader of a session, for those who have parsed a line already, or want to stop its turn. */
export interface CodexReader extends OutputReader {
  /** Like `take`, with what the line held. */
  takeMessage(message: JsonObject, atMs: number): readonly AgentEvent[];
  /** Of the turn that goes on; "" when there is none, or when its id was not told yet. */
  runningTurnId(): string;
}

/** One for each session. */
export function createCodexReader({ sessionUsage, sessionId, grantsAll }: CodexReaderOptions): CodexReader {
  const usage = createThreadUsage(sessionUsage);
  const limits = createRateLimits();
  const tools = createToolBook();
  let threadId = sessionId;
  let model = '';
  /** Of the turn that goes on, or of the last one; "" before the first. */
  let turnId = '';
  let isInTurn = false;
  let verdict: TurnVerdict | null = null;
  let wanted: Extract<TurnVerdict, { kind: 'failed' }> | null = null;
  let lastError: unknown = null;
  let sandboxFailure = '';
  let hasShellWorked = false;
  let lastSignMs = -Infinity;

  function name(given: string): AgentEvent[] {
    if (given === '' || given === threadId) return [];
    threadId = given;
    return [{ kind: 'session_started', sessionId: given }];
  }

  function beginTurn(id: string): void {
    if (id === '' || (isInTurn && id === turnId)) return;
    turnId = id;
    isInTurn = true;
    verdict = null;
  }

  function takeAnswer(message: JsonObject): AgentEvent[] {
    const thread = idAt(message, 'result', 'thread', 'id');
    if (thread !== '') model = cleanText(stringAt(message, 'result', 'model'), NAME_LIMIT) || model;
    beginTurn(idAt(message, 'result', 'turn', 'id'));
    return name(thread);
  }

  function takeRequest(message: JsonObject): AgentEvent[] {
    if (requestId(message) === null) {
      return [{ kind: 'malformed', message: 'Codex asked something under an id that cannot be answered' }];
    }
    const judgement = judgeRequest(message, grantsAll);
    if (judgement.wanted !== null) {
      const { reason, detail } = judgement.wanted;
      wanted = { kind: 'failed', error: 'turn_input_required', reason, detail };
    }
    return [judgement.event];
  }

  function takeItem(item: JsonObject, isComplete: boolean, atMs: number): readonly AgentEvent[] {
    const tool = readToolItem(item);
    if (tool === null) {
      const message = isComplete ? readText(item) : '';
      return message === '' ? signOfLife(stringAt(item, 'type'), atMs) : [{ kind: 'notification', message }];
    }
    if (!isComplete) return tools.started(tool.callId, tool.name, atMs);
    if (tool.ok) wanted = null;
    if (tool.ok && tool.name === 'shell') hasShellWorked = true;
    sandboxFailure ||= tool.sandboxFailure;
    const { callId, ok, writes } = tool;
    const events = tools.ended(callId, { ok, writes: writes && ok, name: tool.name }, atMs);
    if (!tool.isRefused) return events;
    const detail = `${tool.name} was refused for want of a permission`;
    wanted = { kind: 'failed', error: 'turn_input_required', reason: 'permission_refused', detail };
    return [...events, { kind: 'notification', message: detail }];
  }

  function signOfLife(what: string, atMs: number): AgentEvent[] {
    if (atMs - lastSignMs < SIGN_OF_LIFE_MS) return [];
    lastSignMs = atMs;
    return [{ kind: 'other_message', message: cleanText(what, NAME_LIMIT) || 'at work' }];
  }

  function takeNotification(
    method: string,
    params: unknown,
    atMs: number,
    saidMs: number | null,
  ): readonly AgentEvent[] {
    const ofThread = idAt(params, 'threadId');
    const isMain = ofThread === '' || ofThread === threadId;
    switch (method) {
      case 'thread/started': {
        // Sub-agents have threads of their own.
        if (threadId !== '') return [];
        model = cleanText(stringAt(params, 'thread', 'model'), NAME_LIMIT) || model;
        return name(idAt(params, 'thread', 'id'));
      }
      case 'turn/started':
        if (isMain) beginTurn(idAt(params, 'turn', 'id'));
        return [];
      case 'turn/completed':
        if (isMain) takeEnd(objectAt(params, 'turn') ?? {}, saidMs);
        return [];
      case 'item/started':
      case 'item/completed':
        return takeItem(objectAt(params, 'item') ?? {}, method === 'item/completed', atMs);
      case 'thread/tokenUsage/updated': {
        const isNow = turnId !== '' && idAt(params, 'turnId') === turnId;
        const tokenUsage = objectAt(params, 'tokenUsage');
        return some(usage.take({ threadId: ofThread || threadId, isMain, isNow, tokenUsage, model }));
      }
      case 'account/rateLimits/updated':
        return some(limits.take(objectAt(params, 'rateLimits')));
      case 'model/rerouted':
        if (isMain) model = cleanText(stringAt(params, 'toModel'), NAME_LIMIT) || model;
        return [{ kind: 'notification', message: `the model was changed to ${model}` }];
      case 'error':
        return takeError(params, isMain);
      case 'warning':
      case 'guardianWarning':
      case 'deprecationNotice':
      case 'configWarning':
        return takeWarning(params);
      case 'mcpServer/startupStatus/updated': {
        if (stringAt(params, 'status') !== 'failed') return [];
        const message = `MCP server ${stringAt(params, 'name')} did not start: ${stringAt(params, 'error')}`;
        return [{ kind: 'notification', message: cleanText(message) }];
      }
      default:
        return isInTurn && method.startsWith('item/') ? signOfLife(method, atMs) : [];
    }
  }

  function takeError(params: unknown, isMain: boolean): AgentEvent[] {
    const error = objectAt(params, 'error');
    const willRetry = booleanAt(params, 'willRetry') === true;
    if (isMain && !willRetry) lastError = error;
    const words = [stringAt(error, 'message'), stringAt(error, 'additionalDetails')];
    const message = cleanText(words.filter((text) => text !== '').join(': '));
    return message === '' ? [] : [{ kind: 'notification', message }];
  }

  function takeEnd(turn: JsonObject, saidMs: number | null): void {
    // The first word about a turn's end counts.
    if (!isInTurn || verdict !== null || idAt(turn, 'id') !== turnId) return;
    const status = stringAt(turn, 'status');
    if (status === 'failed') {
      verdict = judgeTurnError(objectAt(turn, 'error') ?? lastError, (words) =>
        limits.resetAtMs(words, saidMs),
      );
    } else if (status === 'completed') {
      verdict = sandboxVerdict() ?? wanted ?? { kind: 'completed' };
    } else {
      const detail =
        status === 'interrupted'
          ? 'the turn was interrupted'
          : `the turn ended as "${cleanText(status, 60)}"`;
      verdict = { kind: 'failed', error: 'turn_failed', reason: null, detail };
    }
  }

  /** Codex reports as completed what could not run a single command. */
  function sandboxVerdict(): TurnVerdict | null {
    if (sandboxFailure === '' || hasShellWorked) return null;
    const detail =
      `Codex cannot set up its sandbox here (${sandboxFailure}): allow unprivileged user namespaces, or, inside of ` +
      'a container or machine that is a sandbox itself, set codex.thread_sandbox: dangerFullAccess';
    return { kind: 'failed', error: 'agent_config_error', reason: null, detail };
  }

  function takeMessage(message: JsonObject, atMs: number): readonly AgentEvent[] {
    const method = stringAt(message, 'method');
    if (method === '') return message['id'] === undefined ? [] : takeAnswer(message);
    if (message['id'] !== undefined) return takeRequest(message);
    return takeNotification(method, message['params'], atMs, numberAt(message, 'emittedAtMs'));
  }

  return {
    take(line, atMs) {
      const message = readJsonLine(line);
      if (message === null) return [];
      if (message !== 'malformed') return takeMessage(message, atMs);
      return [{ kind: 'malformed', message: cleanText(line, NAME_LIMIT) }];
    },
    takeMessage,
    runningTurnId: () => (isInTurn ? turnId : ''),
    isTurnOver: () => verdict !== null,
    endTurn(_end: OutputEnd) {
      const said = verdict;
      verdict = null;
      wanted = null;
      lastError = null;
      sandboxFailure = '';
      hasShellWorked = false;
      isInTurn = false;
      lastSignMs = -Infinity;
      tools.endTurn();
      return { events: [], verdict: said };
    },
  };
}

function some(event: AgentEvent | null): AgentEvent[] {
  return event === null ? [] : [event];
}

function takeWarning(params: unknown): AgentEvent[] {
  const words = [stringAt(params, 'summary') || stringAt(params, 'message'), stringAt(params, 'details')];
  const message = cleanText(words.filter((text) => text !== '').join(': '));
  return message === '' ? [] : [{ kind: 'notification', message }];
}
