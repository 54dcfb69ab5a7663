// Calls the tools of the run as `calls` of the plan says: real calls over HTTP by the SDK's client, so that permissions,
// approvals and the audit can be shown and tested without a model. An answer that says no is an answer: the turn goes on.

import { readFile } from 'node:fs/promises';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import type { MockPlan } from './settings.ts';

/** Longer than anybody waits for a person; the daemon answers earlier. */
const PATIENCE_MS = 24 * 60 * 60 * 1000;
const SHOWN_CHARACTERS = 2000;

type Print = (event: Readonly<Record<string, unknown>>) => Promise<void>;
type Answer = Readonly<Record<string, unknown>>;

export interface CallPlace {
  /** SORTIE_TOOLS_FILE; "" = the run has no tools. */
  readonly toolsFile: string;
  readonly issueIdentifier: string;
  readonly turn: number;
  readonly print: Print;
}

/** Rejects when the tools cannot be reached at all. */
export async function callTools(calls: MockPlan['calls'], place: CallPlace): Promise<void> {
  const due = calls.filter(({ turn }) => turn === place.turn);
  if (due.length === 0) return;
  const say = (message: string): Promise<void> => place.print({ event: 'notification', message });
  if (place.toolsFile === '') return say('this run has no tools to call');
  const { url, token } = JSON.parse(await readFile(place.toolsFile, 'utf8')) as {
    url: string;
    token: string;
  };
  const client = new Client({ name: 'sortie-mock', version: '1.0.0' });
  const requestInit = { headers: { authorization: `Bearer ${token}` } };
  await client.connect(new StreamableHTTPClientTransport(new URL(url), { requestInit }));
  try {
    let lastId = '';
    for (const [index, { tool, arguments: given }] of due.entries()) {
      const callId = `call-${place.turn}-${index + 1}`;
      const args = filledIn(given, { $ISSUE: place.issueIdentifier, $LAST_ID: lastId }) as Answer;
      await place.print({ event: 'tool_started', call_id: callId, name: tool });
      const startedMs = performance.now();
      const { isError, structuredContent } = await client.callTool(
        { name: tool, arguments: args },
        { timeout: PATIENCE_MS },
      );
      const durationMs = Math.round(performance.now() - startedMs);
      await place.print({
        event: 'tool_result',
        call_id: callId,
        name: tool,
        duration_ms: durationMs,
        ok: isError !== true,
      });
      const answer = (structuredContent ?? {}) as Answer;
      lastId = idIn(answer) || lastId;
      await say(`${tool}: ${JSON.stringify(answer).slice(0, SHOWN_CHARACTERS)}`);
    }
  } finally {
    await client.close();
  }
}

/** A text that is one of the names is replaced, at any depth. */
function filledIn(value: unknown, names: Readonly<Record<string, string>>): unknown {
  if (typeof value === 'string') return Object.hasOwn(names, value) ? names[value] : value;
  if (Array.isArray(value)) return value.map((one) => filledIn(one, names));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, filledIn(one, names)]));
}

/** By which `request_status` knows a write or a proposal. */
function idIn(answer: Answer): string {
  const data = (answer['data'] ?? {}) as Answer;
  const id = data['approval_id'] ?? data['id'];
  return typeof id === 'string' ? id : '';
}
