// The part of Atlassian's document format that we write. Narrower than what they allow, on purpose: what these
// types cannot say, Jira cannot refuse. Reading goes through node.ts instead, since others write more than this.

export interface AdfDocument {
  readonly type: 'doc';
  readonly version: 1;
  readonly content: readonly AdfBlock[];
}

export type AdfMark =
  | { readonly type: 'code' | 'em' | 'strike' | 'strong' }
  | { readonly type: 'link'; readonly attrs: { readonly href: string; readonly title?: string } };

export interface AdfText {
  readonly type: 'text';
  /** Never empty. */
  readonly text: string;
  readonly marks?: readonly AdfMark[];
}

export type AdfInline = AdfText | { readonly type: 'hardBreak' };

export interface AdfParagraph {
  readonly type: 'paragraph';
  readonly content?: readonly AdfInline[];
}

export interface AdfHeading {
  readonly type: 'heading';
  readonly attrs: { readonly level: number };
  readonly content?: readonly AdfInline[];
}

export interface AdfCodeBlock {
  readonly type: 'codeBlock';
  readonly attrs?: { readonly language: string };
  readonly content?: readonly AdfText[];
}

export interface AdfRule {
  readonly type: 'rule';
}

export interface AdfListItem {
  readonly type: 'listItem';
  readonly content: readonly AdfBlock[];
}

export type AdfList =
  | { readonly type: 'bulletList'; readonly content: readonly AdfListItem[] }
  | {
      readonly type: 'orderedList';
      readonly attrs?: { readonly order: number };
      readonly content: readonly AdfListItem[];
    };

export interface AdfTaskItem {
  readonly type: 'taskItem';
  readonly attrs: { readonly localId: string; readonly state: 'TODO' | 'DONE' };
  readonly content: readonly AdfInline[];
}

export interface AdfTaskList {
  readonly type: 'taskList';
  readonly attrs: { readonly localId: string };
  readonly content: readonly (AdfTaskItem | AdfTaskList)[];
}

export interface AdfBlockquote {
  readonly type: 'blockquote';
  readonly content: readonly AdfBlock[];
}

export type AdfPanelType = 'error' | 'info' | 'note' | 'success' | 'tip' | 'warning';

export interface AdfPanel {
  readonly type: 'panel';
  readonly attrs: { readonly panelType: AdfPanelType };
  readonly content: readonly AdfBlock[];
}

export interface AdfTableCell {
  readonly type: 'tableCell' | 'tableHeader';
  readonly content: readonly AdfParagraph[];
}

export interface AdfTableRow {
  readonly type: 'tableRow';
  readonly content: readonly AdfTableCell[];
}

export interface AdfTable {
  readonly type: 'table';
  readonly content: readonly AdfTableRow[];
}

export type AdfBlock =
  | AdfBlockquote
  | AdfCodeBlock
  | AdfHeading
  | AdfList
  | AdfPanel
  | AdfParagraph
  | AdfRule
  | AdfTable
  | AdfTaskList;

export function paragraph(content: readonly AdfInline[]): AdfParagraph {
  return content.length === 0 ? { type: 'paragraph' } : { type: 'paragraph', content };
}
