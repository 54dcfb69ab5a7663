// What one line of a recording means. Two kinds are known: our own transcripts (a head with the agent's kind, then
// records with time, turn and stream), and raw output of an agent, in which a line with `dir` tells who sent it.
// Everything else in a transcript (gaps, a record that was cut) is passed over.

/** What was recorded, in order. */
export type Recorded =
  | { readonly kind: 'head'; readonly agentKind: string; readonly runId: string }
  | {
      readonly kind: 'line';
      readonly stream: 'stdout' | 'stderr';
      readonly text: string;
      /** Milliseconds since the epoch; null in raw output. */
      readonly atMs: number | null;
      /** null in raw output; 0 = before the first turn. */
      readonly turn: number | null;
    };

/** Directions that are not the agent's words. */
const TO_AGENT = new Set(['client->agent', 'stdin', 'input']);

/** Of the first line: the file is one of our transcripts. */
export function isTranscriptHead(text: string): boolean {
  return typeof parse(text)?.['agent_kind'] === 'string';
}

/** A line of one of our transcripts. */
export function readRecord(text: string): Recorded | null {
  const record = parse(text);
  if (record === null) return null;
  const { agent_kind: agentKind, run_id: runId, at, turn, stream, line } = record;
  if (typeof agentKind === 'string') {
    return { kind: 'head', agentKind, runId: typeof runId === 'string' ? runId : '' };
  }
  if ((stream !== 'stdout' && stream !== 'stderr') || typeof line !== 'string') return null;
  const atMs = typeof at === 'string' ? Date.parse(at) : typeof at === 'number' ? at : NaN;
  return {
    kind: 'line',
    stream,
    text: line,
    atMs: Number.isNaN(atMs) ? null : atMs,
    turn: typeof turn === 'number' ? turn : 0,
  };
}

/** A line of raw output; null = it was not the agent's. */
export function readRaw(text: string): Recorded | null {
  if (text.trim() === '') return null;
  const said = (line: string): Recorded => ({
    kind: 'line',
    stream: 'stdout',
    text: line,
    atMs: null,
    turn: null,
  });
  if (!text.startsWith('{"dir":')) return said(text);
  const record = parse(text);
  const direction = record?.['dir'];
  if (record === null || typeof direction !== 'string') return said(text);
  if (TO_AGENT.has(direction)) return null;
  return said('msg' in record ? JSON.stringify(record['msg']) : text);
}

function parse(text: string): Readonly<Record<string, unknown>> | null {
  if (!text.startsWith('{')) return null;
  try {
    return JSON.parse(text) as Readonly<Record<string, unknown>>;
  } catch {
    return null;
  }
}
