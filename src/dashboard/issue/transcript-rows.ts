// The rows of a transcript, made of lines as they come: each `seq` once, pieces of one speech joined, protocol noise
// set apart. Holds a bounded amount: when there is more, the oldest rows go and are counted. Pure, no clock.

import { readAgentLine } from './agent-line.ts';
import type { SaidKind } from './lines/said.ts';
import type { TranscriptLine } from '../wire.ts';

export interface TranscriptRow {
  /** Unique; rises from row to row. */
  readonly key: number;
  readonly kind: SaidKind;
  readonly name: string;
  readonly ok: boolean | null;
  readonly text: string;
  readonly turn: number;
  readonly stream: string;
  readonly at: string;
  /** The lines that it was made of, as they came. */
  readonly raw: readonly string[];
}

export interface TranscriptRows {
  /** All that are kept, oldest first. One array that grows: who keeps what he made of it asks `add` whether to go on. */
  rows(): readonly TranscriptRow[];
  /** Those that say something to people. */
  readable(): readonly TranscriptRow[];
  /** true = something new is there. A line that was seen before changes nothing. */
  add(lines: readonly TranscriptLine[]): boolean;
  /** The highest seen; 0 = none. */
  lastSeq(): number;
  /** Rows that had to make room. */
  dropped(): number;
  /** Lines that the daemon no longer had, by the gaps in `seq`. */
  missing(): number;
}

type KeptRow = TranscriptRow & { readonly raw: string[] };

/** Characters of raw lines in memory: what a tab takes without complaint. */
const CHARACTER_LIMIT = 96_000_000;
const ROW_LIMIT = 150_000;
/** Joined pieces beyond it begin a new row, so that no row grows without an end. */
const JOINED_LIMIT = 20_000;

export function createTranscriptRows(
  limits: { readonly characters?: number; readonly rows?: number } = {},
): TranscriptRows {
  const characterLimit = limits.characters ?? CHARACTER_LIMIT;
  const rowLimit = limits.rows ?? ROW_LIMIT;
  let rows: KeptRow[] = [];
  let readable: KeptRow[] = [];
  let characters = 0;
  let lastSeq = 0;
  let nextKey = 1;
  let dropped = 0;
  let missing = 0;

  function take(line: TranscriptLine): void {
    if (lastSeq > 0 || line.seq > 1) missing += line.seq - lastSeq - 1;
    lastSeq = line.seq;
    for (const said of readAgentLine(line)) {
      characters += line.line.length;
      const last = rows.at(-1);
      const goesOn =
        said.isPiece &&
        last?.kind === said.kind &&
        last.turn === line.turn &&
        last.text.length + said.text.length < JOINED_LIMIT;
      if (goesOn) {
        last.raw.push(line.line);
        const longer = { ...last, text: last.text + said.text };
        rows[rows.length - 1] = longer;
        if (readable.at(-1) === last) readable[readable.length - 1] = longer;
        continue;
      }
      const { kind, name, ok, text } = said;
      const { turn, stream, at } = line;
      const row = { key: nextKey, kind, name, ok, text, turn, stream, at, raw: [line.line] };
      rows.push(row);
      if (kind !== 'noise') readable.push(row);
      nextKey += 1;
    }
  }

  function makeRoom(): void {
    let gone = 0;
    // A tenth more than needed, so that a flood does not move the whole list for each line.
    if (characters > characterLimit || rows.length > rowLimit) {
      const wanted = { characters: characterLimit * 0.9, rows: rowLimit * 0.9 };
      while (gone < rows.length - 1 && (characters > wanted.characters || rows.length - gone > wanted.rows)) {
        for (const line of rows[gone]?.raw ?? []) characters -= line.length;
        gone += 1;
      }
    }
    if (gone === 0) return;
    rows = rows.slice(gone);
    const firstKey = rows[0]?.key ?? 0;
    readable = readable.filter(({ key }) => key >= firstKey);
    dropped += gone;
  }

  return {
    rows: () => rows,
    readable: () => readable,
    add(lines) {
      const fresh = lines.filter(({ seq }) => seq > lastSeq);
      if (fresh.length === 0) return false;
      for (const line of fresh) if (line.seq > lastSeq) take(line);
      makeRoom();
      return true;
    },
    lastSeq: () => lastSeq,
    dropped: () => dropped,
    missing: () => missing,
  };
}
