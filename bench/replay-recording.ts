// A recording to be replayed: one long turn in the form of sortie's own transcripts, made from lines that a real Claude
// Code has printed (test/fixtures). Each line makes exactly one event: text, tools, tokens. Ids differ from round to
// round, as they do in life.

import { readFile, writeFile } from 'node:fs/promises';

const SOURCE = new URL('../test/fixtures/agents/claude-code/streaming.jsonl', import.meta.url);
const RUN_ID = '00000000-0000-4000-8000-000000000000';
/** 1 January 2026: replayed at a fixed pace, nobody looks at it. */
const AT = '2026-01-01T00:00:00.000Z';

export interface Recording {
  readonly path: string;
  /** All lines that the agent prints, its first and last among them. */
  readonly lines: number;
  /** Lines that make a notification or tell of a tool: no one of them may be lost. */
  readonly countedLines: number;
  /** Where the turn lies in the file, in bytes. */
  readonly start: number;
  readonly end: number;
}

export async function writeRecording(path: string, rounds: number): Promise<Recording> {
  const said = (await readFile(SOURCE, 'utf8')).split('\n');
  const begin = need(said, '"subtype":"init"');
  const end = need(said, '"type":"result"');
  // One line a kind of event, in the order of a model call with a tool.
  const round = [
    need(said, '"type":"message_start"'),
    need(said, '"type":"assistant"', '"type":"text"'),
    need(said, '"type":"assistant"', '"type":"tool_use"'),
    need(said, '"type":"message_delta"'),
    need(said, '"type":"tool_result"'),
  ];
  const lines = [begin];
  for (let number = 0; number < rounds; number += 1) {
    const tag = String(number).padStart(6, '0');
    lines.push(...round.map((line) => line.replaceAll(/\b((?:msg|toolu|call)_)\w+/gu, `$1${tag}`)));
  }
  lines.push(end);
  const head = `${JSON.stringify({ run_id: RUN_ID, issue_id: '1', issue_identifier: 'R-1', agent_kind: 'claude-code', attempt: 0, part: 1, first_seq: 1 })}\n`;
  const records = lines.map(
    (line, at) => `${JSON.stringify({ seq: at + 1, at: AT, turn: 1, stream: 'stdout', line })}\n`,
  );
  const text = head + records.join('');
  await writeFile(path, text);
  const size = Buffer.byteLength(text);
  return { path, lines: lines.length, countedLines: rounds * 3, start: Buffer.byteLength(head), end: size };
}

function need(lines: readonly string[], ...parts: readonly string[]): string {
  const found = lines.find((line) => parts.every((part) => line.includes(part)));
  if (found === undefined) throw new Error(`the fixture has no line with ${parts.join(' and ')}`);
  return found;
}
