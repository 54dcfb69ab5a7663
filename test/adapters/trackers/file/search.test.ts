// Searching the file: what a query finds, page by page, and what it refuses.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { failure, never, record, withIssues } from './issues-file.ts';

const issues = [
  record(1, { identifier: 'DEMO-1', title: 'Fix the login', labels: ['Urgent', 'back end'], state: 'To Do' }),
  record(2, {
    identifier: 'DEMO-2',
    title: 'Login page',
    description: 'It fails: 100% "broken".',
    state: 'In Progress',
  }),
  record(3, {
    identifier: 'ELSE-3',
    title: 'ÄNDERN',
    description: 'see https://example.com/a:b',
    state: 'Done',
  }),
];

it.each([
  ['', [1, 2, 3]],
  ['  login ', [1, 2]],
  ['LOGIN page', [2]],
  ['"the login"', [1]],
  ['page login', [2]],
  ['state:"in progress"', [2]],
  ['STATE:done', [3]],
  ['state:do', []],
  ['label:urgent', [1]],
  ['label:"Back End" login', [1]],
  ['label:back', []],
  ['urgent', [1]],
  ['ändern', [3]],
  ['demo-', [1, 2]],
  ['progress', [2]],
  ['https://example.com/a:b', [3]],
  ['100%', [2]],
  ['.*', []],
  ['login state:done', []],
])('%j finds %j', async (query, numbers) => {
  await withIssues(issues, async (file) => {
    const page = await file.tracker().searchIssues(query, { limit: 10 }, never);
    expect(page.issues.map(({ id }) => Number(id))).toEqual(numbers);
    expect(page.nextCursor).toBeNull();
    expect(page.issues.every(({ comments }) => comments === null)).toBe(true);
  });
});

it('stays within the projects that are named, which are what stands before the last dash', async () => {
  await withIssues(issues, async (file) => {
    const tracker = file.tracker();
    const keys = async (projects: string[]): Promise<string[]> =>
      (await tracker.searchIssues('', { limit: 10, projects }, never)).issues.map((one) => one.identifier);
    expect(await keys(['ELSE'])).toEqual(['ELSE-3']);
    expect(await keys(['ELSE', 'DEMO'])).toEqual(['DEMO-1', 'DEMO-2', 'ELSE-3']);
    expect(await keys(['NONE'])).toEqual([]);
  });
});

it('gives each issue once, whatever the page size', async () => {
  const many = Array.from({ length: 23 }, (_, index) => record(index + 1, { title: `T ${index % 3}` }));
  await withIssues(many, async (file) => {
    const tracker = file.tracker();
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 30 }),
        fc.constantFrom('', '"T 1"'),
        async (limit, query) => {
          const found: string[] = [];
          let cursor: string | undefined;
          do {
            const page = await tracker.searchIssues(query, { limit, cursor }, never);
            expect(page.issues.length).toBeLessThanOrEqual(limit);
            found.push(...page.issues.map(({ id }) => id));
            cursor = page.nextCursor ?? undefined;
          } while (cursor !== undefined);
          const all = await tracker.searchIssues(query, { limit: 1_000 }, never);
          expect(found).toEqual(all.issues.map(({ id }) => id));
        },
      ),
      { numRuns: 60 },
    );
  });
});

it.each(['"open', 'a "b', 'state:"Done', '"', 'x'.repeat(10_001)])('refuses %j', async (query) => {
  await withIssues(issues, async (file) => {
    const error = await failure(file.tracker().searchIssues(query, { limit: 5 }, never));
    expect(error.kind).toBe('tracker_payload_error');
    expect(error.message).not.toContain('\n');
  });
});

it('reads any query to its end or refuses it', async () => {
  await withIssues(issues, async (file) => {
    const tracker = file.tracker();
    const part = fc.constantFrom('"', ' ', 'state:', 'label:', 'a', ':', '\n', '\u00a0', 'İ', '\ud800', '\\');
    await fc.assert(
      fc.asyncProperty(fc.array(part, { maxLength: 12 }), async (parts) => {
        const query = parts.join('');
        const quotes = query.split('"').length - 1;
        const answer = tracker.searchIssues(query, { limit: 5 }, never);
        if (quotes % 2 === 1) expect((await failure(answer)).kind).toBe('tracker_payload_error');
        else await answer;
      }),
    );
  });
});

it('refuses a cursor that it did not give', async () => {
  await withIssues(issues, async (file) => {
    const answer = file.tracker().searchIssues('', { limit: 1, cursor: '../x' }, never);
    expect((await failure(answer)).kind).toBe('tracker_payload_error');
  });
});
