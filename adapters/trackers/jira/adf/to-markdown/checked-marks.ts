// Writes marks only where they read back as themselves. CommonMark's rules for `*` and `_` beside punctuation leave
// some texts that no arrangement of delimiters can mark; there the emphasis goes and the words stay, instead of
// asterisks that would be taken for text. Costs a second reading of those paragraphs that have emphasis.
import type { AdfInline } from '../adf-document.ts';
import { inlineNodes } from '../from-markdown/inline.ts';
import { nestMarks } from './marks.ts';
import { tidyPieces, type InlineStyle, type Piece } from './pieces.ts';

const emphases: readonly string[] = ['em', 'strong', 'strike'];
/** What is given up, in this order, until the rest reads back. */
const sacrifices: readonly (readonly string[])[] = [[], ['em'], ['strong'], ['em', 'strong'], emphases];

export function renderPieces(pieces: readonly Piece[], style: InlineStyle): string {
  let text = '';
  for (const sacrifice of sacrifices) {
    const kept = sacrifice.length === 0 ? pieces : pieces.map((piece) => without(piece, sacrifice));
    const tidy = tidyPieces(kept, style);
    text = nestMarks(tidy, style);
    if (!tidy.some(({ marks }) => marks.some((key) => emphases.includes(key)))) return text;
    if (seenInPieces(tidy) === seenInNodes(inlineNodes(text, {}))) return text;
  }
  return text;
}

function without(piece: Piece, sacrifice: readonly string[]): Piece {
  return { ...piece, marks: piece.marks.filter((key) => !sacrifice.includes(key)) };
}

/** Which characters have which emphasis. Space is left out: it may move across the border of a mark. */
function seenInPieces(pieces: readonly Piece[]): string {
  return seen(pieces.map(({ kind, text, marks }) => [kind === 'raw' ? text.slice(1, -1) : text, marks]));
}

function seenInNodes(nodes: readonly AdfInline[]): string {
  return seen(
    nodes.map((node) =>
      node.type === 'text' ? [node.text, (node.marks ?? []).map(({ type }) => type)] : ['', []],
    ),
  );
}

function seen(runs: readonly (readonly [text: string, marks: readonly string[]])[]): string {
  const parts: string[] = [];
  let before = '';
  for (const [text, marks] of runs) {
    const solid = text.replace(/\s/g, '');
    if (solid === '') continue;
    const key = emphases.filter((emphasis) => marks.includes(emphasis)).join();
    if (key !== before) parts.push(`\n${key}\n`);
    parts.push(solid);
    before = key;
  }
  return parts.join('');
}
