// Answers of a third party's adapter that break the contract: a typed failure that names method and field, never
// something that the core would stumble over.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { withOwnErrors } from '../../../adapters/foreign-errors.ts';
import { TrackerError, type TrackerAdapter, type TrackerRegistration } from '../../../src/contract/index.ts';
import { issue } from '../../core/issues.ts';

const never = new AbortController().signal;

function adapterThat(
  methods: object,
): TrackerAdapter & Record<string, (...given: unknown[]) => Promise<unknown>> {
  const registration = {
    kind: 'theirs',
    requiresProject: false,
    requiresApiKey: false,
    defaultActiveStates: [],
    defaultTerminalStates: [],
    settingsSchema: {},
    pathSettings: [],
    secretSettings: [],
    identity: () => 'x',
    create: () => methods,
  } as unknown as TrackerRegistration;
  return withOwnErrors(registration).create({} as never) as never;
}

it.each([
  ['fetchIssueById', { ...issue('1'), title: null }, 'title'],
  ['fetchIssueById', { ...issue('1'), blockedBy: null }, 'blockedBy'],
  ['fetchIssueByIdentifier', { ...issue('1'), url: undefined }, 'url'],
  ['fetchIssueByIdentifier', { ...issue('1'), priority: 1.5 }, 'priority'],
  ['fetchCandidateIssues', {}, 'its answer'],
  ['fetchCandidateIssues', [issue('1'), { ...issue('2'), labels: [7] }], '1.labels.0'],
  ['fetchIssueStatesByIds', { 1: 'Todo' }, 'its answer'],
  ['fetchIssueStatesByIds', new Map([['1', null]]), ''],
  ['fetchIssueComments', [{ id: 1, author: '', body: '', createdAt: '' }], '0.id'],
  ['countIssuesByStates', null, 'its answer'],
  ['countIssuesByStates', -1, 'its answer'],
  ['countIssuesByStates', '3', 'its answer'],
  ['isCandidate', 'yes', 'its answer'],
  ['findKeyedComment', undefined, 'its answer'],
  ['createKeyedIssue', { id: '1' }, 'identifier'],
  ['findKeyedIssue', {}, 'id'],
  ['linkIssues', undefined, 'its answer'],
  ['findUsers', [{ accountId: '1', displayName: 'Ana' }], '0.email'],
  ['listTransitions', [{ name: 'Close' }], '0.toState'],
  ['searchIssues', { issues: [] }, 'nextCursor'],
])('%s that answers %j fails and names %s', async (method, answer, place) => {
  const adapter = adapterThat({ [method]: () => Promise.resolve(answer) });
  const failure = await adapter[method]?.('1', never).then(
    () => null,
    (error: unknown) => error,
  );
  expect(failure).toBeInstanceOf(TrackerError);
  expect(failure).toMatchObject({ kind: 'tracker_payload_error' });
  expect((failure as Error).message).toContain(
    `tracker: tracker_payload_error: ${method} (adapter): ${place}`,
  );
});

it('takes a good answer as it is, with fields that we do not know, also from a method that is not async', async () => {
  const good = { ...issue('1'), theirOwn: 7 };
  const adapter = adapterThat({ fetchIssueById: () => good });
  expect(await adapter.fetchIssueById('1', never)).toBe(good);
});

it('checks each page of a stream', async () => {
  const adapter = adapterThat({
    async *streamCandidateIssues() {
      yield [issue('1')];
      yield [{ ...issue('2'), state: null }];
    },
  }) as unknown as { streamCandidateIssues(signal: AbortSignal): AsyncIterable<unknown> };
  const seen: unknown[] = [];
  const read = async (): Promise<void> => {
    for await (const page of adapter.streamCandidateIssues(never)) seen.push(page);
  };
  await expect(read()).rejects.toMatchObject({ kind: 'tracker_payload_error' });
  expect(seen).toEqual([[issue('1')]]);
});

it('never fails with anything but a TrackerError, whatever is answered', async () => {
  const methods = ['fetchCandidateIssues', 'fetchIssueById', 'fetchIssueStatesByIds', 'countIssuesByStates'];
  await fc.assert(
    fc.asyncProperty(fc.constantFrom(...methods), fc.anything(), async (method, answer) => {
      const adapter = adapterThat({ [method]: () => Promise.resolve(answer) });
      const failure = await adapter[method]?.('1', never).then(
        () => null,
        (error: unknown) => error,
      );
      expect(failure === null || failure instanceof TrackerError).toBe(true);
    }),
  );
});
