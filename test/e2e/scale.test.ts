// 500 issues through 20 slots with real processes: each runs exactly once, no cap is exceeded, and the order is
// the contract's. The agents themselves keep the record, so the daemon cannot flatter itself; only of the order does its
// log tell, because who is dispatched first need not be the first to get the processor.

import { readFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { baseSettings, freePort, makeFolder, makeIssue, type Folder } from './program.ts';

const ISSUES = 500;
const SLOTS = 20;
const REVIEW_SLOTS = 3;

let folder: Folder;
beforeEach(async () => {
  folder = await makeFolder();
});
afterEach(async () => {
  expect(await folder.close()).toEqual([]);
});

it('runs 500 issues in 20 slots, each once, in order, within every cap', { timeout: 600_000 }, async () => {
  const priorities = [3, 1, null, 2, 1];
  const issues = Array.from({ length: ISSUES }, (_, index) =>
    makeIssue(index + 1, {
      priority: priorities[index % priorities.length],
      state: index % 10 === 0 ? 'Urgent' : 'To Do',
    }),
  );
  await folder.writeIssues(issues);
  const log = folder.file('log.txt');
  const command = `echo "start $SORTIE_ISSUE_IDENTIFIER $SORTIE_ATTEMPT" >> ${log}; sleep 0.05; echo "end $SORTIE_ISSUE_IDENTIFIER $SORTIE_ATTEMPT" >> ${log}`;
  const base = baseSettings(folder, command);
  await folder.writeWorkflow({
    ...base,
    tracker: {
      ...(base['tracker'] as object),
      active_states: ['To Do', 'Urgent'],
    },
    agent: {
      ...(base['agent'] as object),
      max_concurrent_agents: SLOTS,
      max_concurrent_agents_by_state: { urgent: REVIEW_SLOTS },
    },
  });

  const ended = await folder.run(['--until-idle', '--port', await freePort()]);

  expect(ended.code, ended.stderr.slice(-2000)).toBe(0);
  expect(ended.stdout).toContain(`${ISSUES} runs, ${ISSUES} issues succeeded, 0 failed`);
  const states = new Set((await folder.issues()).map(({ state }) => state));
  expect([...states]).toEqual(['In Review']);

  const lines = (await readFile(log, 'utf8')).trim().split('\n');
  const stateOf = new Map((await readIssueStates(issues)).entries());
  const live = new Map<string, string>();
  const starts: string[] = [];
  for (const line of lines) {
    const [what, identifier = '', attempt] = line.split(' ');
    expect(attempt).toBe('0');
    if (what === 'start') {
      expect(live.has(identifier)).toBe(false);
      live.set(identifier, stateOf.get(identifier) ?? '');
      starts.push(identifier);
      expect(live.size).toBeLessThanOrEqual(SLOTS);
      const urgent = [...live.values()].filter((state) => state === 'Urgent').length;
      expect(urgent).toBeLessThanOrEqual(REVIEW_SLOTS);
    } else live.delete(identifier);
  }
  expect(new Set(starts).size).toBe(ISSUES);
  expect(starts).toHaveLength(ISSUES);
  const order = [...ended.stderr.matchAll(/msg="run dispatched" .*issue_identifier=(\S+)/g)];
  expectPriorityOrder(
    order.map(([, identifier]) => identifier ?? ''),
    issues,
  );
});

async function readIssueStates(issues: readonly object[]): Promise<Map<string, string>> {
  const records = issues as readonly { identifier: string; state: string }[];
  return Promise.resolve(new Map(records.map(({ identifier, state }) => [identifier, state])));
}

/**
 * Those of one tick are looked at once more side by side, so two neighbours may swap by as many places as there are slots; an
 * issue never starts while a more urgent one waits for a whole round longer.
 */
function expectPriorityOrder(starts: readonly string[], issues: readonly object[]): void {
  const records = issues as readonly { identifier: string; priority: number | null; state: string }[];
  const sorted = records
    .filter(({ state }) => state === 'To Do')
    .map((record, index) => ({ ...record, index }))
    .sort((a, b) => (a.priority ?? 99) - (b.priority ?? 99) || a.index - b.index)
    .map(({ identifier }) => identifier);
  const place = new Map(sorted.map((identifier, index) => [identifier, index]));
  const order = starts.filter((identifier) => place.has(identifier));
  expect(order).toHaveLength(sorted.length);
  order.forEach((identifier, index) => {
    expect(Math.abs((place.get(identifier) ?? 0) - index), identifier).toBeLessThan(SLOTS);
  });
}
