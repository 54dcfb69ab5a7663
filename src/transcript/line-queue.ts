// Lines that wait to be written: bounded for a run and for all runs together. What does not fit is counted, and the
// count stands where the lines would have been. Long lines are cut here, before they cost memory.

import type { TranscriptLine } from '../contract/transcript.ts';
import { boundText, finalText } from './long-text.ts';
import { droppedRecord, lineRecord } from './records.ts';

/** What a waiting line costs beside its text: a flood of empty ones must not fill the memory either. */
const LINE_OVERHEAD = 100;
const COMPACTED_AT = 1024;

/** Characters of all runs that wait. */
export interface Backlog {
  used: number;
  readonly limit: number;
}

export interface QueueLimits {
  readonly lineCharacters: number;
  readonly queueCharacters: number;
}

interface Waiting {
  readonly line: TranscriptLine;
  /** Characters of a line that is too long; null when it is not. Not all of them need be in `line`. */
  readonly longLine: number | null;
  /** Lines before this one that had no room. */
  readonly droppedBefore: number;
}

export interface Batch {
  readonly text: string;
  readonly firstSeq: number;
  /** How many lines are lost when it cannot be written. */
  readonly lines: number;
}

export interface LineQueue {
  push(line: TranscriptLine): void;
  /** The next lines as records, about so many characters; null when there is nothing to say. */
  take(characters: number): Batch | null;
  /** Lines that were taken and then lost. */
  lost(lines: number): void;
  /** Characters that wait. */
  readonly size: number;
  readonly isEmpty: boolean;
}

export function createLineQueue(
  limits: QueueLimits,
  backlog: Backlog,
  redact: (text: string) => string,
): LineQueue {
  let waiting: Waiting[] = [];
  let next = 0;
  let size = 0;
  let dropped = 0;
  let lastSeq = 0;

  function encode({ line, longLine }: Waiting): string {
    const kept = finalText({ text: line.line, wholeLength: longLine }, limits.lineCharacters, redact);
    if (longLine === null) return lineRecord({ ...line, line: kept });
    return lineRecord({ ...line, line: `${kept}… (cut; the whole line has ${longLine} characters)` });
  }

  return {
    push(line) {
      lastSeq = line.seq;
      const { text: kept, wholeLength: longLine } = boundText(line.line, limits.lineCharacters);
      const cost = costOf(kept);
      if (size + cost > limits.queueCharacters || backlog.used + cost > backlog.limit) {
        dropped += 1;
        return;
      }
      waiting.push({
        line: longLine === null ? line : { ...line, line: kept },
        longLine,
        droppedBefore: dropped,
      });
      dropped = 0;
      size += cost;
      backlog.used += cost;
    },
    take(characters) {
      const texts: string[] = [];
      const firstSeq = waiting[next]?.line.seq ?? lastSeq;
      let [taken, lines] = [0, 0];
      while (next < waiting.length && taken < characters) {
        const item = waiting[next];
        if (item === undefined) break;
        next += 1;
        if (item.droppedBefore > 0) texts.push(droppedRecord(item.droppedBefore));
        texts.push(encode(item));
        const cost = costOf(item.line.line);
        taken += cost;
        lines += 1 + item.droppedBefore;
        size -= cost;
        backlog.used -= cost;
      }
      if (next === waiting.length || next >= COMPACTED_AT) {
        waiting = waiting.slice(next);
        next = 0;
      }
      if (waiting.length === 0 && dropped > 0) {
        texts.push(droppedRecord(dropped));
        lines += dropped;
        dropped = 0;
      }
      return texts.length === 0 ? null : { text: texts.join(''), firstSeq, lines };
    },
    lost(lines) {
      const first = waiting[next];
      if (first === undefined) dropped += lines;
      else waiting[next] = { ...first, droppedBefore: first.droppedBefore + lines };
    },
    get size() {
      return size;
    },
    get isEmpty() {
      return waiting.length === next && dropped === 0;
    },
  };
}

function costOf(text: string): number {
  return text.length + LINE_OVERHEAD;
}
