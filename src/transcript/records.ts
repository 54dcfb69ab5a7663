// The lines of a transcript file. First the head, again in each part; then one record a line of the agent's, and
// `{"dropped":n}` where lines are missing. Prompts have a file of their own, without a head. Reading takes anything: what
// is no record of ours is passed over, because a full disk or a crash may have cut one.

import type { AgentStream } from '../contract/agent.ts';
import type { KeptPrompt, TranscriptHead, TranscriptLine } from '../contract/transcript.ts';

export interface PartHead {
  /** From 1, rising by one from part to part. */
  readonly part: number;
  /** The first `seq` that the part may hold. */
  readonly firstSeq: number;
}

export function headRecord(head: TranscriptHead, { part, firstSeq }: PartHead): string {
  const record = {
    run_id: head.runId,
    issue_id: head.issueId,
    issue_identifier: head.issueIdentifier,
    agent_kind: head.agentKind,
    attempt: head.attempt,
    part,
    first_seq: firstSeq,
  };
  return `${JSON.stringify(record)}\n`;
}

export function lineRecord({ seq, atMs, turn, stream, line }: TranscriptLine): string {
  const at = new Date(atMs).toISOString();
  return `{"seq":${seq},"at":"${at}","turn":${turn},"stream":"${stream}","line":${JSON.stringify(line)}}\n`;
}

export function droppedRecord(dropped: number): string {
  return `{"dropped":${dropped}}\n`;
}

export function promptRecord({ turn, atMs, text, cut }: KeptPrompt): string {
  return `${JSON.stringify({ turn, at: new Date(atMs).toISOString(), cut, text })}\n`;
}

export function parseHead(text: string): PartHead | null {
  const { part, first_seq: firstSeq } = parse(text);
  return typeof part === 'number' && typeof firstSeq === 'number' ? { part, firstSeq } : null;
}

export function parseLine(text: string): TranscriptLine | null {
  const { seq, at, turn, stream, line } = parse(text);
  if (typeof seq !== 'number' || typeof at !== 'string' || typeof turn !== 'number') return null;
  if (!isStream(stream) || typeof line !== 'string') return null;
  const atMs = Date.parse(at);
  return Number.isNaN(atMs) ? null : { seq, atMs, turn, stream, line };
}

export function parsePrompt(record: string): KeptPrompt | null {
  const { turn, at, text, cut } = parse(record);
  if (typeof turn !== 'number' || typeof at !== 'string' || typeof text !== 'string') return null;
  const atMs = Date.parse(at);
  return Number.isNaN(atMs) ? null : { turn, atMs, text, cut: cut === true };
}

function isStream(value: unknown): value is AgentStream {
  return value === 'stdout' || value === 'stderr' || value === 'input';
}

function parse(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}
