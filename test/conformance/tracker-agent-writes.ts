// Rules for what agents' tools and the outbox stand on, where the adapter has it: a write with a key is found again by
// that key and by no other, a failed write says truthfully whether it was applied, and what is repeated does no harm.
import assert from 'node:assert/strict';
import { TrackerError } from '../../src/contract/tracker.ts';
import {
  canDescribeSchema,
  canKeyComments,
  canKeyIssues,
  canLink,
  canListTransitions,
  canLogWork,
  canNamePeople,
  canReadFields,
  canWatch,
  type NewWorklog,
} from '../../src/contract/tracker-capabilities.ts';
import type { TrackerCase } from './tracker.ts';
import { rejectsWith } from './tracker-failures.ts';

const never = new AbortController().signal;
const key = '3f0c4b1e-5a39-4d7c-9a55-2f0c9a8e7d61';
const other = '9b2d1c60-0000-4000-8000-000000000001';
const worklog: NewWorklog = { timeSpent: '1h 30m', comment: 'work', startedAtMs: 1_790_000_000_000 };

/** Null, or "cannot be said (yet)": never something that is not there. */
async function notFound(find: Promise<unknown>): Promise<void> {
  try {
    assert.equal(await find, null);
  } catch (error) {
    if (!(error instanceof TrackerError) || error.applied !== 'unknown') throw error;
  }
}

async function refusal(write: Promise<unknown>): Promise<TrackerError> {
  const error = await write.then(
    () => assert.fail('it must fail'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof TrackerError, `not a TrackerError: ${String(error)}`);
  return error;
}

const refOf = (id: string) => ({ id, identifier: `DEMO-${id.slice(-1)}` });

export const agentWriteCases: readonly TrackerCase[] = [
  {
    name: 'a comment with a key is found again by its key and on its issue alone',
    async check({ adapter }) {
      if (!canKeyComments(adapter)) return;
      await notFound(adapter.findKeyedComment('10003', key, never));
      const id = await adapter.addKeyedComment('10003', 'hello', key, never);
      const comments = await adapter.fetchIssueComments('10003', never);
      assert.deepEqual(
        comments.map((comment) => [comment.id, comment.body]),
        [[id, 'hello']],
      );
      assert.equal(await adapter.findKeyedComment('10003', key, never), id);
      await notFound(adapter.findKeyedComment('10003', other, never));
      await notFound(adapter.findKeyedComment('10001', key, never));
    },
  },
  {
    name: 'comments with keys and the same text are told apart',
    async check({ adapter }) {
      if (!canKeyComments(adapter)) return;
      const ids = [];
      for (const one of [key, other]) ids.push(await adapter.addKeyedComment('10003', 'same', one, never));
      assert.notEqual(ids[0], ids[1]);
      assert.equal(await adapter.findKeyedComment('10003', key, never), ids[0]);
      assert.equal(await adapter.findKeyedComment('10003', other, never), ids[1]);
    },
  },
  {
    name: 'a comment with a key on an unknown issue is tracker_not_found, and surely not written',
    async check({ adapter }) {
      if (!canKeyComments(adapter)) return;
      const error = await refusal(adapter.addKeyedComment('99999', 'hello', key, never));
      assert.deepEqual([error.kind, error.applied], ['tracker_not_found', 'no']);
      await rejectsWith(adapter.findKeyedComment('99999', key, never), 'tracker_not_found');
    },
  },
  {
    name: 'a comment with a key that fails with the tracker is not written when it says so, nor when it was aborted',
    async check({ adapter, fail, heal }) {
      if (!canKeyComments(adapter)) return;
      const aborted = adapter.addKeyedComment('10003', 'hello', other, AbortSignal.abort());
      await assert.rejects(aborted, { name: 'AbortError' });
      await fail();
      const error = await refusal(adapter.addKeyedComment('10003', 'hello', key, never));
      await rejectsWith(adapter.findKeyedComment('10003', key, never));
      await heal();
      const comments = await adapter.fetchIssueComments('10003', never);
      if (error.applied === 'no') assert.deepEqual(comments, []);
      if (comments.length === 0) await notFound(adapter.findKeyedComment('10003', key, never));
    },
  },
  {
    name: 'a transition that is refused says that it was not applied',
    async check({ adapter, unreachableStateOf }) {
      const guarded = adapter.transitionIssue('10001', 'In Review', { from: ['Done'] }, never);
      assert.equal((await refusal(guarded)).applied, 'no');
      const state = unreachableStateOf('10001');
      if (state === null) return;
      assert.equal((await refusal(adapter.transitionIssue('10001', state, {}, never))).applied, 'no');
    },
  },
  {
    name: 'a transition that fails with the tracker has not moved the issue when it says so',
    async check({ adapter, fail, heal, stateOf }) {
      await fail();
      const error = await refusal(adapter.transitionIssue('10001', 'In Review', {}, never));
      await heal();
      if (error.applied === 'no') assert.equal(await stateOf('10001'), 'To Do');
    },
  },
  {
    name: 'an issue that was made with a key is found again by its key',
    async check({ adapter, newIssue }) {
      if (!canKeyIssues(adapter) || newIssue === undefined) return;
      const sentAtMs = Date.now();
      const made = await adapter.createKeyedIssue(newIssue, key, never);
      assert.equal((await adapter.fetchIssueById(made.id, never)).title, newIssue.title);
      assert.deepEqual(await adapter.findKeyedIssue(newIssue, key, sentAtMs, never), made);
      const second = await adapter.createKeyedIssue(newIssue, other, never);
      assert.notEqual(second.id, made.id);
      assert.deepEqual(await adapter.findKeyedIssue(newIssue, key, sentAtMs, never), made);
    },
  },
  {
    name: 'an issue with a key that was not made is not found, or that cannot be said yet',
    async check({ adapter, newIssue, fail, heal }) {
      if (!canKeyIssues(adapter) || newIssue === undefined) return;
      const sentAtMs = Date.now();
      await adapter.createKeyedIssue(newIssue, other, never);
      await notFound(adapter.findKeyedIssue(newIssue, key, sentAtMs, never));
      await fail();
      await rejectsWith(adapter.createKeyedIssue(newIssue, key, never));
      await rejectsWith(adapter.findKeyedIssue(newIssue, key, sentAtMs, never));
      await heal();
    },
  },
  {
    name: 'work that was logged with a key is found again by its key',
    async check({ adapter }) {
      if (!canLogWork(adapter)) return;
      await notFound(adapter.findWorklog('10001', worklog, key, never));
      const id = await adapter.addWorklog('10001', worklog, key, never);
      const second = await adapter.addWorklog('10001', worklog, other, never);
      assert.notEqual(second, id);
      assert.equal(await adapter.findWorklog('10001', worklog, key, never), id);
      const error = await refusal(adapter.addWorklog('99999', worklog, key, never));
      assert.deepEqual([error.kind, error.applied], ['tracker_not_found', 'no']);
    },
  },
  {
    name: 'a link is made once, reads from its issue to its target, and needs a type that there is',
    async check({ adapter }) {
      if (!canLink(adapter)) return;
      const ends = { issue: refOf('10003'), target: refOf('10004') };
      const unknown = await refusal(adapter.linkIssues({ ...ends, type: 'no such type of link' }, never));
      assert.deepEqual([unknown.kind, unknown.applied], ['tracker_payload_error', 'no']);
      const types = canDescribeSchema(adapter) ? (await adapter.discoverSchema(never)).linkTypes : [];
      const [first] = types ?? [];
      if (first === undefined) return;
      const link = { ...ends, type: first.outward };
      assert.deepEqual(await adapter.linkIssues(link, never), { wasThere: false });
      assert.deepEqual(await adapter.linkIssues(link, never), { wasThere: true });
      const reversed = { issue: ends.target, target: ends.issue, type: first.inward };
      assert.deepEqual(await adapter.linkIssues(reversed, never), { wasThere: true });
    },
  },
  {
    name: 'each transition that is listed leads where it says, by its name',
    async check({ adapter, stateOf }) {
      if (!canListTransitions(adapter)) return;
      const listed = await adapter.listTransitions('10001', never);
      const way = listed.find(({ toState }) => toState === 'In Review');
      assert.ok(way, 'In Review can be reached');
      await adapter.transitionIssue('10001', way.toState, { transition: way.name }, never);
      assert.equal(await stateOf('10001'), 'In Review');
      await rejectsWith(adapter.listTransitions('99999', never), 'tracker_not_found');
    },
  },
  {
    name: 'field values are those of the issue, under the names of the changes and no others',
    async check({ adapter }) {
      if (!canReadFields(adapter)) return;
      const { title } = await adapter.fetchIssueById('10001', never);
      assert.deepEqual(await adapter.readFields('10001', { title: `${title} else` }, never), { title });
      assert.deepEqual(await adapter.readFields('10001', {}, never), {});
      await rejectsWith(adapter.readFields('99999', { title }, never), 'tracker_not_found');
    },
  },
  {
    name: 'people and watchers that do not exist are refused',
    async check({ adapter }) {
      if (canNamePeople(adapter)) {
        await rejectsWith(adapter.getUser('no such account', never), 'tracker_not_found');
        const projects = await adapter.listProjects(1, never);
        assert.ok(projects.length <= 1, 'no more than were asked for');
      }
      if (!canWatch(adapter)) return;
      assert.equal((await refusal(adapter.addWatcher('99999', 'no such account', never))).applied, 'no');
    },
  },
];
