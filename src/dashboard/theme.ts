// Light, dark, or as the system says; kept in the browser. The first paint is public/theme.js's business.

import { signal } from '@preact/signals';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

const KEY = 'sortie.theme';

export const theme = signal<Theme>(read());

export function chooseTheme(next: Theme): void {
  theme.value = next;
  const root = document.documentElement;
  if (next === 'system') delete root.dataset['theme'];
  else root.dataset['theme'] = next;
  try {
    localStorage.setItem(KEY, next);
  } catch {
    // Private windows keep nothing: the choice holds until the page is closed.
  }
}

function read(): Theme {
  try {
    const kept = localStorage.getItem(KEY);
    return THEMES.find((name) => name === kept) ?? 'system';
  } catch {
    return 'system';
  }
}
