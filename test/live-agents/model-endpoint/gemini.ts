// Gemini's generateContent, as the Gemini CLI uses it.

import { listOf } from './anthropic.ts';
import type { JsonObject, Protocol } from './protocol.ts';
import { CALL_USAGE, isPrompt, objectAt, textOf } from './script.ts';

const METHOD = /\/models\/([^/:]+):(streamGenerateContent|generateContent)$/u;

const usageMetadata = {
  promptTokenCount: CALL_USAGE.uncached + CALL_USAGE.cached,
  cachedContentTokenCount: CALL_USAGE.cached,
  candidatesTokenCount: CALL_USAGE.output - CALL_USAGE.reasoning,
  thoughtsTokenCount: CALL_USAGE.reasoning,
  totalTokenCount: CALL_USAGE.uncached + CALL_USAGE.cached + CALL_USAGE.output,
};

export const gemini: Protocol = {
  name: 'gemini',
  isStreamed: (path) => path.includes(':streamGenerateContent'),
  read(path, body) {
    const [, model] = METHOD.exec(path) ?? [];
    if (model === undefined) return null;
    let prompt = '';
    let toolResults = 0;
    for (const content of listOf(body['contents'])) {
      if (content['role'] !== 'user' && content['role'] !== 'function') continue;
      const parts = listOf(content['parts']);
      const results = parts.filter((part) => part['functionResponse'] !== undefined).length;
      toolResults += results;
      const text = textOf(parts);
      if (results > 0 || !isPrompt(text)) continue;
      prompt = text;
      toolResults = 0;
    }
    const tools = listOf(body['tools'])
      .flatMap((tool) => listOf(tool['functionDeclarations']))
      .map((tool) => ({
        name: String(tool['name']),
        parameters: { ...objectAt(tool, 'parameters'), ...objectAt(tool, 'parametersJsonSchema') },
      }));
    return { prompt, toolResults, tools, model };
  },
  stream: (reply, { model }) => {
    if (reply.kind === 'hang') return [{ data: candidate([{ text: 'Wait' }], model) }];
    return [{ data: wholeOf(reply, model) }];
  },
  whole: (reply, { model }) => wholeOf(reply, model),
  error: (status, message) => ({
    error: {
      code: status,
      message,
      status: STATUS[status] ?? 'INTERNAL',
      ...(status === 429 ? { details: [DAILY_QUOTA] } : {}),
    },
  }),
};

const STATUS: Readonly<Record<number, string>> = { 401: 'UNAUTHENTICATED', 429: 'RESOURCE_EXHAUSTED' };

/** The CLI tries for minutes after any other 429; this one says that it is useless before tomorrow. */
const DAILY_QUOTA = {
  '@type': 'type.googleapis.com/google.rpc.QuotaFailure',
  violations: [
    {
      quotaMetric: 'generativelanguage.googleapis.com/generate_content_free_tier_requests',
      quotaId: 'GenerateRequestsPerDayPerProjectPerModel-FreeTier',
      quotaValue: '250',
    },
  ],
};

function wholeOf(reply: Parameters<Protocol['whole']>[0], model: string): JsonObject {
  const part =
    reply.kind === 'tool' ? { functionCall: { name: reply.name, args: reply.input } } : { text: reply.text };
  return { ...candidate([part], model, 'STOP'), usageMetadata };
}

function candidate(parts: object[], modelVersion: string, finishReason?: string): JsonObject {
  const ending = finishReason === undefined ? {} : { finishReason };
  return { candidates: [{ index: 0, content: { role: 'model', parts }, ...ending }], modelVersion };
}
