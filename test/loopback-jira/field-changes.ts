// What a body's `fields` and `update` mean for an issue: each value is checked and turned into a part of its
// record. All that is wrong is collected by field, as Jira answers it; nothing is changed here.
import { checkAdf } from './adf/check.ts';
import { message, type Message } from './messages.ts';
import type { Adf, IssueRecord } from './model.ts';
import type { Site } from './site.ts';

export interface FieldsAndUpdate {
  readonly fields?: Readonly<Record<string, unknown>> | undefined;
  readonly update?: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> | undefined;
}

type Partly = { -readonly [K in keyof IssueRecord]?: IssueRecord[K] };

export interface Changes {
  readonly record: Partly;
  /** Bodies of comments to add. */
  readonly comments: readonly Adf[];
  readonly errors: Record<string, Message>;
  /** What the client did wrong, in words; null when nothing. */
  readonly problem: string | null;
}

/** `allowed`: the fields of the screen. `current`: null for an issue that is not there yet. */
export function readChanges(
  site: Site,
  body: FieldsAndUpdate,
  allowed: ReadonlySet<string>,
  current: IssueRecord | null,
): Changes {
  const record: Partly = {};
  const comments: Adf[] = [];
  const errors: Record<string, Message> = {};
  const problems: string[] = [];
  const refuse = (id: string, reason: Message, text: string): void => {
    errors[id] = reason;
    problems.push(`${id}: ${text}`);
  };
  const set = (id: string, value: unknown): void => {
    const read = readValue(site, id, value);
    if ('reason' in read) refuse(id, read.reason, read.text);
    else if (id.startsWith('customfield_')) {
      record.custom = { ...(record.custom ?? current?.custom), [id]: value };
    } else Object.assign(record, read.record);
  };
  for (const [id, value] of Object.entries(body.fields ?? {})) {
    if (!allowed.has(id)) refuse(id, message('notOnScreen', id), 'not on the screen');
    else if (body.update?.[id]) refuse(id, message('fieldTwice', id), 'in fields and in update');
    else set(id, value);
  }
  for (const [id, operations] of Object.entries(body.update ?? {})) {
    if (!allowed.has(id)) {
      refuse(id, message('notOnScreen', id), 'not on the screen');
      continue;
    }
    for (const operation of operations) {
      const [verb = '', value] = Object.entries(operation)[0] ?? [];
      if (id === 'comment' && verb === 'add') {
        const document = (value as { body?: unknown } | null)?.body;
        const problem = checkAdf(document);
        if (problem === null) comments.push(document as Adf);
        else refuse(id, message('commentBody'), problem);
      } else if ((id === 'labels' || id === 'components') && (verb === 'add' || verb === 'remove')) {
        const read = readValue(site, id, [value]);
        if ('reason' in read) refuse(id, read.reason, read.text);
        else {
          const [item = ''] = read.record[id] ?? [];
          const before = record[id] ?? current?.[id] ?? [];
          const without = before.filter((other) => other !== item);
          record[id] = verb === 'add' ? [...without, item] : without;
        }
      } else if (verb === 'set') set(id, value);
      else refuse(id, message('badValue', id), `no "${verb}" for this field`);
    }
  }
  return { record, comments, errors, problem: problems.length === 0 ? null : problems.join('; ') };
}

type Read = { readonly record: Partly } | { readonly reason: Message; readonly text: string };

function readValue(site: Site, id: string, value: unknown): Read {
  const bad = (text: string, reason: Message = message('badValue', id)): Read => ({ reason, text });
  const { state } = site;
  switch (id) {
    case 'summary':
      if (typeof value !== 'string' || value.trim() === '')
        return bad('no text', message('required', 'Summary'));
      if (value.length > 255) return bad('longer than 255', message('tooLong', 255));
      return /[\r\n]/.test(value) ? bad('more than one line') : { record: { summary: value } };
    case 'description': {
      if (value === null) return { record: { description: null } };
      const problem = checkAdf(value);
      if (problem !== null) return bad(problem, message('notDocument'));
      return { record: { description: value as Adf } };
    }
    case 'labels': {
      if (!isStrings(value)) return bad('not a list of strings');
      const spaced = value.find((label) => /\s/.test(label));
      if (spaced !== undefined) return bad('a label with spaces', message('labelSpaces', spaced));
      if (value.some((label) => label === '' || label.length > 255)) return bad('an empty or too long label');
      return { record: { labels: [...new Set(value)] } };
    }
    case 'components': {
      const names = Array.isArray(value) ? value.map((item) => property(item, 'name')) : [];
      if (!Array.isArray(value) || !isStrings(names)) return bad('not a list of { name }');
      return { record: { components: names } };
    }
    case 'priority': {
      if (value === null) return { record: { priorityId: null } };
      const found = state.priorities.find((one) => isNamed(value, one));
      return found ? { record: { priorityId: found.id } } : bad('no such priority');
    }
    case 'assignee':
    case 'reporter': {
      const key = id === 'assignee' ? 'assigneeId' : 'reporterId';
      if (value === null) return { record: { [key]: null } };
      const accountId = property(value, 'accountId') ?? property(value, 'id');
      if (typeof accountId !== 'string') return bad('people are given by accountId');
      return state.users.has(accountId) ? { record: { [key]: accountId } } : bad('no such user');
    }
    case 'issuetype': {
      const found = [...state.issueTypes.values()].find((one) => isNamed(value, one));
      return found ? { record: { issueTypeId: found.id } } : bad('no such issue type');
    }
    case 'project': {
      const idOrKey = property(value, 'id') ?? property(value, 'key');
      const found = typeof idOrKey === 'string' ? state.findProject(idOrKey) : null;
      return found ? { record: { projectId: found.id } } : bad('no such project');
    }
    case 'parent': {
      if (value === null) return { record: { parentId: null } };
      const idOrKey = property(value, 'id') ?? property(value, 'key');
      const found = typeof idOrKey === 'string' ? state.findIssue(idOrKey) : null;
      return found ? { record: { parentId: found.id } } : bad('no such issue');
    }
    case 'resolution': {
      const name = property(value, 'name');
      const byId = state.resolutions[Number(property(value, 'id')) - 1];
      const found = byId ?? state.resolutions.find((one) => one === name);
      return found === undefined ? bad('no such resolution') : { record: { resolution: found } };
    }
    case 'duedate':
      if (value === null) return { record: { dueDate: null } };
      if (typeof value !== 'string' || !/^\d{4}-\d{2}-\d{2}$/.test(value)) return bad('not yyyy-mm-dd');
      return { record: { dueDate: value } };
    default:
      return id.startsWith('customfield_') ? { record: {} } : bad('not a field that can be set');
  }
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function isNamed(value: unknown, { id, name }: { id: string; name: string }): boolean {
  return (
    property(value, 'id') === id || (property(value, 'id') === undefined && property(value, 'name') === name)
  );
}

function isStrings(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
