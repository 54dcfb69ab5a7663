// Rules for transitions and, where the adapter has it, comments: done or refused, never half, and never against
// what a person has just decided.
import assert from 'node:assert/strict';
import { canComment } from '../../src/contract/tracker-capabilities.ts';
import type { TrackerCase } from './tracker.ts';
import { rejectsWith } from './tracker-failures.ts';

const never = new AbortController().signal;

const awkwardBody = 'Line 1\n\n- "quoted" \\ back\tslash\n- ünïcode, 漢字, 🎉, \u2028 and {{ braces }}';

export const writeCases: readonly TrackerCase[] = [
  {
    name: 'a transition moves the issue, in the tracker and in every later answer',
    async check({ adapter, stateOf }) {
      await adapter.transitionIssue('10001', 'In Review', {}, never);
      assert.equal(await stateOf('10001'), 'In Review');
      assert.equal((await adapter.fetchIssueById('10001', never)).state, 'In Review');
      const candidates = await adapter.fetchCandidateIssues(never);
      assert.deepEqual(
        candidates.map(({ id }) => id),
        ['10002'],
      );
    },
  },
  {
    name: 'a transition leaves the rest of the issue and all other issues alone',
    async check({ adapter }) {
      const before = await adapter.fetchIssueById('10001', never);
      const others = await adapter.fetchIssueStatesByIds(['10002', '10003', '10004'], never);
      await adapter.transitionIssue('10001', 'Done', {}, never);
      const after = await adapter.fetchIssueById('10001', never);
      assert.deepEqual({ ...after, state: '', updatedAt: '' }, { ...before, state: '', updatedAt: '' });
      assert.deepEqual(await adapter.fetchIssueStatesByIds(['10002', '10003', '10004'], never), others);
    },
  },
  {
    name: '`from` lets the transition through when the issue is in one of its states, in any case',
    async check({ adapter, stateOf }) {
      await adapter.transitionIssue('10001', 'In Review', { from: ['in progress', 'TO DO'] }, never);
      assert.equal(await stateOf('10001'), 'In Review');
    },
  },
  {
    name: '`from` refuses when a person has moved the issue, and leaves it there',
    async check({ adapter, setState, stateOf }) {
      await adapter.fetchIssueById('10001', never);
      await setState('10001', 'Done');
      const refused = adapter.transitionIssue(
        '10001',
        'In Review',
        { from: ['To Do', 'In Progress'] },
        never,
      );
      await rejectsWith(refused, 'tracker_payload_error');
      assert.equal(await stateOf('10001'), 'Done');
    },
  },
  {
    name: 'a state that no transition leads to is tracker_payload_error',
    async check({ adapter, unreachableStateOf, stateOf }) {
      const state = unreachableStateOf('10001');
      if (state === null) return;
      await rejectsWith(adapter.transitionIssue('10001', state, {}, never), 'tracker_payload_error');
      assert.equal(await stateOf('10001'), 'To Do');
    },
  },
  {
    name: 'transitions of different issues at the same time are all done',
    async check({ adapter, stateOf }) {
      const ids = ['10001', '10002', '10003', '10004'];
      await Promise.all(ids.map((id) => adapter.transitionIssue(id, 'In Review', {}, never)));
      for (const id of ids) assert.equal(await stateOf(id), 'In Review');
    },
  },
  {
    name: 'a comment is added at the end, with an id of its own and its text unharmed',
    async check({ adapter, richComments }) {
      if (!canComment(adapter)) return;
      const id = await adapter.addComment('10001', awkwardBody, never);
      const comments = await adapter.fetchIssueComments('10001', never);
      assert.equal(comments.length, 4);
      assert.equal(comments.at(-1)?.id, id);
      const body = comments.at(-1)?.body ?? '';
      if (richComments === true) assert.deepEqual(wordsOf(body), wordsOf(awkwardBody));
      else assert.equal(body, awkwardBody);
      assert.equal(new Set(comments.map((comment) => comment.id)).size, 4, 'ids must differ');
    },
  },
  {
    name: 'a first comment is added',
    async check({ adapter }) {
      if (!canComment(adapter)) return;
      await adapter.addComment('10003', 'hello', never);
      assert.deepEqual(
        (await adapter.fetchIssueById('10003', never)).comments?.map(({ body }) => body),
        ['hello'],
      );
    },
  },
  {
    name: 'comments at the same time are all kept, each with its own id',
    async check({ adapter }) {
      if (!canComment(adapter)) return;
      const bodies = ['one', 'two', 'three', 'four', 'five'];
      const ids = await Promise.all(bodies.map((body) => adapter.addComment('10003', body, never)));
      const comments = await adapter.fetchIssueComments('10003', never);
      assert.deepEqual(comments.map(({ body }) => body).sort(), bodies.toSorted());
      assert.deepEqual(comments.map(({ id }) => id).sort(), ids.toSorted());
    },
  },
  {
    name: 'a comment on an unknown issue is tracker_not_found, and an aborted or failed one is not written',
    async check({ adapter, fail, heal }) {
      if (!canComment(adapter)) return;
      await rejectsWith(adapter.addComment('99999', 'hello', never), 'tracker_not_found');
      await assert.rejects(adapter.addComment('10003', 'hello', AbortSignal.abort()), { name: 'AbortError' });
      await fail();
      await rejectsWith(adapter.addComment('10003', 'hello', never));
      await heal();
      assert.deepEqual(await adapter.fetchIssueComments('10003', never), []);
    },
  },
];

/** What rich text keeps of Markdown: everything but markup and white space. */
function wordsOf(text: string): string[] {
  return text.match(/[\p{L}\p{N}\p{Emoji_Presentation}]+/gu) ?? [];
}
