// The messages of an agent that speaks ACP 1, read for what they tell; answering them is link.ts' job. Between an
// answer to `initialize` and the next one a session is being opened: what comes then is history and counts for
// nothing. A turn is over with an answer that has a stop reason, or with an error.

import type { AgentEvent, OutputReader, ReaderContext, TurnVerdict } from '../../../src/contract/agent.ts';
import {
  arrayAt,
  cleanText,
  createSpeech,
  createUsageMeter,
  idAt,
  numberAt,
  objectAt,
  readJsonLine,
  stringAt,
} from '../driver/index.ts';
import type { JsonObject } from '../driver/index.ts';
import { answerPermission } from './permission.ts';
import { createToolCalls } from './tool-calls.ts';
import { readUsage } from './usage.ts';
import { judgeError, judgeStop } from './verdict.ts';

const SHOWN_OF_BAD_LINE = 120;
/** Nothing that anybody would want to be told. */
const SILENT_UPDATES = new Set([
  'user_message_chunk',
  'available_commands_update',
  'current_mode_update',
  'config_option_update',
  'session_info_update',
]);

export interface AcpReader extends OutputReader {
  /** The same as `take`, for who has parsed the line already. */
  takeMessage(message: JsonObject, atMs: number): readonly AgentEvent[];
  /** What `malformed` lines come to. */
  takeBadLine(line: string): readonly AgentEvent[];
  /** While it is mute, updates count for nothing: outside of a turn they are history, or too late. */
  mute(isMute: boolean): void;
}

/** The reader of one session. */
export function createAcpReader(context: ReaderContext): AcpReader {
  const meter = createUsageMeter(context.sessionUsage);
  const tools = createToolCalls();
  const speech = createSpeech('notification');
  const thoughts = createSpeech('other_message');
  let isOpening = false;
  let isMute = false;
  let agentName = '';
  let authMethods: readonly string[] = [];
  let model = '';
  let costUsd: number | null = null;
  let refusal: string | null = null;
  let lastWords = '';
  let verdict: TurnVerdict | null = null;

  const flush = (): readonly AgentEvent[] => [...thoughts.flush(), ...speech.flush()];

  function measure(result: unknown): readonly AgentEvent[] {
    const usage = meter.take(readUsage(result, { agentName, model, costUsd }));
    return usage === null ? [] : [usage];
  }

  function readResult(result: JsonObject | null): readonly AgentEvent[] {
    if (numberAt(result, 'protocolVersion') !== null) {
      isOpening = true;
      agentName = stringAt(result, 'agentInfo', 'name');
      authMethods = arrayAt(result, 'authMethods').flatMap(
        (method) => cleanText(stringAt(method, 'name'), 80) || [],
      );
      costUsd = null;
      verdict = null;
      meter.beginProcess();
      return [];
    }
    if (isOpening) {
      isOpening = false;
      model = modelOf(result) || model;
      const sessionId = idAt(result, 'sessionId');
      return sessionId === '' ? [] : [{ kind: 'session_started', sessionId }];
    }
    const reason = stringAt(result, 'stopReason');
    if (reason === '') return [];
    // Said again, it changes nothing: the first answer ended the turn.
    verdict ??= judgeStop(reason, { refusal, agentName, lastWords });
    return [...flush(), ...measure(result)];
  }

  function readError(error: unknown): readonly AgentEvent[] {
    isOpening = false;
    verdict = judgeError(error, authMethods);
    return [...flush(), ...measure(null)];
  }

  function readUpdate(update: JsonObject, atMs: number): readonly AgentEvent[] {
    const kind = stringAt(update, 'sessionUpdate');
    switch (kind) {
      case 'agent_message_chunk':
        lastWords = stringAt(update, 'content', 'text') || lastWords;
        return [...thoughts.flush(), ...speech.add(stringAt(update, 'content', 'text'))];
      case 'agent_thought_chunk':
        return [...speech.flush(), ...thoughts.add(stringAt(update, 'content', 'text'))];
      case 'tool_call':
      case 'tool_call_update': {
        if (kind === 'tool_call') refusal = null;
        lastWords = '';
        return [...flush(), ...tools.take(update, atMs)];
      }
      case 'usage_update':
        if (stringAt(update, 'cost', 'currency') === 'USD')
          costUsd = numberAt(update, 'cost', 'amount') ?? costUsd;
        return [];
      case 'plan':
        return [...flush(), { kind: 'other_message', message: planLine(update) }];
      case 'notice':
        return [
          ...flush(),
          { kind: 'notification', message: cleanText(stringAt(update, 'title') || 'a notice') },
        ];
      default:
        return SILENT_UPDATES.has(kind)
          ? []
          : [...flush(), { kind: 'other_message', message: cleanText(kind, 80) }];
    }
  }

  function readRequest(message: JsonObject): readonly AgentEvent[] {
    if (message['method'] !== 'session/request_permission') {
      return [
        ...flush(),
        { kind: 'unsupported_tool_call', name: cleanText(stringAt(message, 'method'), 120) },
      ];
    }
    const { isAllowed, subject } = answerPermission(message['params']);
    const what = cleanText(subject) || 'a permission';
    refusal = isAllowed ? null : what;
    return [
      ...flush(),
      isAllowed
        ? { kind: 'approval_auto_approved', message: what }
        : { kind: 'notification', message: `refused, because it cannot be allowed: ${what}` },
    ];
  }

  function takeMessage(message: JsonObject, atMs: number): readonly AgentEvent[] {
    if (typeof message['method'] === 'string') {
      if (Object.hasOwn(message, 'id')) return readRequest(message);
      if (message['method'] !== 'session/update') return [];
      const update = objectAt(message, 'params', 'update') ?? {};
      // What was spent was spent, whenever it is told.
      if (isOpening || isMute)
        return update['sessionUpdate'] === 'usage_update' ? readUpdate(update, atMs) : [];
      return readUpdate(update, atMs);
    }
    if (Object.hasOwn(message, 'error')) return readError(message['error']);
    return Object.hasOwn(message, 'result') ? readResult(objectAt(message, 'result')) : [];
  }

  const takeBadLine = (line: string): readonly AgentEvent[] => [
    { kind: 'malformed', message: cleanText(line, SHOWN_OF_BAD_LINE) || 'an empty object' },
  ];

  return {
    takeMessage,
    takeBadLine,
    mute(wanted) {
      isMute = wanted;
      // What was refused or said before a turn is no part of it.
      refusal = null;
      lastWords = '';
      // What was said between two turns decides nothing about the next.
      if (!wanted) verdict = null;
    },
    take(line, atMs) {
      const message = readJsonLine(line);
      if (message === null) return line.trim() === '' ? [] : takeBadLine(line);
      return message === 'malformed' ? takeBadLine(line) : takeMessage(message, atMs);
    },
    isTurnOver: () => verdict !== null,
    endTurn() {
      const said = verdict;
      // Without an answer a cost may have been told all the same.
      const events = said === null ? [...flush(), ...measure(null)] : flush();
      verdict = null;
      refusal = null;
      lastWords = '';
      tools.endTurn();
      meter.beginTurn();
      return { events, verdict: said };
    },
  };
}

function planLine(update: JsonObject): string {
  const entries = arrayAt(update, 'entries');
  const done = entries.filter((entry) => stringAt(entry, 'status') === 'completed').length;
  const current = entries.find((entry) => stringAt(entry, 'status') === 'in_progress');
  const now = cleanText(stringAt(current, 'content'), 200);
  return `plan: ${done} of ${entries.length} done${now === '' ? '' : `; now ${now}`}`;
}

function modelOf(result: JsonObject | null): string {
  const option = arrayAt(result, 'configOptions').find((one) => stringAt(one, 'category') === 'model');
  return cleanText(stringAt(result, 'models', 'currentModelId') || stringAt(option, 'currentValue'), 200);
}
