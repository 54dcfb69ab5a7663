// Jira refuses a text field of more than 32,767 characters. Measures a document as Jira does, as near as anyone has
// found out, and cuts Markdown before it is converted: at the border of a block, never inside of a fence, and with
// a last line that says how much is missing.
import type { AdfDocument } from './adf-document.ts';
import { asNode, childrenOf, textOf, typeOf } from './node.ts';

/** What Jira allows in a description or a comment. */
export const jiraTextLimit = 32_767;

/** Characters of text, plus one for the end of every other node. */
export function adfTextLength(document: AdfDocument): number {
  let length = 0;
  const waiting: unknown[] = [document];
  while (waiting.length > 0) {
    const node = asNode(waiting.pop());
    if (!node) continue;
    length += typeOf(node) === 'text' ? textOf(node).length : 1;
    for (const child of childrenOf(node)) waiting.push(child);
  }
  return length;
}

/** At most `limit` characters, notice included, for any limit of 100 and more; a text that fits is untouched. */
export function truncateMarkdown(markdown: string, limit: number): string {
  if (markdown.length <= limit) return markdown;
  const notice = (left: number): string => `\n\n_(cut here: ${left} more characters)_`;
  const room = Math.max(0, limit - notice(markdown.length).length);
  const { end, fence } = cutPoint(markdown, room);
  const kept = markdown.slice(0, end).trimEnd();
  const closed = fence === '' ? kept : `${kept}\n${fence}`;
  return `${closed}${notice(markdown.length - kept.length)}`;
}

interface CutPoint {
  readonly end: number;
  /** What closes the fence that is open there. */
  readonly fence: string;
}

/** The last blank line before `room`; failing that, in its second half, the last line; failing that, `room`. */
function cutPoint(markdown: string, room: number): CutPoint {
  let block: CutPoint = { end: 0, fence: '' };
  let line: CutPoint = block;
  let fence = '';
  for (let start = 0; start < room;) {
    const found = markdown.indexOf('\n', start);
    const end = found === -1 ? markdown.length : found;
    const text = markdown.slice(start, Math.min(end, room));
    if (start + fence.length + 1 <= room) line = { end: Math.max(0, start - (fence === '' ? 0 : 1)), fence };
    if (text.trim() === '' && fence === '') block = line;
    fence = fenceAfter(text, fence);
    if (end >= room) break;
    start = end + 1;
  }
  if (block.end > room / 2) return block;
  if (line.end > room / 2) return line;
  const space = Math.max(0, room - (fence === '' ? 0 : fence.length + 1));
  return { end: isLowHalf(markdown, space) ? space - 1 : space, fence };
}

function fenceAfter(line: string, open: string): string {
  const run = /^[ >]*(`{3,}|~{3,})([^\n]*)$/.exec(line);
  if (!run) return open;
  const [, ticks = '', info = ''] = run;
  if (open === '') return ticks.startsWith('`') && info.includes('`') ? '' : ticks;
  return ticks[0] === open[0] && ticks.length >= open.length && info.trim() === '' ? '' : open;
}

function isLowHalf(text: string, index: number): boolean {
  const unit = text.charCodeAt(index);
  return unit >= 0xdc00 && unit <= 0xdfff;
}
