// The fields of an issue as tools answer them: under Jira's names, each as short as it can be said, and written as the
// writing tools take it back. Of issues of other projects, which links and parents lead to, only the key is shown.
import type { Json, JsonMap } from '../../../../../src/contract/tool-operations.ts';
import type { TrackerSchema } from '../../../../../src/contract/tracker-capabilities.ts';
import { fitting } from './budget.ts';
import { commentsOf } from './comments.ts';
import { isWire, markdownOf, nameOf, oneLineOf, personOf, textIn, valueOf, type Wire } from './value.ts';

export interface FieldView {
  /** Whether anything but the key may be shown of an issue with this key. */
  readonly mayShow: (key: string) => boolean;
  readonly schema: TrackerSchema | null;
  /** Custom fields that were named, which are shown also when they are empty. */
  readonly asked: ReadonlySet<string>;
  readonly textLimit: number;
}

const categories: Readonly<Record<string, string>> = {
  new: 'to do',
  indeterminate: 'in progress',
  done: 'done',
};
const worklogLimit = 10;
const otherIssueLimit = 200;
const customFieldChars = 40_000;
/** Of a search: the whole is behind `atlassian_jira_get_issue`. */
const searchComments = 5;
const searchCommentChars = 5_000;

type Render = (value: unknown, view: FieldView) => JsonMap;

const one =
  (name: string, of: (value: unknown, view: FieldView) => Json): Render =>
  (value, view) => ({ [name]: of(value, view) });

const known = new Map<string, Render>(
  Object.entries<Render>({
    summary: one('summary', (value) => (typeof value === 'string' ? oneLineOf(value) : null)),
    description: one('description', (value, { textLimit }) => markdownOf(value, textLimit)),
    status: (value) => {
      const key = textIn(isWire(value) ? value['statusCategory'] : null, 'key');
      return { status: nameOf(value), statusCategory: categories[key] ?? key };
    },
    parent: one('parent', (value, view) => (isWire(value) ? otherIssue(value, view) : null)),
    subtasks: one('subtasks', (value, view) => bounded(wires(value).map((issue) => otherIssue(issue, view)))),
    issuelinks: one('linkedIssues', (value, view) =>
      bounded(wires(value).flatMap((link) => linked(link, view))),
    ),
    project: one('project', (value) => ({
      key: textIn(value, 'key'),
      name: oneLineOf(textIn(value, 'name')),
    })),
    comment: one('comments', (value) => {
      const total = isWire(value) && typeof value['total'] === 'number' ? value['total'] : 0;
      const newest = wires(isWire(value) ? value['comments'] : []).slice(-searchComments);
      return { total, newest: commentsOf(newest, searchCommentChars).comments };
    }),
    worklog: one('worklog', (value) => {
      const logs = wires(isWire(value) ? value['worklogs'] : []);
      return {
        total: isWire(value) && typeof value['total'] === 'number' ? value['total'] : logs.length,
        newest: logs.slice(-worklogLimit).map((log) => ({
          author: personOf(log['author']),
          started: textIn(log, 'started'),
          timeSpent: textIn(log, 'timeSpent'),
          comment: markdownOf(log['comment'] ?? '', 1_000),
        })),
      };
    }),
    assignee: one('assignee', personOf),
    reporter: one('reporter', personOf),
    creator: one('creator', personOf),
  }),
);

export function showFields(fields: Wire, view: FieldView): JsonMap {
  const shown: Record<string, Json> = {};
  const custom: Record<string, Json> = {};
  for (const [id, value] of Object.entries(fields)) {
    if (id.startsWith('customfield_')) {
      if (value === null && !view.asked.has(id)) continue;
      const name = view.schema?.fields.find((field) => field.id === id)?.name;
      custom[id] = { ...(name === undefined ? {} : { name: oneLineOf(name) }), value: valueOf(value) };
    } else {
      Object.assign(shown, known.get(id)?.(value, view) ?? { [id]: valueOf(value) });
    }
  }
  if (Object.keys(custom).length === 0) return shown;
  const { kept, leftOut } = fitting(Object.entries(custom), customFieldChars);
  const note = `${leftOut} more custom fields are not shown; name those that you need in fields`;
  return { ...shown, customFields: kept, ...(leftOut === 0 ? {} : { customFieldsNote: note }) };
}

function otherIssue(issue: Wire, view: FieldView): JsonMap {
  const key = textIn(issue, 'key');
  if (!view.mayShow(key)) return { key, note: 'in a project that is not open to tools' };
  const fields = isWire(issue['fields']) ? issue['fields'] : {};
  return {
    key,
    summary: oneLineOf(textIn(fields, 'summary')),
    status: nameOf(fields['status']),
    issuetype: nameOf(fields['issuetype']),
  };
}

/** Read as a sentence: this issue `linkType` `key`, as `link_issues` takes it. */
function linked(link: Wire, view: FieldView): JsonMap[] {
  const { inwardIssue, outwardIssue, type } = link;
  const other = isWire(inwardIssue) ? inwardIssue : outwardIssue;
  if (!isWire(other)) return [];
  const phrase = textIn(type, isWire(inwardIssue) ? 'inward' : 'outward');
  const name = textIn(type, 'name');
  return [{ linkType: oneLineOf(phrase === '' ? name : phrase), ...otherIssue(other, view) }];
}

function wires(value: unknown): Wire[] {
  return Array.isArray(value) ? value.filter(isWire) : [];
}

function bounded(issues: readonly JsonMap[]): JsonMap[] {
  const more = issues.length - otherIssueLimit;
  return more > 0 ? [...issues.slice(0, otherIssueLimit), { note: `and ${more} more` }] : [...issues];
}
