// What a record may look like, what is left out, and how often people are told.
import { expect, it } from 'vitest';
import { failure, never, record, withIssues } from './issues-file.ts';

const [good, other] = [record(1), record(2)];

it('reads every field of a full record', async () => {
  const full = record(1, {
    description: 'text',
    priority: 3,
    branch_name: 'demo-1',
    url: 'https://example.test/1',
    assignee: 'Ada',
    issue_type: 'Bug',
    labels: ['UrGent'],
    parent: { id: '9', identifier: 'DEMO-9' },
    comments: [{ id: '7', author: 'Ada', body: 'hello', created_at: '2026-01-01T00:00:00Z' }],
    blocked_by: [{ id: '8', identifier: 'DEMO-8', state: 'Done' }],
    created_at: '2026-01-01T00:00:00Z',
    updated_at: '2026-01-02T00:00:00Z',
    story_points: 5,
  });
  await withIssues([full], async (file) => {
    expect(await file.tracker().fetchIssueById('1', never)).toEqual({
      id: '1',
      identifier: 'DEMO-1',
      title: 'Issue 1',
      description: 'text',
      priority: 3,
      state: 'To Do',
      branchName: 'demo-1',
      url: 'https://example.test/1',
      assignee: 'Ada',
      issueType: 'Bug',
      labels: ['urgent'],
      parent: { id: '9', identifier: 'DEMO-9' },
      comments: [{ id: '7', author: 'Ada', body: 'hello', createdAt: '2026-01-01T00:00:00Z' }],
      blockedBy: [{ id: '8', identifier: 'DEMO-8', state: 'Done' }],
      createdAt: '2026-01-01T00:00:00Z',
      updatedAt: '2026-01-02T00:00:00Z',
    });
    expect(file.warnings).toEqual([]);
  });
});

it.each([
  ['3', 3],
  ['0', 0],
  ['-2', -2],
  ['-0', 0],
  ['1.0', null],
  ['2e0', null],
  ['1E2', null],
  ['1.5', null],
  ['"1"', null],
  ['true', null],
  ['null', null],
  ['99999999999999999999', null],
  ['1.5, "priority": 4', 4],
  ['4, "priority": 5.0', null],
  ['4, "pr\\u0069ority": 5.0', null],
  ['4, "nested": {"priority": 1.0}', 4],
  ['4, "text": "\\"priority\\": 1.0"', 4],
])('takes the priority %s as %s', async (written, expected) => {
  const text = `[{"id":"1","identifier":"A","title":"t","state":"To Do","priority": ${written} }]`;
  await withIssues(text, async (file) => {
    const [issue] = await file.tracker().fetchCandidateIssues(never);
    expect(issue?.priority).toBe(expected);
    expect(file.warnings).toEqual([]);
  });
});

it.each<[string, unknown]>([
  ['id', { ...good, id: '' }],
  ['id', { ...good, id: 7 }],
  ['identifier', { ...good, identifier: undefined }],
  ['title', { ...good, title: '   ' }],
  ['state', { ...good, state: null }],
  ['description', { ...good, description: 5 }],
  ['labels', { ...good, labels: null }],
  ['labels', { ...good, labels: 'x' }],
  ['labels[1]', { ...good, labels: ['x', 1] }],
  ['blocked_by', { ...good, blocked_by: null }],
  ['blocked_by[0]', { ...good, blocked_by: ['DEMO-2'] }],
  ['blocked_by[0]', { ...good, blocked_by: [{ state: 'Done' }] }],
  ['blocked_by[0].state', { ...good, blocked_by: [{ id: '2', state: 1 }] }],
  ['parent', { ...good, parent: 'DEMO-2' }],
  ['comments', { ...good, comments: 'none' }],
  ['comments[0]', { ...good, comments: ['text'] }],
  ['comments[0].body', { ...good, comments: [{ body: 1 }] }],
  ['created_at', { ...good, created_at: 1700000000 }],
  ['', 'DEMO-1'],
  ['', null],
  ['', [good]],
])('leaves out a record whose %s breaks the rules, with one warning', async (field, broken) => {
  await withIssues([other, broken], async (file) => {
    const tracker = file.tracker();
    expect((await tracker.fetchCandidateIssues(never)).map(({ id }) => id)).toEqual(['2']);
    expect(await tracker.fetchIssueStatesByIds(['1', '2'], never)).toEqual(new Map([['2', 'To Do']]));
    expect(file.warnings).toEqual([
      {
        message: 'issue record left out',
        fields: { path: file.path, index: 1, field, problem: expect.stringMatching(/^must /) as string },
      },
    ]);
  });
});

it('takes null for an optional text, the parent or the comments as absent', async () => {
  const sparse = record(1, { description: null, url: null, parent: null, comments: null, updated_at: null });
  await withIssues([sparse], async (file) => {
    const issue = await file.tracker().fetchIssueById('1', never);
    expect(issue).toMatchObject({ description: '', url: '', parent: null, comments: [], updatedAt: '' });
    expect(file.warnings).toEqual([]);
  });
});

it('warns again when the file changed, and not for an edit of its own', async () => {
  await withIssues([good, { ...other, labels: null }], async (file) => {
    const tracker = file.tracker();
    await tracker.fetchCandidateIssues(never);
    await tracker.transitionIssue('1', 'In Progress', {}, never);
    await tracker.addComment('1', 'hello', never);
    await tracker.fetchCandidateIssues(never);
    expect(file.warnings).toHaveLength(1);
    file.write(`${file.text()}\n`);
    await tracker.fetchCandidateIssues(never);
    expect(file.warnings).toHaveLength(2);
  });
});

it('names a hundred broken records and counts the rest', async () => {
  await withIssues(
    Array.from({ length: 150 }, () => ({})),
    async (file) => {
      expect(await file.tracker().fetchCandidateIssues(never)).toEqual([]);
      expect(file.warnings).toHaveLength(101);
      expect(file.warnings.at(-1)?.fields).toMatchObject({ count: 50 });
    },
  );
});

it.each([
  ['id', record(1, { identifier: 'DEMO-2' })],
  ['identifier', record(2, { identifier: 'DEMO-1' })],
])('fails whole when two records have one %s', async (key, second) => {
  await withIssues([good, second], async (file) => {
    const error = await failure(file.tracker().fetchCandidateIssues(never));
    expect(error.kind).toBe('tracker_payload_error');
    expect(error.message).toContain(`line 8 column 3: the records with index 0 and 1 both have the ${key}`);
  });
});

it('completes a blocker from the issue of the same file that it names', async () => {
  const blocked = record(3, {
    blocked_by: [{ id: '1' }, { identifier: 'DEMO-2', state: '' }, { id: '1', state: 'Done' }, { id: '77' }],
  });
  await withIssues([good, { ...other, state: 'Done' }, blocked], async (file) => {
    const { blockedBy } = await file.tracker().fetchIssueById('3', never);
    expect(blockedBy).toEqual([
      { id: '1', identifier: 'DEMO-1', state: 'To Do' },
      { id: '2', identifier: 'DEMO-2', state: 'Done' },
      { id: '1', identifier: 'DEMO-1', state: 'Done' },
      { id: '77', identifier: '', state: '' },
    ]);
  });
});

it('lists comments by time, or as the file has them when a time is missing', async () => {
  const late = { id: 'b', body: 'late', created_at: '2026-01-02T00:00:00Z' };
  const early = { id: 'a', body: 'early', created_at: '2026-01-01T00:00:00+02:00' };
  await withIssues(
    [record(1, { comments: [late, early] }), record(2, { comments: [late, { body: 'no time' }] })],
    async (file) => {
      const bodies = async (id: string): Promise<string[]> =>
        (await file.tracker().fetchIssueComments(id, never)).map(({ body }) => body);
      expect(await bodies('1')).toEqual(['early', 'late']);
      expect(await bodies('2')).toEqual(['late', 'no time']);
    },
  );
});
