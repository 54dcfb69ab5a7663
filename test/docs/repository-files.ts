// What the tests of the documents read: the repository's text files and the links and fences in them.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));

export function read(path: string): string {
  return readFileSync(join(root, path), 'utf8');
}

export function exists(path: string): boolean {
  return existsSync(join(root, path));
}

/** Every page: those at the root and below docs/. */
export function pages(): string[] {
  const below = (readdirSync(join(root, 'docs'), { recursive: true }) as string[]).map(
    (path) => `docs/${path}`,
  );
  return [...readdirSync(root), ...below].filter((path) => path.endsWith('.md')).sort();
}

/** Targets of `[text](target)`, `![alt](target)` and `src="target"`, outside of fenced code. */
export function linksIn(markdown: string): string[] {
  const prose = markdown.replaceAll(/^```[\s\S]*?^```/gm, '').replaceAll(/`[^`\n]*`/g, '');
  const found = [...prose.matchAll(/\]\(([^)\s]+)\)|\ssrc="([^"]+)"/g)];
  return found.map((match) => match[1] ?? match[2] ?? '');
}

/** The anchors that headings get, as the usual hosts make them. */
export function anchorsIn(markdown: string): string[] {
  const headings = [...markdown.replaceAll(/^```[\s\S]*?^```/gm, '').matchAll(/^#+ +(.+)$/gm)];
  return headings.map(([, text = '']) =>
    text
      .toLowerCase()
      .replaceAll(/[^\p{Letter}\p{Number} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

/** The contents of fenced blocks, in order. */
export function fencesIn(markdown: string): string[] {
  return [...markdown.matchAll(/^```\w*\n([\s\S]*?)^```/gm)].map(([, body = '']) => body);
}
