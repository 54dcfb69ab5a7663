// Markdown as an ADF document that Atlassian's schema accepts, whatever the text is: an agent wrote it, so it may be
// broken, hostile or enormous. Never throws; a text that the parser cannot take is written as plain paragraphs.
// The length that Jira accepts is the caller's business (see text-limit.ts).
import { paragraph, type AdfBlock, type AdfDocument } from '../adf-document.ts';
import { cleanText } from '../characters.ts';
import { blockNodes } from './blocks.ts';
import { lexBlocks } from './block-lexer.ts';

export interface MarkdownToAdfOptions {
  /** Ids for tasks and task lists, unique in the document. Without it they are counted from 1. */
  readonly makeId?: () => string;
}

export function markdownToAdf(markdown: string, options: MarkdownToAdfOptions = {}): AdfDocument {
  const text = cleanText(markdown);
  return { type: 'doc', version: 1, content: convert(text, options.makeId ?? countedIds()) };
}

function convert(text: string, makeId: () => string): readonly AdfBlock[] {
  try {
    const { tokens, definitions } = lexBlocks(text);
    return blockNodes(tokens, 'document', { definitions, makeId });
  } catch {
    // marked throws where it makes no progress; the words matter more than their looks.
    return text
      .split(/\n{2,}/)
      .map((part) => part.replace(/\s+/g, ' ').trim())
      .filter((part) => part !== '')
      .map((part) => paragraph([{ type: 'text', text: part }]));
  }
}

function countedIds(): () => string {
  let last = 0;
  return () => String((last += 1));
}
