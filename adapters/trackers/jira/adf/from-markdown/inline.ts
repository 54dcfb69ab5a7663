// The text of a paragraph as ADF inline nodes. Holds what Atlassian's schema demands of them: no empty text,
// `code` beside nothing but a link, equal neighbours joined, no break or space at either end.
import type { AdfInline, AdfMark } from '../adf-document.ts';
import type { Emphasis } from './delimiters.ts';
import { scanInline, type Definitions, type LinkStart } from './inline-scan.ts';
import { judgeHref, type Href } from './safe-href.ts';

interface OpenLink {
  readonly link: LinkStart;
  readonly href: Href;
  hasText: boolean;
}

export function inlineNodes(source: string, definitions: Definitions): readonly AdfInline[] {
  const writer = new InlineWriter();
  for (const token of scanInline(source.trim(), definitions)) {
    if (token.kind === 'text') writer.text(token.text);
    else if (token.kind === 'code') writer.code(token.text);
    else if (token.kind === 'break') writer.break();
    else if (token.kind === 'link_start') writer.startLink(token.link);
    else if (token.kind === 'link_end') writer.endLink();
    else {
      const { char, left, opens, closes } = token.delimiter;
      for (const emphasis of closes) writer.emphasis(emphasis, -1);
      writer.text(char.repeat(left));
      for (const emphasis of opens) writer.emphasis(emphasis, 1);
    }
  }
  return writer.nodes();
}

class InlineWriter {
  readonly #nodes: { key: string; text: string; marks: readonly AdfMark[] }[] = [];
  readonly #depth: Record<Emphasis, number> = { em: 0, strike: 0, strong: 0 };
  readonly #links: OpenLink[] = [];

  text(text: string): void {
    const marks: AdfMark[] = [];
    for (const type of ['strike', 'strong', 'em'] as const) {
      if (this.#depth[type] > 0) marks.push({ type });
    }
    this.#add(text, marks);
  }

  code(text: string): void {
    this.#add(text.replace(/\t/g, '    '), [{ type: 'code' }]);
  }

  break(): void {
    this.#nodes.push({ key: 'break', text: '', marks: [] });
  }

  emphasis(emphasis: Emphasis, change: 1 | -1): void {
    this.#depth[emphasis] += change;
  }

  startLink(link: LinkStart): void {
    this.#links.push({ link, href: judgeHref(link.href), hasText: false });
  }

  endLink(): void {
    const open = this.#links.at(-1);
    if (!open) return;
    // A link without a text is shown by its address; an address that may not be a link is shown behind the text.
    const { href, hasText, link } = open;
    const shown = href.kind === 'link' ? href.href : href.kind === 'text' ? href.text : '';
    if (!hasText) this.text(shown);
    this.#links.pop();
    // Of an image inside of a link only the outer address can be the link's.
    const isMark = href.kind === 'link' && !this.#links.some((outer) => outer.href.kind === 'link');
    const notes =
      isMark || link.bare ? [] : [hasText ? shown : '', link.title].filter((part) => part.trim() !== '');
    if (notes.length > 0) this.text(` (${notes.join(', ')})`);
  }

  nodes(): readonly AdfInline[] {
    const nodes = this.#nodes;
    let start = 0;
    let end = nodes.length;
    const isBlank = (index: number): boolean => {
      const node = nodes[index];
      return node !== undefined && (node.key === 'break' || (!isCode(node.marks) && node.text.trim() === ''));
    };
    while (start < end && isBlank(start)) start += 1;
    while (end > start && isBlank(end - 1)) end -= 1;
    const kept = nodes.slice(start, end);
    return kept.flatMap((node, index): AdfInline[] => {
      if (node.key === 'break') return [{ type: 'hardBreak' }];
      const text = isCode(node.marks) ? node.text : trimBeside(node.text, kept[index - 1], kept[index + 1]);
      if (text === '') return [];
      const marks = node.marks;
      return [marks.length === 0 ? { type: 'text', text } : { type: 'text', text, marks }];
    });
  }

  #add(text: string, marks: readonly AdfMark[]): void {
    if (text === '') return;
    for (const open of this.#links) open.hasText ||= text.trim() !== '';
    // An image inside of a link leads where the link leads.
    const link = this.#links.find(({ href }) => href.kind === 'link');
    const all = link ? [linkMark(link), ...marks] : marks;
    const key = JSON.stringify(all);
    const last = this.#nodes.at(-1);
    if (last?.key === key) last.text += text;
    else this.#nodes.push({ key, text, marks: all });
  }
}

function linkMark({ link, href }: OpenLink): AdfMark {
  const title = link.title.trim();
  const target = href.kind === 'link' ? href.href : '';
  return { type: 'link', attrs: title === '' ? { href: target } : { href: target, title } };
}

function isCode(marks: readonly AdfMark[]): boolean {
  return marks.some(({ type }) => type === 'code');
}

type Neighbour = { readonly key: string } | undefined;

/** Space beside a line break, or at either end, shows nowhere and would not survive a second reading. */
function trimBeside(text: string, before: Neighbour, after: Neighbour): string {
  const start = before === undefined || before.key === 'break' ? text.trimStart() : text;
  return after === undefined || after.key === 'break' ? start.trimEnd() : start;
}
