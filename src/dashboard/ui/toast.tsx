// Short answers to what the reader did: read out, gone after a while. Failures stay until they are dismissed.

import { signal } from '@preact/signals';
import { Text } from './text.tsx';

interface Toast {
  readonly id: number;
  readonly tone: 'good' | 'bad';
  readonly text: string;
}

const SHOWN_MS = 6_000;
const LIMIT = 4;

const toasts = signal<readonly Toast[]>([]);
let nextId = 1;

export function toast(text: string, tone: Toast['tone'] = 'good'): void {
  const id = nextId++;
  // Messages of the API begin like the rest of a line.
  const sentence = text.charAt(0).toUpperCase() + text.slice(1);
  toasts.value = [...toasts.value.slice(1 - LIMIT), { id, tone, text: sentence }];
  if (tone === 'good') setTimeout(() => dismiss(id), SHOWN_MS);
}

function dismiss(id: number): void {
  toasts.value = toasts.value.filter((one) => one.id !== id);
}

/** Drawn once, by the frame: a live region must be there before what is read from it. */
export function Toasts() {
  return (
    <div class="toasts" role="status" aria-live="polite">
      {toasts.value.map(({ id, tone, text }) => (
        <div key={id} class="toast" data-tone={tone}>
          <Text text={text} lines={3} />
          <button type="button" class="icon-button" aria-label="Dismiss" onClick={() => dismiss(id)}>
            ×
          </button>
        </div>
      ))}
    </div>
  );
}
