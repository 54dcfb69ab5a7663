// Which rows of a long list are drawn when they differ in height: those in sight and some around them. Rows are
// measured when they are drawn; what is in sight stays where it is when rows above it turn out higher than was
// thought. A list that follows its end stays at its end until the reader scrolls up.

import { useSignal, type Signal } from '@preact/signals';
import { useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { createRowHeights, type RowHeights } from './row-heights.ts';

export interface RowWindow {
  readonly first: number;
  /** Not drawn any more. */
  readonly end: number;
  /** The room of the rows before and behind. */
  readonly beforePx: number;
  readonly afterPx: number;
}

export interface RowWindowOptions {
  readonly count: number;
  readonly guessedPx: number;
  /** What is measured is forgotten when it changes: other rows, or the same ones under other numbers. */
  readonly rowsAre: string;
  readonly follow: Signal<boolean>;
}

const OVERSCAN = 10;
/** So near to the end is at the end. */
const END_PX = 24;

/** `box` scrolls; its rows carry their number as `data-index`. */
export function useRowWindow(
  box: { readonly current: HTMLElement | null },
  { count, guessedPx, rowsAre, follow }: RowWindowOptions,
): RowWindow {
  const heights = useMemo(() => createRowHeights(guessedPx), [rowsAre, guessedPx]);
  if (heights.count() !== count) heights.resize(count);
  const shown = useSignal({ first: 0, end: Math.min(count, 40) });
  const measured = useSignal(0);
  const lastTop = useRef(0);

  useEffect(() => {
    const element = box.current;
    if (element === null) return undefined;
    const look = (): void => {
      const { scrollTop, clientHeight, scrollHeight } = element;
      if (scrollHeight - clientHeight - scrollTop < END_PX) follow.value = true;
      else if (scrollTop < lastTop.current - 2) follow.value = false;
      lastTop.current = scrollTop;
      see(element, heights, shown);
    };
    element.addEventListener('scroll', look, { passive: true });
    const resized = new ResizeObserver(() => {
      see(element, heights, shown);
      measured.value += 1;
    });
    resized.observe(element);
    return () => {
      element.removeEventListener('scroll', look);
      resized.disconnect();
    };
  }, [heights]);

  // After each drawing, because each may have other rows, or the same ones in another height.
  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const { changed, above } = measure(element, heights);
    if (follow.value) element.scrollTop = element.scrollHeight;
    else if (above !== 0) element.scrollTop += above;
    lastTop.current = element.scrollTop;
    see(element, heights, shown);
    if (changed) measured.value += 1;
  });

  void measured.value;
  const end = Math.min(shown.value.end, count);
  const first = Math.min(shown.value.first, end);
  return {
    first,
    end,
    beforePx: heights.top(first),
    afterPx: Math.max(0, heights.total() - heights.top(end)),
  };
}

function see(element: HTMLElement, heights: RowHeights, shown: Signal<{ first: number; end: number }>): void {
  const { scrollTop, clientHeight } = element;
  const first = Math.max(0, heights.at(scrollTop) - OVERSCAN);
  const end = Math.min(heights.count(), heights.at(scrollTop + clientHeight) + 1 + OVERSCAN);
  if (first !== shown.peek().first || end !== shown.peek().end) shown.value = { first, end };
}

function measure(
  element: HTMLElement,
  heights: RowHeights,
): { readonly changed: boolean; readonly above: number } {
  let changed = false;
  let above = 0;
  for (const row of element.querySelectorAll<HTMLElement>('[data-index]')) {
    const index = Number(row.dataset['index']);
    const isAbove = heights.top(index + 1) <= element.scrollTop;
    const by = heights.measure(index, row.getBoundingClientRect().height);
    if (by === 0) continue;
    changed = true;
    if (isAbove) above += by;
  }
  return { changed, above };
}
