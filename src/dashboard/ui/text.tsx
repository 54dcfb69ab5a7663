// Hostile text: titles, messages, errors, whatever an issue, an agent or an operator wrote. Only ever a text
// node, isolated from the direction of what stands around it, cut by CSS; the whole of it is in the title.

import { visibleText } from '../visible-text.ts';

export interface TextProps {
  readonly text: string;
  /** Lines shown before it is cut; 1 unless told. 0 = never cut. */
  readonly lines?: 0 | 1 | 2 | 3;
  readonly class?: string;
}

/** More than any box shows; laying out the rest would only cost time. */
const SHOWN_LIMIT = 600;

export function Text({ text, lines = 1, class: extra = '' }: TextProps) {
  const whole = visibleText(text);
  const cut = lines > 0 && whole.length > SHOWN_LIMIT;
  return (
    <bdi
      class={`text ${extra}`}
      data-lines={lines}
      title={lines > 0 && whole.length > 24 ? whole : undefined}
    >
      {cut ? `${whole.slice(0, SHOWN_LIMIT)}…` : whole}
    </bdi>
  );
}
