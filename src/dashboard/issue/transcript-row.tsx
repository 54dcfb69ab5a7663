// One row of a transcript: who speaks, what is said, and the raw lines one click away. Everything is a text node; long
// text is folded until the reader asks for it.

import { visibleText } from '../visible-text.ts';
import type { SaidKind } from './lines/said.ts';
import type { TranscriptRow } from './transcript-rows.ts';

const speakers: Readonly<Record<SaidKind, string>> = {
  text: 'Agent',
  thought: 'Thinks',
  prompt: 'Prompt',
  call: 'Calls',
  result: 'Result',
  note: 'Note',
  error: 'Error',
  plain: 'Output',
  noise: 'Protocol',
};

const FOLDED_LINES = 12;
const FOLDED_CHARACTERS = 1_400;
/** More in one text node makes scrolling stutter. */
const OPEN_CHARACTERS = 200_000;

export interface TranscriptRowProps {
  readonly row: TranscriptRow;
  /** From 0, among those that are shown. */
  readonly index: number;
  readonly total: number;
  readonly isOpen: boolean;
  readonly isRaw: boolean;
  readonly onOpen: () => void;
  readonly onRaw: () => void;
}

export function TranscriptRowView({ row, index, total, isOpen, isRaw, onOpen, onRaw }: TranscriptRowProps) {
  const { kind, name, ok, text, stream, at } = row;
  const folded = fold(text);
  const shown = isOpen || folded === null ? text.slice(0, OPEN_CHARACTERS) : folded;
  return (
    <li
      class="line"
      data-index={index}
      data-kind={kind}
      data-ok={ok}
      aria-posinset={index + 1}
      aria-setsize={total}
    >
      <span class="line-head">
        <span class="line-who">{kind === 'plain' && stream !== 'stdout' ? stream : speakers[kind]}</span>
        {name === '' ? null : <bdi class="line-name">{name.slice(0, 200)}</bdi>}
        {ok === null ? null : <span class="line-ok">{ok ? 'ok' : 'failed'}</span>}
        <time dateTime={at} title={at} class="line-time">
          {at.slice(11, 19)}
        </time>
        <button type="button" class="line-button" aria-expanded={isRaw} onClick={onRaw}>
          raw<span class="unseen"> line {row.key}</span>
        </button>
      </span>
      {shown === '' ? null : (
        <bdi class="line-text" dir="auto">
          {shown}
        </bdi>
      )}
      {folded === null ? null : (
        <button type="button" class="line-button line-more" aria-expanded={isOpen} onClick={onOpen}>
          {isOpen ? 'Show less' : `Show all ${text.length.toLocaleString('en-US')} characters`}
        </button>
      )}
      {isOpen && text.length > OPEN_CHARACTERS ? (
        <span class="soft">The rest is in the raw transcript, which the link above gives.</span>
      ) : null}
      {isRaw ? <pre class="line-raw">{rawText(row.raw)}</pre> : null}
    </li>
  );
}

/** The beginning; null = it is short enough as it is. */
export function fold(text: string): string | null {
  let end = -1;
  for (let lines = 0; lines < FOLDED_LINES; lines += 1) {
    end = text.indexOf('\n', end + 1);
    if (end === -1) break;
  }
  const byLines = end === -1 ? text.length : end;
  const cut = Math.min(byLines, FOLDED_CHARACTERS);
  // A button that unfolds two more lines is a nuisance.
  if (text.length - cut < 160 && (end === -1 || text.slice(end).split('\n').length < 4)) return null;
  return `${text.slice(0, cut)}…`;
}

/** As it came, with what cannot be seen made visible instead of taken out. */
function rawText(raw: readonly string[]): string {
  const whole = raw.join('\n');
  const cut = whole.length > OPEN_CHARACTERS ? `${whole.slice(0, OPEN_CHARACTERS)}…` : whole;
  return visibleText(cut.replaceAll('\r', '⟨CR⟩'));
}
