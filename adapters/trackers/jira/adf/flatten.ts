// The plain-text contract: the text of every text node, depth first, and a line break after each listed block.
// It interprets nothing else, so hard breaks, mentions, dates and cards vanish, as documented. Iterative, because
// a hostile document nests deeper than a call stack, and bounded, because a shared node could multiply for ever.
import { asNode, childrenOf, textOf, typeOf, type UnknownNode } from './node.ts';

const blocks: ReadonlySet<string> = new Set([
  'paragraph',
  'heading',
  'bulletList',
  'orderedList',
  'listItem',
  'blockquote',
  'codeBlock',
  'rule',
  'table',
  'tableRow',
  'tableCell',
  'tableHeader',
  'panel',
  'decisionList',
  'decisionItem',
  'taskList',
  'taskItem',
  'mediaSingle',
  'mediaGroup',
]);

/** More nodes than a 10 MB answer can hold as JSON; beyond it the rest of the document is left out. */
const nodeLimit = 5_000_000;

interface Visit {
  readonly node: UnknownNode;
  readonly children: readonly unknown[];
  next: number;
}

/** ADF as plain text. Anything that is not an object gives `''`. Never throws. */
export function flattenAdf(document: unknown): string {
  return flattenWithin(document, nodeLimit).text.trimEnd();
}

/** The text of at most `limit` children, untrimmed, and how many there were. */
export function flattenWithin(document: unknown, limit: number): { text: string; nodes: number } {
  const root = asNode(document);
  const parts: string[] = [];
  const open: Visit[] = [];
  const enter = (node: UnknownNode): void => {
    if (typeOf(node) === 'text') parts.push(textOf(node));
    open.push({ node, children: childrenOf(node), next: 0 });
  };
  if (root) enter(root);
  let nodes = 0;
  while (nodes < limit) {
    const visit = open.at(-1);
    if (!visit) break;
    if (visit.next < visit.children.length) {
      const child = asNode(visit.children[visit.next]);
      visit.next += 1;
      nodes += 1;
      if (child) enter(child);
    } else {
      open.pop();
      if (blocks.has(typeOf(visit.node))) parts.push('\n');
    }
  }
  return { text: parts.join(''), nodes };
}
