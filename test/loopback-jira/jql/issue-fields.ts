// JQL fields of the issue itself: its key or id, parent, labels, components, resolution and dates.
// Unquoted digits are an id; anything else is a key, also one that the issue had before it was moved.
import type { IssueRecord } from '../model.ts';
import type { Operand } from './ast.ts';
import type { DateField, JqlContext, SetField } from './fields.ts';

function issueIds(value: Operand & { kind: 'value' }, context: JqlContext): string[] | null {
  const { state, visible } = context;
  const isId = !value.quoted && /^\d+$/.test(value.text);
  const issue = isId ? (state.issues.get(value.text) ?? null) : state.findByKey(value.text);
  return issue && visible(issue) ? [issue.id] : null;
}

/** By project, then by number: ABC-2 before ABC-10. */
export function compareKeys(a: string, b: string): number {
  const [projectA = '', projectB = ''] = [a.split('-')[0], b.split('-')[0]];
  if (projectA !== projectB) return projectA < projectB ? -1 : 1;
  return numberOf(a) - numberOf(b);
}

function numberOf(key: string): number {
  return Number(key.split('-')[1] ?? 0);
}

function named(names: readonly string[], of: (issue: IssueRecord) => readonly string[]): SetField {
  return {
    kind: 'set',
    names,
    values: (issue) => of(issue).map((value) => value.toLowerCase()),
    resolve: ({ text }) => [text.toLowerCase()],
    compare: (a, b) =>
      [...of(a)]
        .sort()
        .join(' ')
        .localeCompare([...of(b)].sort().join(' ')),
  };
}

function known(field: SetField, exists: (lower: string, context: JqlContext) => boolean): SetField {
  return {
    ...field,
    resolve: ({ text }, context) => (exists(text.toLowerCase(), context) ? [text.toLowerCase()] : null),
  };
}

function date(
  names: readonly string[],
  instant: (issue: IssueRecord) => number | null,
  defaultDirection: 'asc' | 'desc',
): DateField {
  const compare = (a: IssueRecord, b: IssueRecord): number =>
    (instant(a) ?? Infinity) < (instant(b) ?? Infinity) ? -1 : instant(a) === instant(b) ? 0 : 1;
  return { kind: 'date', names, instant, compare, defaultDirection };
}

export const issueFields: readonly (SetField | DateField)[] = [
  {
    kind: 'set',
    names: ['key', 'issuekey', 'issue', 'id'],
    values: ({ id }) => [id],
    resolve: issueIds,
    rank: (id, { state }) => numberOf(state.issues.get(id)?.key ?? ''),
    compare: (a, b) => compareKeys(a.key, b.key),
  },
  {
    kind: 'set',
    names: ['parent'],
    values: ({ parentId }) => (parentId === null ? [] : [parentId]),
    resolve: issueIds,
  },
  named(['labels'], ({ labels }) => labels),
  known(
    named(['component', 'components'], ({ components }) => components),
    (lower, { state }) =>
      [...state.projects.values()].some(({ componentNames }) =>
        componentNames.some((name) => name.toLowerCase() === lower),
      ),
  ),
  known(
    named(['resolution'], ({ resolution }) => (resolution === null ? [] : [resolution])),
    (lower, { state }) => state.resolutions.some((name) => name.toLowerCase() === lower),
  ),
  date(['created', 'createddate'], ({ createdMs }) => createdMs, 'desc'),
  date(['updated', 'updateddate'], ({ updatedMs }) => updatedMs, 'desc'),
  date(['due', 'duedate'], ({ dueDate }) => (dueDate === null ? null : Date.parse(dueDate)), 'asc'),
];
