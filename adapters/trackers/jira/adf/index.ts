// Atlassian's document format, both ways. Pure text in and out: no I/O, no settings, nothing throws. Reading takes
// anything at all; what is written is always valid by Atlassian's schema.
export type { AdfBlock, AdfDocument, AdfInline, AdfMark } from './adf-document.ts';
export { flattenAdf } from './flatten.ts';
export { markdownToAdf, type MarkdownToAdfOptions } from './from-markdown/markdown-to-adf.ts';
export { adfTextLength, jiraTextLimit, truncateMarkdown } from './text-limit.ts';
export { adfToMarkdown } from './to-markdown/adf-to-markdown.ts';
export { defuse } from './defuse.ts';
