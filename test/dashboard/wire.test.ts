// The page's own types against the server's: the assignments below stop compiling when they drift apart,
// and the fields are there at run time.
import { expect, it } from 'vitest';
import type * as page from '../../src/dashboard/wire.ts';
import { toHistory, toState } from '../../src/http/wire.ts';
import { fakeDaemon, historyRun, snapshot } from '../http/fake-daemon.ts';

it('the page reads what the server writes', () => {
  const state: page.State = toState(snapshot(), fakeDaemon().view.readiness());
  const runs: readonly page.HistoryRun[] = toHistory({ runs: [historyRun()], nextCursor: null }).runs;
  const read = [
    state.slots.limit,
    state.running[0]?.tokens.total_tokens,
    state.retrying[0]?.due_at,
    state.parked[0]?.ends_on[0],
    state.last_tick?.result,
    state.pauses[0]?.until,
    state.running[0]?.tools[0],
    runs[0]?.evidence,
    runs[0]?.turns_completed,
  ];
  expect(read).not.toContain(undefined);
});
