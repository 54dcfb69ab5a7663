// The demo of the README asks, as its first lines promise: SHOP-102's agent proposes a comment, a person changes and
// allows it, or rejects it, and the issue's next run is told. With the program as it is built and the files as they are.
import { expect, it, onTestFinished } from 'vitest';
import { freePort, getJson, makeFolder, until, type Folder } from '../e2e/program.ts';
import { shipDemo } from './shipped-demo.ts';

const SHOWN = 'sortie approvals list --json'.split(' ').slice(1);

interface Proposal {
  readonly id: string;
  readonly action: string;
  readonly issue_identifier: string;
  readonly status: string;
  readonly result: { readonly status: string } | null;
}

async function startDemo(): Promise<{ folder: Folder; url: string; proposal: Proposal }> {
  const folder = await makeFolder();
  onTestFinished(async () => expect(await folder.close()).toEqual([]));
  // Only to be done sooner.
  await shipDemo((name) => folder.file(name), { turnMs: 500 });
  const daemon = folder.start(['--port', await freePort()]);
  onTestFinished(async () => {
    daemon.child.kill('SIGTERM');
    expect(await daemon.exit, daemon.stderr().slice(-2000)).toEqual({ code: 0, signal: null });
  });
  const url = await daemon.url();
  const proposal = await until('the proposal of SHOP-102', async () => {
    const listed = await folder.run([...SHOWN, '--url', url]);
    return (JSON.parse(listed.stdout) as { approvals: Proposal[] }).approvals[0];
  });
  expect(proposal).toMatchObject({
    action: 'add_comment',
    issue_identifier: 'SHOP-102',
    status: 'pending',
    group: '',
  });
  return { folder, url, proposal };
}

async function commentsOf(folder: Folder, identifier: string): Promise<readonly string[]> {
  const issue = (await folder.issues()).find((one) => one.identifier === identifier);
  return ((issue?.['comments'] ?? []) as { body: string }[]).map(({ body }) => body);
}

async function prompts(url: string): Promise<string> {
  const { runs } = await getJson<{ runs: { run_id: string }[] }>(
    `${url}/api/v1/history?identifier=SHOP-102&limit=1`,
  );
  return (await fetch(`${url}/api/v1/runs/${runs[0]?.run_id ?? ''}/transcript?follow=false`)).text();
}

it('writes the comment of SHOP-102 as a person has changed it', async () => {
  const { folder, url, proposal } = await startDemo();
  expect((await commentsOf(folder, 'SHOP-102')).join()).not.toContain('used link');

  const text = 'A used link says that it has expired.';
  const change = ['--set', `body=${text}`, '--note', 'shorter', '--url', url];
  const approved = await folder.run(['approvals', 'approve', proposal.id.slice(0, 8), ...change]);

  expect(approved).toMatchObject({ code: 0, stderr: '' });
  const decided = await until('the result', async () => {
    const now = await getJson<Proposal>(`${url}/api/v1/approvals/${proposal.id}`);
    return now.result?.status !== 'applying' && now;
  });
  expect(decided).toMatchObject({
    status: 'approved',
    result: { status: 'done' },
    modifiedDetails: { body: text },
  });
  expect((await commentsOf(folder, 'SHOP-102')).filter((body) => body.includes('used link'))).toEqual([text]);
  const verified = await folder.run(['audit', 'verify']);
  expect(verified).toMatchObject({ code: 0, stdout: expect.stringMatching(/^intact: /) as string });
});

it('writes nothing when it is rejected, and tells the next run why', async () => {
  const { folder, url, proposal } = await startDemo();
  // Decided while the call still waits, the run itself would be told, and no later one.
  await until('the end of its run', async () => {
    const issue = (await folder.issues()).find(({ identifier }) => identifier === 'SHOP-102');
    return issue?.state === 'In Review';
  });
  const rejected = await folder.run(['approvals', 'reject', proposal.id, '--note', 'not yet', '--url', url]);
  expect(rejected).toMatchObject({ code: 0, stderr: '' });
  expect((await commentsOf(folder, 'SHOP-102')).join()).not.toContain('used link');

  // As WORKFLOW.md says: it is picked up again.
  await until('a second proposal', async () => {
    const { approvals } = await getJson<{ approvals: Proposal[] }>(
      `${url}/api/v1/approvals?identifier=SHOP-102`,
    );
    if (approvals.length === 2) return true;
    // Again when it is lost: the daemon, at work on other issues, may write what it has read before.
    const issues = await folder.issues();
    const issue = issues.find(({ identifier }) => identifier === 'SHOP-102');
    if (issue?.state !== 'In Review') return false;
    await folder.writeIssues(issues.map((one) => (one === issue ? { ...issue, state: 'To Do' } : one)));
    return false;
  });
  const told = await until('the end of the second run', async () => {
    const text = await prompts(url);
    return text.includes('Decided by people since the last run') && text;
  });
  expect(told).toContain('rejected by operator (not yet)');
});
