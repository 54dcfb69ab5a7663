// The suite that every tracker adapter passes, ours and a third party's. Each case opens its own world and closes it.
// It asserts only what src/contract/tracker.ts promises, through the port and the world's hands.
import { agentWriteCases } from './tracker-agent-writes.ts';
import { readCases } from './tracker-reads.ts';
import { failureCases } from './tracker-failures.ts';
import { lookCases } from './tracker-looks.ts';
import { writeCases } from './tracker-writes.ts';
import { activeStates, mixedIssues, terminalStates } from './tracker-issues.ts';
import type { ConformanceCase } from './conformance-case.ts';
import type { OpenTrackerWorld, TrackerWorld, WorldIssue } from './tracker-world.ts';

/** A rule, checked in a fresh world; `issues` are those it starts with. */
export interface TrackerCase {
  readonly name: string;
  readonly issues?: () => WorldIssue[];
  check(world: OpenTrackerWorld): Promise<void>;
}

export function trackerConformance(world: TrackerWorld): ConformanceCase[] {
  return [...readCases, ...lookCases, ...failureCases, ...writeCases, ...agentWriteCases].map(
    ({ name, issues = mixedIssues, check }) => ({
      name,
      async run() {
        const open = await world.open({ issues: issues(), activeStates, terminalStates });
        try {
          await check(handsOf(open));
        } finally {
          await open.close();
        }
      },
    }),
  );
}

/** Cases take the hands apart (`{ setState }`), which a world written as a class would not survive. */
function handsOf(open: OpenTrackerWorld): OpenTrackerWorld {
  return {
    registration: open.registration,
    adapter: open.adapter,
    setState: (id, state) => open.setState(id, state),
    removeIssue: (id) => open.removeIssue(id),
    stateOf: (id) => open.stateOf(id),
    fail: () => open.fail(),
    heal: () => open.heal(),
    unreachableStateOf: (id) => open.unreachableStateOf(id),
    richComments: open.richComments ?? false,
    newIssue: open.newIssue,
    close: () => open.close(),
  };
}
