// Draws what is in sight of a long list. The height of a row is measured on one that is there, so the style
// sheet alone decides it.

import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { shownRows, WINDOW_FROM, type Shown } from './shown-rows.ts';

const GUESSED_ROW_PX = 52;
const GUESSED_HEIGHT_PX = 800;

/** `box` scrolls and holds rows marked `data-row`. */
export function useWindow(box: { readonly current: HTMLElement | null }, count: number): Shown {
  const windowed = count > WINDOW_FROM;
  const shown = useSignal<Shown>(
    shownRows(count, { top: 0, height: GUESSED_HEIGHT_PX, rowPx: GUESSED_ROW_PX }),
  );
  useEffect(() => {
    const element = box.current;
    if (!windowed || element === null) return undefined;
    const look = (): void => {
      const measured = element.querySelector<HTMLElement>('[data-row]')?.offsetHeight ?? 0;
      const rowPx = measured > 0 ? measured : GUESSED_ROW_PX;
      const next = shownRows(count, { top: element.scrollTop, height: element.clientHeight, rowPx });
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
