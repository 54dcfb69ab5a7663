// The mailbox lets go of what it has taken: a page of candidates is megabytes, and hundreds of them must not wait
// for the queue to be cut. Asked of the garbage collector itself.
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { Issue } from '../../src/contract/index.ts';
import { createState } from '../../src/core/create-state.ts';
import { createMailbox, type Mailbox } from '../../src/daemon/mailbox.ts';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

function postIssue(mailbox: Mailbox): WeakRef<Issue> {
  const issue = { id: '1' } as Issue;
  mailbox.post({ kind: 'issue_fetched', effectId: 1, issue });
  return new WeakRef(issue);
}

it('lets go of an event once its step is done', async () => {
  let steps = 0;
  const mailbox = createMailbox({
    state: createState({} as never),
    clock: { nowMs: () => 0, monotonicMs: () => 0, after: () => () => undefined },
    newUuid: () => '',
    step: () => {
      steps += 1;
      return [];
    },
    perform: () => null,
    onBroken: (error) => {
      throw error;
    },
  });
  const issue = postIssue(mailbox);
  expect(steps).toBe(1);
  // A WeakRef holds its target until the turn that made it is over.
  for (let look = 0; look < 400 && issue.deref() !== undefined; look += 1) {
    await sleep(5);
    collectGarbage();
  }
  expect(issue.deref() === undefined).toBe(true);
  mailbox.post({ kind: 'refresh_requested' });
  expect(steps).toBe(2);
});
