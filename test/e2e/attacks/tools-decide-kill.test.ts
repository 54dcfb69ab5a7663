// A daemon that is killed while a person decides, again and again: whoever was told "approved" gets each write exactly
// once, whoever was told nothing gets all of it or nothing, and the audit knows no hole.

import { afterEach, expect, it } from 'vitest';
import { applied, approval } from '../tools/decisions.ts';
import { makeDesk, type Desk } from '../tools/desk.ts';
import type { Daemon } from '../daemon.ts';

/** After the decision was sent. A daemon needs some tens of milliseconds for the first write to leave. */
const KILLED_AFTER_MS = [0, 3, 8, 15, 25, 40, 70, 120];

let desk: Desk;
afterEach(() => desk.close());

/** null = no answer came. */
async function approveAndKill({ url, program }: Daemon, id: string, afterMs: number): Promise<number | null> {
  const answer = fetch(`${url}/api/v1/approvals/${id}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ status: 'approved', modifiedDetails: { issueCount: 2 } }),
  }).then(
    ({ status }) => status,
    () => null,
  );
  setTimeout(() => program.child.kill('SIGKILL'), afterMs);
  const status = await answer;
  await program.exit;
  return status;
}

it('decides once and writes exactly once', async () => {
  desk = await makeDesk({ tools: { default: 'approve', approval: { wait_ms: 1 } } });
  desk.addIssues(1);
  let daemon = await desk.start();
  const agent = await desk.agent('PROJ-1');
  const ids: string[] = [];
  for (const place of KILLED_AFTER_MS.keys()) {
    const issues = ['one', 'two', 'three'].map((word) => ({ summary: `Round ${place}, ${word}` }));
    const args = { projectKey: 'PROJ', issueType: 'Bug', issues };
    const asked = await agent.call('atlassian_jira_create_issues', args);
    ids.push(asked.data.approval_id as string);
  }
  const told: (number | null)[] = [];
  for (const [place, afterMs] of KILLED_AFTER_MS.entries()) {
    told.push(await approveAndKill(daemon, ids[place] ?? '', afterMs));
    daemon = await desk.start();
  }
  for (const [place, id] of ids.entries()) {
    const { status } = await approval(daemon, id);
    if (told[place] === 200) expect(status).toBe('approved');
    const made = () => desk.made(`Round ${place},`).length;
    if (status === 'pending') expect(made()).toBe(0);
    else {
      expect(await applied(daemon, id, 200_000)).toMatchObject({ result: { status: 'done' } });
      expect(made()).toBe(2);
    }
  }
  const verified = await desk.run('audit', 'verify');
  expect(verified.code, verified.stdout).toBe(0);
}, 400_000);
