// Runs of marked text as well-nested Markdown. Marks in ADF overlap freely: the one that lasts longer goes outside,
// and one that would cross another is closed and opened again. Whether it reads back the same is not asked here.
import { isWord, characterAt, characterBefore } from '../characters.ts';
import { escapeText } from './escape.ts';
import { codeSpan, enclosedAddress, linkTarget } from './inline-text.ts';
import { isSpacePiece, linkOf, linkPrefix, type InlineStyle, type Piece } from './pieces.ts';

/** The pieces are as `tidyPieces` leaves them. */
export function nestMarks(tidy: readonly Piece[], style: InlineStyle): string {
  const runEnds = endsOfRuns(tidy);
  const open: { key: string; close: string }[] = [];
  let out = '';
  tidy.forEach((piece, index) => {
    const firstToClose = open.findIndex(({ key }) => !piece.marks.includes(key));
    if (firstToClose !== -1) {
      for (const { close } of open.splice(firstToClose).reverse()) out += close;
    }
    const alone = addressAlone(tidy, index);
    if (alone !== undefined) {
      out += openMarks(tidy, index, runEnds, open, (key) => linkOf(key) === undefined) + alone;
      return;
    }
    const opening = openMarks(tidy, index, runEnds, open, () => true);
    // A mark that goes on is closed and opened again at the border of another: before a letter, not before space.
    const space = opening === '' ? '' : leadingSpace(piece);
    if (space === '' && opening.includes('[') && out.endsWith('!')) out = `${out.slice(0, -1)}\\!`;
    const inLink = open.some(({ key }) => key.startsWith(linkPrefix));
    out += space + opening + leaf({ ...piece, text: piece.text.slice(space.length) }, style, inLink);
  });
  for (const { close } of open.reverse()) out += close;
  return out;
}

function leaf(piece: Piece, style: InlineStyle, inLink: boolean): string {
  if (piece.kind === 'break') return style.lineBreak;
  if (piece.kind === 'code') return codeSpan(piece.text, style.inTable) ?? '';
  return piece.kind === 'raw' ? piece.text : escapeText(piece.text, { inLink });
}

function leadingSpace({ kind, text }: Piece): string {
  return kind === 'text' ? text.slice(0, text.length - text.trimStart().length) : '';
}

/** A link whose text is its own address is shorter, and clearer, as `<address>`. */
function addressAlone(pieces: readonly Piece[], index: number): string | undefined {
  const piece = pieces[index];
  const key = piece?.marks.find((mark) => mark.startsWith(linkPrefix));
  const link = key === undefined ? undefined : linkOf(key);
  if (!piece || !link || key === undefined || piece.kind !== 'text') return undefined;
  if (link.title !== '' || link.href !== piece.text) return undefined;
  const beside = [pieces[index - 1], pieces[index + 1]];
  return beside.some((other) => other?.marks.includes(key)) ? undefined : enclosedAddress(link.href);
}

function openMarks(
  pieces: readonly Piece[],
  index: number,
  runEnds: readonly ReadonlyMap<string, number>[],
  open: { key: string; close: string }[],
  wanted: (key: string) => boolean,
): string {
  const ends = runEnds[index];
  const piece = pieces[index];
  // No mark opens before space; it waits for the next letter.
  if (!ends || !piece || isSpacePiece(piece)) return '';
  const order = (key: string): number => ['strike', 'strong', 'em'].indexOf(key);
  const missing = piece.marks
    .filter((key) => wanted(key) && !open.some((mark) => mark.key === key))
    .sort((a, b) => (ends.get(b) ?? 0) - (ends.get(a) ?? 0) || order(a) - order(b));
  let out = '';
  for (const key of missing) {
    const link = linkOf(key);
    const delimiter =
      key === 'strong' ? '**' : key === 'strike' ? '~~' : emphasis(pieces, index, ends.get(key));
    open.push({ key, close: link ? `]${linkTarget(link.href, link.title)}` : delimiter });
    out += link ? '[' : delimiter;
  }
  return out;
}

/** `_`, which is easier to tell from `**`, except inside of a word, where only `*` works. */
function emphasis(pieces: readonly Piece[], start: number, end = start): string {
  const here = pieces[start];
  const before = here && leadingSpace(here) !== '' ? ' ' : (pieces[start - 1]?.text ?? '');
  const after = pieces[end + 1]?.text ?? '';
  const inWord = isWord(characterBefore(before, before.length)) || isWord(characterAt(after, 0));
  return inWord ? '*' : '_';
}

/** For each piece and each of its marks, the last piece of the unbroken run that has the mark. */
function endsOfRuns(pieces: readonly Piece[]): readonly ReadonlyMap<string, number>[] {
  const ends: ReadonlyMap<string, number>[] = [];
  for (let index = pieces.length - 1; index >= 0; index -= 1) {
    const next = ends[index + 1];
    const marks = pieces[index]?.marks ?? [];
    ends[index] = new Map(marks.map((key) => [key, next?.get(key) ?? index]));
  }
  return ends;
}
