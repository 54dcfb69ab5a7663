// A paragraph as a row of marked pieces, put in order before they become Markdown: space moves out of marks, since
// `** a**` is no mark; space at a break or at either end goes; equal neighbours are joined; what is empty is dropped.
import { codeSpan } from './inline-text.ts';

export interface MarkedLink {
  readonly href: string;
  readonly title: string;
}

export interface Piece {
  /** `raw` is Markdown already; `break` has neither text nor marks. */
  readonly kind: 'break' | 'code' | 'raw' | 'text';
  readonly text: string;
  /** `em`, `strike`, `strong` and at most one link, by its key. */
  readonly marks: readonly string[];
}

export interface InlineStyle {
  /** What a hard break is written as. */
  readonly lineBreak: string;
  readonly inTable: boolean;
}

export const linkPrefix = 'link:';

export function linkKey(link: MarkedLink): string {
  return linkPrefix + JSON.stringify([link.href, link.title]);
}

export function linkOf(key: string): MarkedLink | undefined {
  if (!key.startsWith(linkPrefix)) return undefined;
  const [href, title] = JSON.parse(key.slice(linkPrefix.length)) as [string, string];
  return { href, title };
}

export function tidyPieces(pieces: readonly Piece[], style: InlineStyle): readonly Piece[] {
  return mergeEqual(moveSpaceOut(pieces.map((piece) => codeOrText(piece, style))));
}

function codeOrText(piece: Piece, style: InlineStyle): Piece {
  const unsayable = piece.kind === 'code' && codeSpan(piece.text, style.inTable) === undefined;
  return unsayable ? { ...piece, kind: 'text' } : piece;
}

/** Space at either end of a text stands on its own, with only those marks that go on beyond it. */
function moveSpaceOut(pieces: readonly Piece[]): readonly Piece[] {
  const split = pieces.flatMap((piece): readonly Piece[] => {
    if (piece.kind !== 'text') return [piece];
    const core = piece.text.trim();
    const start = piece.text.length - piece.text.trimStart().length;
    const texts = [
      piece.text.slice(0, start),
      core,
      core === '' ? '' : piece.text.slice(start + core.length),
    ];
    return texts.flatMap((text) => (text === '' ? [] : [{ ...piece, text }]));
  });
  const solidAfter: (Piece | undefined)[] = [];
  for (let index = split.length - 1, next: Piece | undefined; index >= 0; index -= 1) {
    solidAfter[index] = next;
    const piece = split[index];
    if (piece && !isSpacePiece(piece)) next = piece;
  }
  const kept: Piece[] = [];
  let solid: Piece | undefined;
  split.forEach((piece, index) => {
    if (!isSpacePiece(piece)) {
      solid = piece;
      kept.push(piece);
      return;
    }
    const after = solidAfter[index];
    // At either end of the paragraph there is nothing to keep apart.
    if (!solid || !after) return;
    const between = solid.marks.filter((key) => after.marks.includes(key));
    kept.push({ ...piece, marks: between });
  });
  return withoutSpaceAtBreaks(kept);
}

function withoutSpaceAtBreaks(pieces: readonly Piece[]): readonly Piece[] {
  const kept: Piece[] = [];
  for (const piece of pieces) {
    if (piece.kind === 'break') {
      while (kept.at(-1) && isBlankText(kept.at(-1))) kept.pop();
      kept.push(piece);
    } else if (!isBlankText(piece) || kept.at(-1)?.kind !== 'break') {
      kept.push(piece);
    }
  }
  return kept;
}

export function isSpacePiece(piece: Piece): boolean {
  return piece.kind === 'break' || isBlankText(piece);
}

function isBlankText(piece: Piece | undefined): boolean {
  return piece?.kind === 'text' && piece.text.trim() === '';
}

function mergeEqual(pieces: readonly Piece[]): readonly Piece[] {
  const merged: Piece[] = [];
  for (const piece of pieces) {
    const last = merged.at(-1);
    const joins =
      last !== undefined && last.kind === piece.kind && (piece.kind === 'text' || piece.kind === 'code');
    if (joins && sameMarks(last.marks, piece.marks)) {
      merged[merged.length - 1] = { ...last, text: last.text + piece.text };
    } else {
      merged.push(piece);
    }
  }
  return merged;
}

function sameMarks(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((key) => other.includes(key));
}
