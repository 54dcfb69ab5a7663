// Links between issues: the direction is right for the name and for both phrases of a type, a link that is there is not
// made twice, and a type that Jira does not have is answered with those that it has.
import { expect, it } from 'vitest';
import { addBlocker, addIssue } from '../../../loopback-jira/index.ts';
import { failure, never } from './jira-context.ts';
import { attach, loopback } from './loopback.ts';

async function site() {
  const jira = await loopback();
  const refs = [1, 2].map(() => {
    const { id, key } = addIssue(jira.state, 'PROJ');
    return { id, identifier: key };
  });
  const [one, two] = refs as [(typeof refs)[0], (typeof refs)[0]];
  const { tracker } = attach(jira);
  const link = (type: string, issue = one, target = two) =>
    tracker.linkIssues({ issue, target, type }, never);
  const links = () =>
    [...jira.state.links.values()].map(({ typeId, inwardId, outwardId }) => [typeId, inwardId, outwardId]);
  const posts = () => jira.requests.filter(({ endpoint }) => endpoint === 'POST /issueLink').length;
  return { jira, tracker, one, two, link, links, posts };
}

it.each(['Blocks', 'blocks', ' BLOCKS '])('%j: the issue blocks the target', async (type) => {
  const { tracker, one, two, link, links } = await site();
  expect(await link(type)).toEqual({ wasThere: false });
  expect(links()).toEqual([['10000', one.id, two.id]]);
  const blocked = await tracker.fetchIssueById(two.id, never);
  expect(blocked.blockedBy.map(({ identifier }) => identifier)).toEqual([one.identifier]);
  expect((await tracker.fetchIssueById(one.id, never)).blockedBy).toEqual([]);
});

it('"is blocked by": the target blocks the issue', async () => {
  const { tracker, one, two, link } = await site();
  await link('is blocked by');
  const blocked = await tracker.fetchIssueById(one.id, never);
  expect(blocked.blockedBy.map(({ identifier }) => identifier)).toEqual([two.identifier]);
});

it('makes no second link, from whichever end and phrase it is asked for', async () => {
  const { one, two, link, links, posts } = await site();
  await link('blocks');
  expect(await link('blocks')).toEqual({ wasThere: true });
  expect(await link('is blocked by', two, one)).toEqual({ wasThere: true });
  expect(links().length).toBe(1);
  // The other way round is another link.
  expect(await link('blocks', two, one)).toEqual({ wasThere: false });
  expect(posts()).toBe(2);
});

it('takes a type with one phrase for both directions', async () => {
  const { one, two, link, links } = await site();
  await link('relates to');
  expect(await link('Relates', two, one)).toEqual({ wasThere: true });
  expect(links().length).toBe(1);
});

it('sees no link of another type, nor to another issue', async () => {
  const { jira, one, two, link } = await site();
  const other = addIssue(jira.state, 'PROJ');
  addBlocker(jira.state, one, other);
  addBlocker(jira.state, one, two, 'Relates');
  expect(await link('blocks')).toEqual({ wasThere: false });
});

it('lists the types that there are for one that there is not, and sends nothing', async () => {
  const { link, posts } = await site();
  const error = await failure(link('destroys'));
  expect([error.kind, error.applied]).toEqual(['tracker_payload_error', 'no']);
  expect(error.message).toContain('Blocks (blocks / is blocked by), Relates (relates to / relates to)');
  expect(posts()).toBe(0);
});

it('guesses nothing when a phrase fits two types', async () => {
  const { jira, link, posts } = await site();
  jira.state.linkTypes.set('7', { id: '7', name: 'Stops', inward: 'is stopped by', outward: 'blocks' });
  jira.state.linkTypes.delete('10000');
  jira.state.linkTypes.set('8', { id: '8', name: 'Bars', inward: 'is barred by', outward: 'blocks' });
  expect((await failure(link('blocks'))).message).toContain('2 link types');
  expect(await link('Bars')).toEqual({ wasThere: false });
  expect(posts()).toBe(1);
});

it('sends a link once, and finds it when the answer was lost', async () => {
  const { jira, link, posts } = await site();
  jira.faults.once('POST /issueLink', { kind: 'reset', at: 'after-applied' });
  expect((await failure(link('blocks'))).applied).toBe('unknown');
  expect(posts()).toBe(1);
  expect(await link('blocks')).toEqual({ wasThere: true });
});

it('is tracker_not_found for an issue that is not there', async () => {
  const { one, link } = await site();
  const gone = { id: '99999', identifier: 'PROJ-99' };
  expect((await failure(link('blocks', one, gone))).kind).toBe('tracker_not_found');
  expect((await failure(link('blocks', gone, one))).kind).toBe('tracker_not_found');
});
