// Changes one record inside the text and leaves every other byte as it was. The edits are jsonc-parser's, applied
// by it; their places are found here, because its `modify` takes the first of two equal keys (JSON.parse the
// last), recurses, and reformats the whole line that it touches, which in a one-line file is everything.
// New text copies the indentation, line ends and spacing of what stands beside it.
import { applyEdits, type Edit } from 'jsonc-parser';
import { elementsOf, findMember, membersOf, spaceBefore, type Member, type Span } from './json-text.ts';

/** A comment as the file holds it, keys in this order. */
export interface CommentRecord {
  readonly id: string;
  readonly author: string;
  readonly body: string;
  readonly created_at: string;
}

/** `updatedAt` is written only where the record already says when it was updated. */
export function withState(text: string, record: Span, state: string, updatedAt: string): string {
  const members = membersOf(text, record.start);
  return applyEdits(text, [...set(members, 'state', state), ...set(members, 'updated_at', updatedAt)]);
}

export function withComment(text: string, record: Span, comment: CommentRecord, updatedAt: string): string {
  const members = membersOf(text, record.start);
  const edit = addComment(text, record, members, comment);
  return applyEdits(text, [edit, ...set(members, 'updated_at', updatedAt)]);
}

function set(members: readonly Member[], key: string, value: string): Edit[] {
  const member = findMember(members, key);
  return member ? [replace(member.value, JSON.stringify(value))] : [];
}

function addComment(text: string, record: Span, members: readonly Member[], comment: CommentRecord): Edit {
  const layout = layoutOf(text, record, members);
  const existing = findMember(members, 'comments');
  if (!existing) {
    const last = members.at(-1);
    if (!last) throw new Error('invariant: a record that was read has members');
    const colon = text.slice(last.keySpan.end, last.value.start);
    const key = `${spaceBefore(text, last.keySpan.start)}"comments"${colon.includes('\n') ? ': ' : colon}`;
    return insert(last.value.end, `,${key}${renderList(comment, layout)}`);
  }
  const elements = text[existing.value.start] === '[' ? elementsOf(text, existing.value.start) : [];
  const last = elements.at(-1);
  if (!last) return replace(existing.value, renderList(comment, layout));
  const lead = spaceBefore(text, last.start);
  const manyLines = text.slice(last.start, last.end).includes('\n');
  const inner = { ...layout, indent: indentOf(lead) ?? layout.indent, manyLines };
  const separator = lead === '' && elements.length === 1 && layout.colon !== ':' ? ' ' : lead;
  return insert(last.end, `,${separator}${renderComment(comment, inner)}`);
}

interface Layout {
  readonly manyLines: boolean;
  /** Of the line on which the value begins. */
  readonly indent: string;
  readonly unit: string;
  readonly lineEnd: string;
  readonly colon: string;
}

function layoutOf(text: string, record: Span, members: readonly Member[]): Layout {
  const last = members.at(-1);
  const lead = last ? spaceBefore(text, last.keySpan.start) : '';
  const indent = indentOf(lead) ?? '';
  const outer = indentOf(spaceBefore(text, record.end - 1)) ?? '';
  const inward = indent.startsWith(outer) ? indent.slice(outer.length) : '';
  const spaced = members.some((member) => text.slice(member.keySpan.end, member.value.start) !== ':');
  return {
    manyLines: lead.includes('\n'),
    indent,
    unit: inward === '' ? '  ' : inward,
    lineEnd: lead.includes('\r\n') ? '\r\n' : '\n',
    colon: spaced ? ': ' : ':',
  };
}

function renderList(comment: CommentRecord, layout: Layout): string {
  if (!layout.manyLines) return `[${renderComment(comment, layout)}]`;
  const indent = layout.indent + layout.unit;
  const inner = renderComment(comment, { ...layout, indent });
  return `[${layout.lineEnd}${indent}${inner}${layout.lineEnd}${layout.indent}]`;
}

function renderComment(comment: CommentRecord, { manyLines, indent, unit, lineEnd, colon }: Layout): string {
  const members = Object.entries(comment).map(
    ([key, value]) => `${JSON.stringify(key)}${colon}${JSON.stringify(value)}`,
  );
  if (!manyLines) return `{${members.join(colon === ':' ? ',' : ', ')}}`;
  const lines = members.map((member) => `${lineEnd}${indent}${unit}${member}`);
  return `{${lines.join(',')}${lineEnd}${indent}}`;
}

/** What stands after the last line break of `space`; undefined when there is none. */
function indentOf(space: string): string | undefined {
  const lineBreak = space.lastIndexOf('\n');
  return lineBreak === -1 ? undefined : space.slice(lineBreak + 1);
}

function replace(span: Span, content: string): Edit {
  return { offset: span.start, length: span.end - span.start, content };
}

function insert(offset: number, content: string): Edit {
  return { offset, length: 0, content };
}
