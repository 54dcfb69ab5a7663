// The lines of `opencode run --format json`, checked with 1.18.33: step_start, tool_use (when the tool has finished),
// text, reasoning, step_finish, error; each names the session. Usage comes with every model call of the session itself;
// what its subagents use is not printed.

import type { AgentEvent, ReaderContext } from '../../../src/contract/agent.ts';
import { cleanText, createUsageMeter, numberAt, objectAt, readJsonLine, stringAt } from '../driver/index.ts';
import type { CliReader, JsonObject } from '../driver/index.ts';
import { judgeTurn } from './verdict.ts';
import type { LastWord } from './verdict.ts';

const WRITING_TOOLS = new Set(['edit', 'write', 'patch', 'apply_patch', 'multiedit']);
const REFUSAL =
  /^The user (rejected permission|has specified a rule which prevents|dismissed this question)|permission.*(denied|rejected)/i;
const REFUSAL_LIMIT = 2000;
/** Printable ASCII; it becomes an argument of the next turn. */
const SESSION_ID = /^[A-Za-z0-9][\x21-\x7e]{0,199}$/;
/** No tool takes longer, and no clock is that wrong. */
const LONGEST_TOOL_MS = 31 * 24 * 60 * 60 * 1000;
const SHOWN_OF_BAD_LINE = 120;

/** When the agent last spoke, for who watches its silence (tool-watch.ts). */
export interface Pulse {
  lineAtMs: number;
  /** Model calls that are over, with all their tools. */
  steps: number;
}

/** The reader of one session. @param facts what its lines do not say, and whom to tell about them. */
export function createOpencodeReader(
  context: ReaderContext,
  { model = '', pulse = { lineAtMs: 0, steps: 0 } }: { readonly model?: string; readonly pulse?: Pulse } = {},
): CliReader {
  const meter = createUsageMeter(context.sessionUsage);
  let { sessionId } = context;
  let resumed = sessionId !== '';
  let lastWord: LastWord | null = null;
  let hadError = false;
  let isInStep = false;
  let refusal: string | null = null;
  let lastToolFailed = false;
  let isCut = false;

  function nameSession(event: JsonObject): AgentEvent[] {
    const named = stringAt(event, 'sessionID');
    if (named === sessionId || !SESSION_ID.test(named)) return [];
    sessionId = named;
    return [{ kind: 'session_started', sessionId }];
  }

  function endTool(event: JsonObject): AgentEvent[] {
    const name = cleanText(stringAt(event, 'part', 'tool'), 120) || 'tool';
    const state = objectAt(event, 'part', 'state') ?? {};
    // Cut first: a refusal is short, and some tools fail with megabytes.
    const problem = stringAt(state, 'error').slice(0, REFUSAL_LIMIT);
    // A tool that the agent does not have is answered by one called `invalid`, which completes.
    const ok = stringAt(state, 'status') === 'completed' && name !== 'invalid';
    const tookMs = (numberAt(state, 'time', 'end') ?? 0) - (numberAt(state, 'time', 'start') ?? 0);
    lastToolFailed = !ok;
    refusal = !ok && REFUSAL.test(problem) ? cleanText(`${name}: ${problem}`, 500) : null;
    const durationMs = Math.round(Math.min(Math.max(0, tookMs), LONGEST_TOOL_MS));
    const ended: AgentEvent = {
      kind: 'tool_result',
      name,
      durationMs,
      ok,
      writes: ok && WRITING_TOOLS.has(name),
    };
    return refusal === null ? [ended] : [ended, { kind: 'notification', message: `refused: ${refusal}` }];
  }

  function measure(event: JsonObject): AgentEvent[] {
    const tokens = objectAt(event, 'part', 'tokens') ?? {};
    const written = numberAt(tokens, 'cache', 'write') ?? 0;
    const usd = numberAt(event, 'part', 'cost');
    const usage = meter.take({
      scope: 'call',
      // `input` leaves out what was read from a cache and what was written to it; `output` leaves out the reasoning.
      inputTokens: (numberAt(tokens, 'input') ?? 0) + Math.max(0, written),
      outputTokens: (numberAt(tokens, 'output') ?? 0) + Math.max(0, numberAt(tokens, 'reasoning') ?? 0),
      cacheReadTokens: numberAt(tokens, 'cache', 'read'),
      cacheWriteTokens: written,
      // 0 is also what a model without a price costs.
      cost: usd === null || usd <= 0 ? null : { scope: 'call', usd },
      model,
    });
    return usage === null ? [] : [usage];
  }

  function read(event: JsonObject): AgentEvent[] {
    switch (event['type']) {
      case 'step_start':
        isInStep = true;
        return [{ kind: 'other_message', message: 'step_start' }];
      case 'tool_use':
        return endTool(event);
      case 'step_finish':
        pulse.steps += 1;
        isInStep = false;
        lastWord = { kind: 'step', reason: cleanText(stringAt(event, 'part', 'reason'), 120) };
        return measure(event);
      case 'error': {
        lastWord = { kind: 'error', event };
        hadError = true;
        const message = stringAt(event, 'error', 'data', 'message') || stringAt(event, 'error', 'name');
        return [{ kind: 'notification', message: cleanText(`error: ${message}`) }];
      }
      case 'text': {
        const message = cleanText(stringAt(event, 'part', 'text'));
        return message === '' ? [] : [{ kind: 'notification', message }];
      }
      default: {
        const message = cleanText(stringAt(event, 'type'), 120) || 'a line without type';
        return [{ kind: 'other_message', message }];
      }
    }
  }

  return {
    take(line, atMs) {
      pulse.lineAtMs = atMs;
      const event = readJsonLine(line);
      isCut = event === 'malformed';
      if (event === 'malformed') {
        return [{ kind: 'malformed', message: cleanText(line, SHOWN_OF_BAD_LINE) }];
      }
      if (event === null) {
        const message = cleanText(line);
        return message === '' ? [] : [{ kind: 'other_message', message }];
      }
      return [...nameSession(event), ...read(event)];
    },
    // A `stop` may be followed by more (a compaction goes on): only the end of the output is the end.
    isTurnOver: () => false,
    isDone: () => !isInStep && lastWord?.kind === 'step' && lastWord.reason === 'stop',
    endTurn(end) {
      const facts = { lastWord, hadError, refusal, lastToolFailed, isCut, resumed };
      const verdict = judgeTurn(facts, end);
      resumed = sessionId !== '';
      lastWord = null;
      hadError = false;
      isInStep = false;
      refusal = null;
      lastToolFailed = false;
      isCut = false;
      meter.beginTurn();
      return { events: remarks(end.stderrText), verdict };
    },
  };
}

/** What opencode says with a `!` in front: a replaced agent, a permission that it refused. */
function remarks(stderr: string): AgentEvent[] {
  return stderr
    .split('\n')
    .map((line) => cleanText(line, 300))
    .filter((line) => line.startsWith('!'))
    .slice(0, 10)
    .map((line) => ({ kind: 'notification', message: line.slice(1).trim() }));
}
