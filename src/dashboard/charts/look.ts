// Rises when the theme becomes another one, by choice or by the system: what is drawn on a canvas is drawn again.

import { effect, signal } from '@preact/signals';
import { theme } from '../theme.ts';

export const look = signal(0);

let chosen = theme.peek();
effect(() => {
  if (theme.value === chosen) return;
  chosen = theme.value;
  look.value = look.peek() + 1;
});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => (look.value = look.peek() + 1));
