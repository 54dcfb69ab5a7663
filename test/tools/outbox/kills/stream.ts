// The writes of one stream, and the same again as the loopback Jira holds them: counted by hand from its state and from
// the order of the requests that it carried out, never by the outbox's own word.

import type { TrackerWrite } from '../../../../src/contract/tracker-write.ts';
import type { NewWrite } from '../../../../src/tools/ports.ts';
import { addIssue, type LoopbackJira, type RecordedRequest } from '../../../loopback-jira/index.ts';

const KEYS = ['PROJ-1', 'PROJ-2', 'PROJ-3'];
const ROUND = ['In Progress', 'In Review', 'Done', 'Backlog'];

export interface Stream {
  readonly writes: NewWrite[];
  /** One more round of writes on every issue, and two new issues. */
  grow(): void;
}

export function createStream(jira: LoopbackJira): Stream {
  const issues = KEYS.map((key) => {
    const { id } = addIssue(jira.state, 'PROJ', { summary: key, status: 'Backlog' });
    return { id, identifier: key };
  });
  const writes: NewWrite[] = [];
  let round = 0;

  function add(lane: string, write: TrackerWrite): void {
    const issue = 'identifier' in write.issue ? write.issue : { id: 'new', identifier: '' };
    writes.push({
      id: uuid(writes.length),
      lane,
      runId: 'run',
      issue,
      approvalId: null,
      write,
      before: null,
    });
  }

  return {
    writes,
    grow() {
      const from = ROUND[(round + 3) % 4] ?? '';
      const toState = ROUND[round % 4] ?? '';
      for (const [place, issue] of issues.entries()) {
        const lane = `issue:${issue.id}`;
        const name = `r${round}i${place}`;
        const target = issues[(place + 1) % issues.length] ?? issue;
        const startedAtMs = Date.UTC(2026, 0, 1) + round * 3_600_000;
        add(lane, { operation: 'add_comment', issue, body: `Comment ${name}` });
        add(lane, { operation: 'transition_issue', issue, toState, from: [from], transition: '' });
        add(lane, { operation: 'add_worklog', issue, timeSpent: '1h', comment: `Work ${name}`, startedAtMs });
        add(lane, { operation: 'add_labels', issue, labels: [`label-${name}`] });
        if (round === 0) add(lane, { operation: 'link_issues', issue, target, linkType: 'Blocks' });
        add(lane, { operation: 'add_comment', issue, body: `Word ${name}` });
      }
      for (const part of ['a', 'b']) {
        const issue = { project: 'PROJ', issueType: 'Task', title: `New r${round}${part}` };
        add(`new:${round}`, { operation: 'create_issue', issue });
      }
      round += 1;
    },
  };
}

function uuid(number: number): string {
  return `00000000-0000-4000-8000-${String(number).padStart(12, '0')}`;
}

/** One word for each write. */
export function wordOf({ write }: NewWrite): string {
  switch (write.operation) {
    case 'add_comment':
      return `${write.issue.id} ${write.body}`;
    case 'add_worklog':
      return `${write.issue.id} ${write.comment}`;
    case 'transition_issue':
      return `${write.issue.id} to ${write.toState}`;
    case 'add_labels':
      return `${write.issue.id} ${write.labels.join()}`;
    case 'link_issues':
      return `${write.issue.id} blocks ${write.target.id}`;
    case 'create_issue':
      return `new ${write.issue.title}`;
    default:
      throw new Error(`the stream has no ${write.operation}`);
  }
}

/** What stands in Jira now, each thing as often as it is there. */
export function wordsInJira({ state }: LoopbackJira): string[] {
  const words: string[] = [];
  for (const issue of state.issues.values()) {
    if (issue.summary.startsWith('New ')) words.push(`new ${issue.summary}`);
    for (const { body } of state.commentsOf(issue.id)) words.push(`${issue.id} ${textOf(body)}`);
    for (const log of state.worklogs.get(issue.id) ?? []) words.push(`${issue.id} ${textOf(log.comment)}`);
    for (const label of issue.labels) words.push(`${issue.id} ${label}`);
  }
  for (const { inwardId, outwardId } of state.links.values()) words.push(`${inwardId} blocks ${outwardId}`);
  return words;
}

/** The changes in the order in which Jira made them, by what was asked of it. */
export function wordsOfRequests({ state, requests }: LoopbackJira): string[] {
  return requests
    .filter(({ applied, status }) => applied && (status ?? 200) < 300)
    .flatMap((request) => {
      const word = wordOfRequest(request);
      const id = state.findIssue(request.path.split('/')[2] ?? '')?.id ?? '';
      return word === null ? [] : [`${id} ${word}`];
    });

  function wordOfRequest({ endpoint, method, body }: RecordedRequest): string | null {
    const sent = body as Record<string, never>;
    if (endpoint === 'POST /issue/{issueIdOrKey}/comment') return textOf(sent['body']);
    if (endpoint === 'POST /issue/{issueIdOrKey}/worklog') return textOf(sent['comment']);
    if (endpoint === 'POST /issue/{issueIdOrKey}/transitions') return `to ${stateOf(sent)}`;
    if (method !== 'PUT') return null;
    return (sent as { update?: { labels?: { add: string }[] } }).update?.labels?.[0]?.add ?? null;
  }

  function stateOf(sent: unknown): string {
    const { id } = (sent as { transition: { id: string } }).transition;
    const workflow = [...state.workflows.values()].flatMap(({ transitions }) => transitions);
    const to = workflow.find((one) => one.id === id)?.to ?? '';
    return state.statuses.get(to)?.name ?? '';
  }
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return value.map(textOf).join('');
  if (typeof value !== 'object' || value === null) return '';
  const { text, content } = value as { text?: string; content?: unknown };
  return text ?? textOf(content);
}
