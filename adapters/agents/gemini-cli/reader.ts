// The lines of `gemini --output-format stream-json`, checked with 0.61.0: init, message, tool_use, tool_result, error,
// result. Usage comes once, with the result, and is that of the process, which is one turn.

import type { AgentEvent, OutputReader, ReaderContext } from '../../../src/contract/agent.ts';
import {
  cleanText,
  createSpeech,
  createToolBook,
  createUsageMeter,
  idAt,
  numberAt,
  objectAt,
  readJsonLine,
  stringAt,
} from '../driver/index.ts';
import type { JsonObject } from '../driver/index.ts';
import { judgeTurn } from './verdict.ts';

/** Tools of the CLI that change files; MCP tools and the shell may, but nobody knows. */
const WRITING_TOOLS = new Set(['write_file', 'replace', 'edit']);
const SHOWN_OF_BAD_LINE = 120;

/** The reader of one session. */
export function createGeminiReader(context: ReaderContext): OutputReader {
  const meter = createUsageMeter(context.sessionUsage);
  const tools = createToolBook();
  const speech = createSpeech('notification');
  let model = '';
  let result: JsonObject | null = null;
  let lastError = '';
  let refusal: string | null = null;

  function endTool(event: JsonObject, atMs: number): readonly AgentEvent[] {
    const callId = idAt(event, 'tool_id');
    const name = tools.nameOf(callId);
    const ok = stringAt(event, 'status') === 'success';
    const ended = tools.ended(callId, { ok, writes: ok && WRITING_TOOLS.has(name) }, atMs);
    const isRefused = stringAt(event, 'error', 'type') === 'policy_violation';
    refusal = isRefused ? cleanText(`${name}: ${stringAt(event, 'error', 'message')}`) : null;
    return refusal === null ? ended : [...ended, { kind: 'notification', message: `refused: ${refusal}` }];
  }

  function measure(stats: JsonObject): readonly AgentEvent[] {
    const cached = numberAt(stats, 'cached') ?? 0;
    const all = numberAt(stats, 'total_tokens') ?? 0;
    const inputWithCache = numberAt(stats, 'input_tokens') ?? 0;
    const usage = meter.take({
      scope: 'turn',
      inputTokens: numberAt(stats, 'input') ?? inputWithCache - cached,
      // `output_tokens` leaves the thinking out, the total does not.
      outputTokens: Math.max(all - inputWithCache, numberAt(stats, 'output_tokens') ?? 0),
      cacheReadTokens: cached,
      model: busiestModel(objectAt(stats, 'models')) ?? model,
    });
    return usage === null ? [] : [usage];
  }

  function read(event: JsonObject, atMs: number): readonly AgentEvent[] {
    switch (event['type']) {
      case 'init': {
        model = cleanText(stringAt(event, 'model'), 200);
        const sessionId = idAt(event, 'session_id');
        return sessionId === '' ? [] : [{ kind: 'session_started', sessionId }];
      }
      case 'message':
        return stringAt(event, 'role') === 'assistant' ? speech.add(stringAt(event, 'content')) : [];
      case 'tool_use':
        return tools.started(idAt(event, 'tool_id'), stringAt(event, 'tool_name'), atMs);
      case 'tool_result':
        return endTool(event, atMs);
      case 'error': {
        const message = cleanText(stringAt(event, 'message'));
        if (stringAt(event, 'severity') !== 'warning') lastError = message;
        return [{ kind: 'notification', message }];
      }
      case 'result':
        result = event;
        return measure(objectAt(event, 'stats') ?? {});
      default:
        return [
          { kind: 'other_message', message: cleanText(stringAt(event, 'type') || 'a line without type') },
        ];
    }
  }

  return {
    take(line, atMs) {
      const event = readJsonLine(line);
      if (event === 'malformed') {
        return [...speech.flush(), { kind: 'malformed', message: cleanText(line, SHOWN_OF_BAD_LINE) }];
      }
      if (event === null) {
        const message = cleanText(line);
        return message === '' ? [] : [...speech.flush(), { kind: 'other_message', message }];
      }
      if (event['type'] === 'message') return read(event, atMs);
      return [...speech.flush(), ...read(event, atMs)];
    },
    isTurnOver: () => result !== null,
    endTurn(end) {
      const events = speech.flush();
      const verdict = judgeTurn({ result, lastError, refusal }, end);
      result = null;
      lastError = '';
      refusal = null;
      tools.endTurn();
      meter.beginTurn();
      return { events, verdict };
    },
  };
}

function busiestModel(models: JsonObject | null): string | null {
  let busiest: string | null = null;
  let most = 0;
  for (const name of Object.keys(models ?? {})) {
    const tokens = numberAt(models, name, 'total_tokens') ?? 0;
    if (tokens > most) [busiest, most] = [cleanText(name, 200), tokens];
  }
  return busiest;
}
