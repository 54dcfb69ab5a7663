// Light, dark, or as the system says: one button that goes round.

import { chooseTheme, theme, THEMES } from '../theme.ts';

const signs = { system: '◐', light: '☀', dark: '☾' } as const;
const names = { system: 'as the system', light: 'light', dark: 'dark' } as const;

export function ThemeButton() {
  const now = theme.value;
  const next = THEMES[(THEMES.indexOf(now) + 1) % THEMES.length] ?? 'system';
  const label = `Theme: ${names[now]}. Change to ${names[next]}`;
  return (
    <button
      type="button"
      class="icon-button"
      aria-label={label}
      title={label}
      onClick={() => chooseTheme(next)}
    >
      <span aria-hidden="true">{signs[now]}</span>
    </button>
  );
}
