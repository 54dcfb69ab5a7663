// A long text as it is, line for line and never as markup: its beginning, and the whole of it on demand. What turns or
// hides writing is shown by name, and each line keeps its direction to itself.

import { useSignal } from '@preact/signals';
import { visibleText } from '../visible-text.ts';

export interface FoldedTextProps {
  readonly text: string;
  /** Of the button, for those who listen: `description`. */
  readonly what: string;
  readonly lines?: number;
}

const SHOWN_LINES = 12;
/** A line has no end of its own: so many characters a line are shown at most. */
const SHOWN_PER_LINE = 160;

export function FoldedText({ text, what, lines = SHOWN_LINES }: FoldedTextProps) {
  const open = useSignal(false);
  const whole = visibleText(text);
  const beginning = beginningOf(whole, lines);
  const isLong = beginning.length < whole.length;
  return (
    <>
      <div class="plain-text">
        {(open.value || !isLong ? whole : `${beginning}…`).split(/\r\n|\r|\n/).map((line, index) => (
          <bdi key={index}>{line}</bdi>
        ))}
      </div>
      {isLong ? (
        <button
          type="button"
          class="button small quiet"
          aria-expanded={open.value}
          onClick={() => (open.value = !open.value)}
        >
          {open.value ? 'Show less' : `Show all ${whole.length.toLocaleString('en-US')} characters`}
          <span class="unseen"> of the {what}</span>
        </button>
      ) : null}
    </>
  );
}

function beginningOf(text: string, lines: number): string {
  const cut = text.slice(0, lines * SHOWN_PER_LINE);
  const kept = cut.split(/\r\n|\r|\n/, lines).join('\n');
  // A single line more is shown rather than asked for.
  return text.length - kept.length < 40 ? text : kept;
}
