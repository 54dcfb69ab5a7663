// A word in a coloured frame. The colour says nothing that the word does not say.

import type { Tone } from '../tone.ts';

export interface BadgeProps {
  readonly tone?: Tone;
  readonly title?: string;
  readonly children: string;
}

export function Badge({ tone = 'calm', title, children }: BadgeProps) {
  return (
    <span class="badge" data-tone={tone} title={title}>
      {children}
    </span>
  );
}
