// Comments: all of them in order, and each of ours once, whatever becomes of the answers.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { me, scripted, type Reply, type Scripted } from './scripted-jira.ts';
import { failure, never } from './jira-context.ts';

interface Stored {
  readonly id: string;
  readonly author: { readonly accountId: string; readonly displayName: string };
  readonly body: unknown;
  readonly created: string;
}

type Fate = 'ok' | 'lost before' | 'lost after' | 'fails after' | 'cut after' | 'refused';

/** A Jira that keeps comments, and does to the answers of writes what `fates` says, in turn. */
async function commentsOf(
  fates: Fate[] = [],
  pageSize = 50,
): Promise<
  Scripted & { stored: Stored[]; add: (body: unknown, accountId?: string, created?: string) => void }
> {
  const stored: Stored[] = [];
  const add = (body: unknown, accountId = me.accountId, created = new Date().toISOString()): void => {
    stored.push({ id: String(500 + stored.length), author: { accountId, displayName: 'A' }, body, created });
  };
  const write = (body: unknown): Reply => {
    const fate = fates.shift() ?? 'ok';
    if (fate === 'lost before') return 'lost';
    if (fate === 'refused') return { status: 400 };
    add(body);
    if (fate === 'lost after') return 'lost';
    if (fate === 'fails after') return { status: 503 };
    return { status: 201, body: fate === 'cut after' ? 'no comment' : stored.at(-1) };
  };
  const made = await scripted(({ method, path, query, body }) => {
    if (!path.endsWith('/comment')) return null;
    if (method === 'POST') return write((body as { body: unknown }).body);
    const all = query.get('orderBy') === '-created' ? stored.toReversed() : stored;
    const startAt = Number(query.get('startAt'));
    const comments = all.slice(startAt, startAt + Math.min(pageSize, Number(query.get('maxResults'))));
    return { body: { startAt, total: all.length, comments } };
  });
  return { ...made, stored, add };
}

const text = (words: string): object => ({
  type: 'doc',
  version: 1,
  content: [{ type: 'paragraph', content: [{ type: 'text', text: words }] }],
});

it('asks as the seed says and reads all pages, oldest first', async () => {
  const { tracker, asked, add } = await commentsOf();
  for (let number = 0; number < 120; number += 1) add(text(`comment ${number}`));
  const comments = await tracker.fetchIssueComments('7', never);
  expect(comments.map(({ body }) => body)).toEqual(Array.from({ length: 120 }, (_, at) => `comment ${at}`));
  expect(asked.map(({ query }) => Object.fromEntries(query))).toEqual(
    [0, 50, 100].map((startAt) => ({ startAt: String(startAt), maxResults: '50', orderBy: 'created' })),
  );
});

it('reads all whatever the sizes of pages are', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 60 }),
      fc.integer({ min: 0, max: 30 }),
      async (size, count) => {
        const { tracker, add } = await commentsOf([], size);
        for (let number = 0; number < count; number += 1) add(text(String(number)));
        expect((await tracker.fetchIssueComments('7', never)).length).toBe(count);
      },
    ),
    { numRuns: 15 },
  );
});

it.each(['lost after', 'fails after', 'cut after'] as const)(
  'finds its comment when the answer was %s',
  async (fate) => {
    const { tracker, stored } = await commentsOf([fate]);
    expect(await tracker.addComment('7', '**done** by `us`', never)).toBe('500');
    expect(stored.length).toBe(1);
  },
);

it('fails when the comment did not arrive; the next try looks first, then writes it', async () => {
  const { tracker, stored } = await commentsOf(['lost before']);
  expect((await failure(tracker.addComment('7', 'hello', never))).kind).toBe('tracker_transport_error');
  expect(stored.length).toBe(0);
  await tracker.addComment('7', 'hello', never);
  expect(stored.length).toBe(1);
});

it('takes an older comment with the same text, a person’s or a known one, for none of its own', async () => {
  const { tracker, stored, add } = await commentsOf(['ok', 'lost before']);
  add(text('again'), me.accountId, '2020-01-01T00:00:00.000+0000');
  add(text('again'), 'somebody');
  const first = await tracker.addComment('7', 'again', never);
  expect(first).toBe('502');
  expect((await failure(tracker.addComment('7', 'again', never))).kind).toBe('tracker_transport_error');
  expect(await tracker.addComment('7', 'again', never)).toBe('503');
  expect(stored.length).toBe(4);
});

it('writes no comment twice, whatever happens to the answers and however often it is tried', async () => {
  const fate = fc.constantFrom<Fate>(
    'ok',
    'lost before',
    'lost after',
    'fails after',
    'cut after',
    'refused',
  );
  await fc.assert(
    fc.asyncProperty(fc.array(fate, { maxLength: 6 }), async (fates) => {
      const { tracker, stored } = await commentsOf([...fates]);
      for (let tries = 0; tries <= fates.length; tries += 1) {
        const id = await tracker.addComment('7', 'one and only', never).catch(() => null);
        if (id !== null) break;
      }
      expect(stored.length).toBe(1);
    }),
    { numRuns: 40 },
  );
});

it('finds the newest comment of ours that holds a marker, in its text or a link', async () => {
  const { tracker, add } = await commentsOf();
  const link = { type: 'link', attrs: { href: 'https://x/#sortie-living' } };
  add(text('old sortie-living'));
  add({
    type: 'doc',
    version: 1,
    content: [{ type: 'paragraph', content: [{ type: 'text', text: 'x', marks: [link] }] }],
  });
  add(text('sortie-living, says somebody'), 'somebody');
  expect(await tracker.findOwnComment('7', 'sortie-living', never)).toBe('501');
  expect(await tracker.findOwnComment('7', 'nowhere', never)).toBeNull();
});

it('edits a comment without notifying anybody, and says when it is gone', async () => {
  const { tracker, asked } = await scripted(({ path }) =>
    path.endsWith('/comment/500') ? { body: { id: '500' } } : null,
  );
  await tracker.editComment('7', '500', 'new *text*', never);
  expect(asked[0]).toMatchObject({
    method: 'PUT',
    path: '/rest/api/3/issue/7/comment/500',
    body: { body: { type: 'doc' } },
  });
  expect(asked[0]?.query.get('notifyUsers')).toBe('false');
  expect((await failure(tracker.editComment('7', '501', 'x', never))).kind).toBe('tracker_not_found');
});

it('cuts a text that Jira would refuse for its length', async () => {
  const { tracker, stored } = await commentsOf();
  await tracker.addComment('7', `${'word '.repeat(20_000)}`, never);
  expect(JSON.stringify(stored[0]?.body).length).toBeLessThan(35_000);
});
