// ADF as the Markdown that an agent reads: CommonMark with GFM's tables, tasks and strikethrough, panels as on
// GitHub. Loses looks, never words. Takes anything at all and never throws; what is too deep is plain text, and
// what is too much is left out, with a last line that says so.
import { asNode } from '../node.ts';
import { blockTexts } from './blocks.ts';
import { Reading } from './reading.ts';

export function adfToMarkdown(document: unknown): string {
  const root = asNode(document);
  if (!root) return '';
  const reading = new Reading();
  const blocks = blockTexts(typeOfRoot(root) ? (root['content'] as readonly unknown[]) : [root], reading);
  if (reading.full) blocks.push('_(cut here: the document has too many nodes)_');
  return blocks.join('\n\n');
}

function typeOfRoot(root: Readonly<Record<string, unknown>>): boolean {
  return root['type'] === 'doc' && Array.isArray(root['content']);
}
