// What a generator answers, and how generated text is put between markers of a page that people write. A page
// without its markers is an error: nothing is guessed, nothing outside of the markers is ever changed.

export interface GeneratedFile {
  /** From the root of the repository, with `/`. */
  readonly path: string;
  readonly text: string;
}

/** `root` is the repository's folder, for pages of which only a part is generated. */
export type Generator = (root: string) => Promise<readonly GeneratedFile[]>;

export function betweenMarkers(page: string, name: string, text: string): string {
  const open = `<!-- generated: ${name} (npm run docs) -->`;
  const close = `<!-- end of ${name} -->`;
  const from = page.indexOf(open);
  const to = page.indexOf(close);
  if (from === -1 || to < from)
    throw new Error(`the page has no ${open} … ${close}; write both lines into it`);
  return `${page.slice(0, from + open.length)}\n\n${text}\n\n${page.slice(to)}`;
}
