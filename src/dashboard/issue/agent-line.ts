// One raw line of a transcript, read for people. The format is told by the line itself, so a transcript of an agent
// of another version, or of a program that prints this and that, still reads well: what no reader knows is plain text.

import { cleanText } from './clean-text.ts';
import { readClaudeLine } from './lines/claude-code.ts';
import { readRpcLine } from './lines/json-rpc.ts';
import {
  readCopilotLine,
  readGeminiLine,
  readLooseLine,
  readOpencodeLine,
  readProtocolLine,
} from './lines/one-shot.ts';
import { say, type LineReader, type Said } from './lines/said.ts';
import type { JsonObject } from './json-look.ts';
import type { TranscriptLine } from '../wire.ts';

/** The most particular first: a format with a field of its own is asked before one that is known by `type` alone. */
const readers: readonly LineReader[] = [
  readProtocolLine,
  readOpencodeLine,
  readRpcLine,
  readCopilotLine,
  readClaudeLine,
  readGeminiLine,
  readLooseLine,
];

/** Parsing more would hold the page up; such a line is shown raw, folded. */
const PARSE_LIMIT = 1_000_000;

/** At least one; every text is cleaned. Never throws. */
export function readAgentLine({ stream, line }: Pick<TranscriptLine, 'stream' | 'line'>): readonly Said[] {
  const said = stream === 'stderr' ? null : readJson(line);
  if (said !== null) return said.map(cleaned);
  return [cleaned(say('plain', line))];
}

function readJson(line: string): readonly Said[] | null {
  if (line.length > PARSE_LIMIT || !line.trimStart().startsWith('{')) return null;
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null) return null;
    for (const read of readers) {
      const said = read(value as JsonObject);
      if (said !== null && said.length > 0) return said;
    }
  } catch {
    // It is shown as it is.
  }
  return null;
}

function cleaned(said: Said): Said {
  return { ...said, text: cleanText(said.text), name: cleanText(said.name) };
}
