// Puts a text on the clipboard and says so. Where the browser gives no clipboard (a page that came by http from
// another machine), it says that too.

import { toast } from '../ui/toast.tsx';

export interface CopyButtonProps {
  readonly text: string;
  /** What is copied: `prompt of turn 2`. */
  readonly what: string;
}

export function CopyButton({ text, what }: CopyButtonProps) {
  return (
    <button
      type="button"
      class="button small quiet"
      aria-label={`Copy ${what}`}
      onClick={() => void copy(text, what)}
    >
      Copy
    </button>
  );
}

async function copy(text: string, what: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast(`Copied the ${what}.`);
  } catch {
    toast('The browser allows no copying here: select the text instead.', 'bad');
  }
}
