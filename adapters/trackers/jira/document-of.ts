// Markdown → the document that is sent. Jira refuses a text over its limit as a whole; one that is cut, and says so
// at its end, is better than none.
import {
  adfTextLength,
  jiraTextLimit,
  markdownToAdf,
  truncateMarkdown,
  type AdfDocument,
} from './adf/index.ts';

export function documentOf(markdown: string): AdfDocument {
  let document = markdownToAdf(markdown);
  // Text and Markdown differ in length by what the markup takes, so a cut may have to be made again.
  for (let limit = jiraTextLimit; adfTextLength(document) > jiraTextLimit; limit = Math.trunc(limit * 0.9)) {
    document = markdownToAdf(truncateMarkdown(markdown, Math.max(100, limit)));
    if (limit < 100) break;
  }
  return document;
}
