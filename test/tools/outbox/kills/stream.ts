// What agents ask for in one stream, of every kind that Jira can be asked for, and what the loopback Jira must hold then.
// Jira's side is counted by hand from its state and from the order of the requests that it carried out, never by the
// word of approvals or outbox.

import type { IssueRef } from '../../../../src/contract/issue.ts';
import type { WriteAction } from '../../../../src/contract/tool-operations.ts';
import {
  addIssue,
  addUser,
  annId,
  botId,
  type LoopbackJira,
  type RecordedRequest,
} from '../../../loopback-jira/index.ts';

const KEYS = ['PROJ-1', 'PROJ-2'];
const ROUND = ['In Progress', 'In Review', 'Done', 'Backlog'];
const PEOPLE = [
  { id: annId, name: 'Ann Example' },
  { id: botId, name: 'Sortie Bot' },
  { id: null, name: null },
];

/** Something that an agent asks for and a person allows. */
export interface Order {
  /** Of the proposal. */
  readonly id: string;
  /** Those of one line are asked for one after another. */
  readonly line: string;
  /** The issue of the run that asks. */
  readonly own: IssueRef;
  readonly action: WriteAction;
}

export interface Stream {
  readonly orders: Order[];
  /** One more round of orders on every issue, and three new issues. What an order changes, no other of its round does. */
  grow(): void;
  /** One word for each change in the order of its issue, new issues and links left out. */
  wordsOf(issue: IssueRef): readonly string[];
  /** What stands in Jira when all is done: comments, worklogs, links and new issues one by one. */
  wanted(): readonly string[];
}

interface Changed {
  readonly issue: IssueRef;
  readonly words: string[];
  /** Comments and worklogs. */
  readonly entries: string[];
  readonly labels: Set<string>;
  readonly watchers: string[];
  /** Its summary, priority, assignee and state. */
  facts: readonly string[];
}

export function createStream(jira: LoopbackJira): Stream {
  const issues = KEYS.map((key, place): Changed => {
    const draft = { summary: key, status: 'Backlog', labels: ['old'], assigneeId: personAt(place + 2).id };
    const { id } = addIssue(jira.state, 'PROJ', draft);
    const issue = { id, identifier: key };
    return { issue, words: [], entries: [], labels: new Set(['old']), watchers: [], facts: [] };
  });
  const others: string[] = [];
  const orders: Order[] = [];
  let round = 0;

  function order(own: IssueRef, action: WriteAction): void {
    const line = 'issueKey' in action.details ? own.identifier : 'new';
    orders.push({ id: uuid(orders.length), line, own, action });
  }

  function growIssue(one: Changed, place: number): void {
    const { issue, words, entries, labels, watchers } = one;
    const issueKey = issue.identifier;
    const name = `r${round}i${place}`;
    const say = (text: string): string => (entries.push(text), words.push(text), text);
    order(issue, { operation: 'add_comment', details: { issueKey, body: say(`Comment ${name}`) } });

    const [summary, priority] = [`Title ${name}`, round % 2 === 0 ? 'High' : 'Low'];
    words.push(`is called ${summary}`);
    order(issue, { operation: 'update_issue', details: { issueKey, summary, priority } });

    const to = ROUND[round % ROUND.length] ?? '';
    words.push(`is moved to ${to}`);
    const comment = say(`Moved ${name}`);
    order(issue, { operation: 'transition_issue', details: { issueKey, to, comment } });

    const work = { issueKey, timeSpent: '1h', comment: say(`Work ${name}`) };
    order(issue, { operation: 'add_worklog', details: work });

    const label = `label-${name}`;
    words.push(`gets ${label}`);
    order(issue, { operation: 'add_labels', details: { issueKey, labels: [label] } });

    const person = personAt(place + round);
    words.push(`is given to ${person.id}`);
    order(issue, { operation: 'assign_issue', details: { issueKey, assignee: person.name } });

    const [old = ''] = labels;
    words.push(`loses ${old}`);
    order(issue, { operation: 'remove_labels', details: { issueKey, labels: [old] } });
    labels.delete(old);
    labels.add(label);

    if (round === 0) {
      const target = issues[(place + 1) % issues.length]?.issue ?? issue;
      const details = { issueKey, targetIssueKey: target.identifier, linkType: 'Blocks' };
      order(issue, { operation: 'link_issues', details });
      others.push(`${issue.id} blocks ${target.id}`);
    }

    const accountId = `712020:watcher-of-${name}`;
    addUser(jira.state, { accountId, displayName: `Watcher of ${name}` });
    watchers.push(accountId);
    words.push(`is watched by ${accountId}`);
    order(issue, { operation: 'add_watcher', details: { issueKey, watcher: accountId } });

    order(issue, { operation: 'add_comment', details: { issueKey, body: say(`Word ${name}`) } });
    one.facts = [summary, priority, String(person.id), to];
  }

  function growNew(own: IssueRef): void {
    const [a, b, c] = ['a', 'b', 'c'].map((part) => ({ summary: `New r${round}${part}` }));
    if (a === undefined || b === undefined || c === undefined) return;
    const place = { projectKey: 'PROJ', issueType: 'Task' };
    order(own, { operation: 'create_issues', details: { ...place, issueCount: 2, issues: [a, b] } });
    order(own, { operation: 'create_issue', details: { ...place, ...c } });
    others.push(...[a, b, c].map(({ summary }) => `new ${summary}`));
  }

  return {
    orders,
    grow() {
      for (const [place, one] of issues.entries()) growIssue(one, place);
      growNew(issues[0]?.issue ?? { id: '', identifier: '' });
      round += 1;
    },
    wordsOf: ({ id }) => issues.find(({ issue }) => issue.id === id)?.words ?? [],
    wanted: () => [
      ...others,
      ...issues.flatMap(({ issue: { id }, entries, labels, watchers, facts }) =>
        standing(id, { entries, labels, watchers, facts }),
      ),
    ],
  };
}

function personAt(place: number): (typeof PEOPLE)[number] {
  return PEOPLE[place % PEOPLE.length] ?? { id: null, name: null };
}

function uuid(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

function standing(
  id: string,
  held: {
    readonly entries: Iterable<string>;
    readonly labels: Iterable<string>;
    readonly watchers: Iterable<string>;
    readonly facts: readonly string[];
  },
): string[] {
  return [
    ...[...held.entries].map((text) => `${id} ${text}`),
    ...[...held.labels].map((label) => `${id} has ${label}`),
    ...[...held.watchers].map((watcher) => `${id} is watched by ${watcher}`),
    `${id} is ${held.facts.join(', ')}`,
  ];
}

/** What stands in Jira now, each thing as often as it is there. */
export function standingInJira({ state }: LoopbackJira): string[] {
  const words: string[] = [];
  for (const issue of state.issues.values()) {
    const { id, summary, labels, assigneeId, priorityId, statusId } = issue;
    if (summary.startsWith('New ')) {
      words.push(`new ${summary}`);
      continue;
    }
    const comments = state.commentsOf(id).map(({ body }) => textOf(body));
    const work = (state.worklogs.get(id) ?? []).map(({ comment }) => textOf(comment));
    const priority = state.priorities.find((one) => one.id === priorityId)?.name ?? '';
    const facts = [summary, priority, String(assigneeId), state.statuses.get(statusId)?.name ?? ''];
    const watchers = state.watchers.get(id) ?? [];
    words.push(...standing(id, { entries: [...comments, ...work], labels, watchers, facts }));
  }
  for (const { inwardId, outwardId } of state.links.values()) words.push(`${inwardId} blocks ${outwardId}`);
  return words;
}

/** The changes of one issue in the order in which Jira made them, by what was asked of it. */
export function wordsInJira({ state, requests }: LoopbackJira, issue: IssueRef): string[] {
  return requests
    .filter(({ applied, status }) => applied && (status ?? 200) < 300)
    .filter(({ path }) => state.findIssue(path.split('/')[2] ?? '')?.id === issue.id)
    .flatMap((request) => wordOfRequest(request) ?? []);

  function wordOfRequest({ endpoint, body }: RecordedRequest): string | null {
    const sent = body as Record<string, never>;
    switch (endpoint) {
      case 'POST /issue/{issueIdOrKey}/comment':
        return textOf(sent['body']);
      case 'POST /issue/{issueIdOrKey}/worklog':
        return textOf(sent['comment']);
      case 'POST /issue/{issueIdOrKey}/transitions':
        return `is moved to ${stateOf(sent)}`;
      case 'POST /issue/{issueIdOrKey}/watchers':
        return `is watched by ${String(body)}`;
      case 'PUT /issue/{issueIdOrKey}/assignee':
        return `is given to ${String(sent['accountId'])}`;
      case 'PUT /issue/{issueIdOrKey}':
        return edited(sent);
      default:
        return null;
    }
  }

  function stateOf(sent: unknown): string {
    const { id } = (sent as { transition: { id: string } }).transition;
    const workflow = [...state.workflows.values()].flatMap(({ transitions }) => transitions);
    const to = workflow.find((one) => one.id === id)?.to ?? '';
    return state.statuses.get(to)?.name ?? '';
  }
}

function edited(sent: unknown): string | null {
  const { fields, update } = sent as {
    readonly fields?: { readonly summary?: string };
    readonly update?: { readonly labels?: readonly { readonly add?: string; readonly remove?: string }[] };
  };
  if (fields?.summary !== undefined) return `is called ${fields.summary}`;
  const [label] = update?.labels ?? [];
  if (label?.add !== undefined) return `gets ${label.add}`;
  return label?.remove === undefined ? null : `loses ${label.remove}`;
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join('');
  if (typeof value !== 'object' || value === null) return '';
  const { text, content } = value as { text?: string; content?: unknown };
  return text ?? textOf(content);
}
