// Writes with a key, at the loopback Jira: they are found again after a lost answer, in whatever way it was lost, and
// "not there" is only said when it is true.
import { expect, it } from 'vitest';
import type { NewIssue, NewWorklog } from '../../../../src/contract/tracker-capabilities.ts';
import { addIssue, annId, type Fault, type LoopbackJira } from '../../../loopback-jira/index.ts';
import { failure, never } from './jira-context.ts';
import { attach, loopback } from './loopback.ts';

const key = '3f0c4b1e-5a39-4d7c-9a55-2f0c9a8e7d61';
const other = '11111111-2222-4333-8444-555555555555';
const sentAtMs = Date.now();
const issue: NewIssue = { project: 'PROJ', issueType: 'Task', title: 'Made once' };
const worklog: NewWorklog = { timeSpent: '2h 30m', comment: 'done *this*', startedAtMs: 1_760_000_000_123 };

interface Written {
  readonly endpoint: string;
  readonly write: () => Promise<unknown>;
  readonly find: () => Promise<unknown>;
  /** How many there are at Jira. */
  readonly count: () => number;
}

/** `settle_ms` 0: what is not found may be called missing at once. */
async function world(
  settleMs = 0,
): Promise<{ jira: LoopbackJira; id: string; kinds: Record<string, Written> }> {
  const jira = await loopback();
  const { id } = addIssue(jira.state, 'PROJ');
  const { tracker } = attach(jira, { settings: { settle_ms: settleMs } });
  const kinds: Record<string, Written> = {
    comment: {
      endpoint: 'POST /issue/{issueIdOrKey}/comment',
      write: () => tracker.addKeyedComment(id, 'Hello', key, never),
      find: () => tracker.findKeyedComment(id, key, never),
      count: () => jira.state.commentsOf(id).length,
    },
    worklog: {
      endpoint: 'POST /issue/{issueIdOrKey}/worklog',
      write: () => tracker.addWorklog(id, worklog, key, never),
      find: () => tracker.findWorklog(id, worklog, key, never),
      count: () => (jira.state.worklogs.get(id) ?? []).length,
    },
    issue: {
      endpoint: 'POST /issue',
      write: () => tracker.createKeyedIssue(issue, key, never),
      find: () => tracker.findKeyedIssue(issue, key, sentAtMs, never),
      count: () => jira.state.issues.size - 1,
    },
  };
  return { jira, id, kinds };
}

const every = ['comment', 'worklog', 'issue'];
const lost: readonly Fault[] = [
  { kind: 'reset', at: 'after-applied' },
  { kind: 'reset', at: 'middle' },
  { kind: 'status', status: 502, applied: true },
  { kind: 'status', status: 503, headers: { 'Retry-After': '0' }, applied: true },
  { kind: 'truncated-json' },
  { kind: 'html', status: 200, applied: true },
];
const refused: readonly Fault[] = [
  { kind: 'status', status: 400 },
  { kind: 'status', status: 404 },
  { kind: 'status', status: 429, headers: { 'Retry-After': '0' } },
  { kind: 'redirect', to: 'http://127.0.0.1:9' },
];

it.each(every.flatMap((kind) => lost.map((fault) => ({ kind, fault }))))(
  'finds a $kind whose answer was lost: $fault',
  async ({ kind, fault }) => {
    const { jira, kinds } = await world();
    const { endpoint, write, find, count } = kinds[kind]!;
    jira.faults.once(endpoint, fault);
    const error = await failure(write());
    expect(error.applied).toBe('unknown');
    expect(count()).toBe(1);
    expect(await find()).not.toBeNull();
    expect(jira.requests.filter((one) => one.endpoint === endpoint).length).toBe(1);
  },
);

it.each(every.flatMap((kind) => refused.map((fault) => ({ kind, fault }))))(
  'says that a $kind was not made: $fault',
  async ({ kind, fault }) => {
    const { jira, kinds } = await world();
    const { endpoint, write, find, count } = kinds[kind]!;
    jira.faults.once(endpoint, fault);
    expect((await failure(write())).applied).toBe('no');
    expect(count()).toBe(0);
    expect(await find()).toBeNull();
  },
);

it.each(every)('answers the same %s that it made, and none for another key', async (kind) => {
  const { jira, id, kinds } = await world();
  const { write, find } = kinds[kind]!;
  const { tracker } = attach(jira, { settings: { settle_ms: 0 } });
  const made = await write();
  expect(await find()).toEqual(made);
  expect(await tracker.findKeyedComment(id, other, never)).toBeNull();
  expect(await tracker.findWorklog(id, worklog, other, never)).toBeNull();
  expect(await tracker.findKeyedIssue(issue, other, sentAtMs, never)).toBeNull();
});

it.each(every)('does not say yet that a %s is missing while Jira may be at work on it', async (kind) => {
  const { jira, kinds } = await world(600_000);
  const { endpoint, write, find, count } = kinds[kind]!;
  jira.faults.once(endpoint, { kind: 'reset', at: 'before' });
  expect((await failure(write())).applied).toBe('unknown');
  expect(count()).toBe(0);
  const error = await failure(find());
  expect([error.kind, error.applied]).toEqual(['tracker_api_error', 'unknown']);
  expect(error.message).toContain('ask again in');
});

it.each([{ kind: 'comment' }, { kind: 'worklog' }])(
  'does not say it of a $kind right after a start either: the one before may have sent it',
  async ({ kind }) => {
    const { kinds } = await world(600_000);
    expect((await failure(kinds[kind]!.find())).applied).toBe('unknown');
  },
);

it('finds an issue by its key while the search index has not seen it', async () => {
  const { jira, kinds } = await world();
  jira.settings.indexLagMs = 600_000;
  jira.faults.once('POST /issue', { kind: 'reset', at: 'after-applied' });
  await failure(kinds['issue']!.write());
  expect(await kinds['issue']!.find()).toMatchObject({ identifier: 'PROJ-2' });
});

it('finds an issue that was moved to another project at once', async () => {
  const { jira, kinds } = await world();
  jira.faults.once('POST /issue', { kind: 'reset', at: 'after-applied' });
  await failure(kinds['issue']!.write());
  const { addProject } = await import('../../../loopback-jira/index.ts');
  addProject(jira.state, 'ELSE');
  jira.people.relocate('PROJ-2', 'ELSE');
  expect(await kinds['issue']!.find()).toMatchObject({ identifier: 'ELSE-1' });
});

it('finds its comment among many others, newest first, and believes no other account', async () => {
  const { jira, id, kinds } = await world();
  const { tracker } = attach(jira, { settings: { settle_ms: 0 } });
  const made = await kinds['comment']!.write();
  for (let count = 0; count < 120; count += 1) jira.people.comment(id, 'chatter');
  expect(await kinds['comment']!.find()).toBe(made);
  const comments = jira.state.commentsOf(id);
  jira.state.comments.set(
    id,
    comments.map((one) => ({ ...one, authorId: annId })),
  );
  expect(await tracker.findKeyedComment(id, key, never)).toBeNull();
});

it('keeps comments with and without a key apart, though their text is the same', async () => {
  const { jira, id } = await world();
  const { tracker } = attach(jira, { settings: { settle_ms: 0 } });
  jira.faults.once('POST /issue/{issueIdOrKey}/comment', { kind: 'reset', at: 'after-applied' });
  await failure(tracker.addKeyedComment(id, 'Same', key, never));
  jira.faults.once('POST /issue/{issueIdOrKey}/comment', { kind: 'reset', at: 'before' });
  // Its answer is lost too; the keyed one must not be taken for it.
  await failure(tracker.addComment(id, 'Same', never));
  const plain = await tracker.addComment(id, 'Same', never);
  expect(jira.state.commentsOf(id).length).toBe(2);
  expect(await tracker.findKeyedComment(id, key, never)).not.toBe(plain);
});

it('shows people nothing of the key', async () => {
  const { jira, id, kinds } = await world();
  for (const kind of every) await kinds[kind]!.write();
  const { tracker } = attach(jira);
  expect(JSON.stringify(await tracker.fetchIssueById(id, never))).not.toContain(key);
  expect([...jira.state.issues.values()].at(-1)?.properties).toEqual({ 'sortie.write': { id: key } });
});

it('logs work in the form of Jira, and refuses what is no time before it is sent', async () => {
  const { jira, id } = await world();
  const { tracker } = attach(jira);
  await tracker.addWorklog(id, worklog, key, never);
  expect(jira.state.worklogs.get(id)?.[0]).toMatchObject({
    timeSpentSeconds: 9000,
    startedMs: worklog.startedAtMs,
    comment: { type: 'doc' },
  });
  const error = await failure(tracker.addWorklog(id, { ...worklog, timeSpent: 'an hour' }, other, never));
  expect([error.kind, error.applied]).toEqual(['tracker_payload_error', 'no']);
  expect(jira.state.worklogs.get(id)?.length).toBe(1);
});
