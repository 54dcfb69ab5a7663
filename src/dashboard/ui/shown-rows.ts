// Which rows of a long list are drawn: those in sight and some around them. All rows are equally high. Pure.

/** Above this many, rows are drawn as they come into sight. */
export const WINDOW_FROM = 100;

/** Drawn beyond either edge, so that a step of the keyboard or the wheel finds its row there. */
const OVERSCAN = 12;

export interface Shown {
  readonly first: number;
  /** Not drawn any more. */
  readonly end: number;
  readonly rowPx: number;
}

export interface Sight {
  readonly top: number;
  readonly height: number;
  readonly rowPx: number;
}

export function shownRows(count: number, { top, height, rowPx }: Sight): Shown {
  const end = Math.min(count, Math.ceil((top + height) / rowPx) + OVERSCAN);
  return { first: Math.max(0, Math.min(end, Math.floor(top / rowPx) - OVERSCAN)), end, rowPx };
}
