// Which rows of a long list are drawn: those in sight and some around them. All rows are equally high; the
// height is measured on one that is there, so the style sheet alone decides it.

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

/** Above this many, rows are drawn as they come into sight. */
export const WINDOW_FROM = 100;

/** Drawn beyond either edge, so that a step of the keyboard or the wheel finds its row there. */
const OVERSCAN = 12;
const GUESSED_ROW_PX = 52;

export interface Shown {
  readonly first: number;
  /** Not drawn any more. */
  readonly end: number;
  readonly rowPx: number;
}

export function shownRows(count: number, top: number, height: number, rowPx: number): Shown {
  const first = Math.max(0, Math.min(count, Math.floor(top / rowPx)) - OVERSCAN);
  return { first, end: Math.min(count, Math.ceil((top + height) / rowPx) + OVERSCAN), rowPx };
}

/** `box` scrolls and holds rows marked `data-row`. */
export function useWindow(box: { readonly current: HTMLElement | null }, count: number): Shown {
  const windowed = count > WINDOW_FROM;
  const shown = useSignal<Shown>(shownRows(count, 0, 800, GUESSED_ROW_PX));
  useEffect(() => {
    const element = box.current;
    if (!windowed || element === null) return undefined;
    const look = (): void => {
      const measured = element.querySelector<HTMLElement>('[data-row]')?.offsetHeight ?? 0;
      const rowPx = measured > 0 ? measured : GUESSED_ROW_PX;
      const next = shownRows(count, element.scrollTop, element.clientHeight, rowPx);
      const { first, end, rowPx: before } = shown.value;
      if (next.first !== first || next.end !== end || next.rowPx !== before) shown.value = next;
    };
    look();
    element.addEventListener('scroll', look, { passive: true });
    const resized = new ResizeObserver(look);
    resized.observe(element);
    return () => {
      element.removeEventListener('scroll', look);
      resized.disconnect();
    };
  }, [windowed, count]);
  return windowed ? shown.value : { first: 0, end: count, rowPx: GUESSED_ROW_PX };
}
