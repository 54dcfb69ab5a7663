// A titled card of a page, and what stands in it when there is nothing to show or it could not be read.

import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

export interface SectionProps {
  readonly title: string;
  /** Beside the title, e.g. how many there are. */
  readonly count?: number | undefined;
  /** At the right end of the title's line: buttons, links. */
  readonly aside?: ComponentChildren;
  /** No space around the content: a table brings its own. */
  readonly flush?: boolean;
  readonly children: ComponentChildren;
}

export function Section({ title, count, aside, flush = false, children }: SectionProps) {
  const id = useId();
  return (
    <section class="section" aria-labelledby={id}>
      <header class="section-head">
        <h2 id={id}>
          {title}
          {count === undefined ? null : <span class="count">{count}</span>}
        </h2>
        {aside === undefined ? null : <div class="section-aside">{aside}</div>}
      </header>
      <div class={flush ? 'section-flush' : 'section-body'}>{children}</div>
    </section>
  );
}

/** Says what it means that there is nothing, and what to do, where something can be done. */
export function Empty({ children }: { readonly children: ComponentChildren }) {
  return <p class="empty">{children}</p>;
}

/** One line about what could not be read, with a way to try again. */
export function Failure({ error, retry }: { readonly error: string; readonly retry?: () => void }) {
  if (error === '') return null;
  return (
    <div class="banner" data-tone="bad" role="alert">
      <p>{error}</p>
      {retry === undefined ? null : (
        <button type="button" class="button small" onClick={retry}>
          Try again
        </button>
      )}
    </div>
  );
}
