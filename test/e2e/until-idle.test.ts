// `--until-idle`, as CI uses it: ends by itself, says how it went, and its exit code is the verdict.

import { rm } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { baseSettings, makeFolder, makeIssue, type Folder } from './program.ts';

let folder: Folder;
beforeEach(async () => {
  folder = await makeFolder();
});
afterEach(async () => {
  expect(await folder.close()).toEqual([]);
});

const workflow = (command: string, more: object = {}): Promise<void> => {
  const base = baseSettings(folder, command);
  return folder.writeWorkflow({
    ...base,
    polling: { interval_ms: 100 },
    agent: { ...(base['agent'] as object), max_retry_backoff_ms: 100, ...more },
    server: { port: 0 },
  });
};

it('ends with 0 when everything succeeded, retried or not', async () => {
  await folder.writeIssues([makeIssue(1), makeIssue(2), makeIssue(3, { state: 'Backlog' })]);
  await workflow('test $SORTIE_ISSUE_ID = 1 -o $SORTIE_ATTEMPT -gt 0');
  const { code, stdout, stderr } = await folder.run(['--until-idle']);
  expect(code, stderr).toBe(0);
  expect(stdout).toContain('3 runs, 2 issues succeeded, 0 failed\n');
  expect(stdout).toMatch(/^succeeded\tE2E-1$/m);
  expect((await folder.issues()).map(({ state }) => state)).toEqual(['In Review', 'In Review', 'Backlog']);
});

it('ends with 1 and names the issue that never succeeds after three sessions', async () => {
  await folder.writeIssues([makeIssue(1), makeIssue(2)]);
  await workflow('test $SORTIE_ISSUE_ID = 1');
  const { code, stdout, stderr } = await folder.run(['--until-idle']);
  expect(code, stderr).toBe(1);
  expect(stdout).toContain('4 runs, 1 issue succeeded, 1 failed\n');
  expect(stdout).toMatch(/^failed\tE2E-2\t.*max_sessions/m);
});

it.each([77, 127])('ends with 1 when an agent that exits with %d is parked', async (exitCode) => {
  await folder.writeIssues([makeIssue(1)]);
  await workflow(`exit ${exitCode}`);
  const { code, stdout } = await folder.run(['--until-idle']);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^failed\tE2E-1\tparked /m);
});

it('ends with 0 when there is nothing to do', async () => {
  await folder.writeIssues([makeIssue(1, { state: 'Done' })]);
  await workflow('true');
  const { code, stdout } = await folder.run(['--until-idle']);
  expect(code).toBe(0);
  expect(stdout).toContain('0 runs');
});

it('gives up with 1 when the tracker cannot be read three times in a row', async () => {
  await folder.writeIssues([]);
  await workflow('true');
  await rm(folder.file('issues.json'));
  const { code, stdout } = await folder.run(['--until-idle']);
  expect(code).toBe(1);
  expect(stdout).toMatch(/^gave up\t.*issues\.json/m);
});

it('waits for an issue that somebody adds while the last one runs', async () => {
  await folder.writeIssues([makeIssue(1)]);
  await folder.write(
    'add.mjs',
    `import { readFileSync, renameSync, writeFileSync } from 'node:fs';
const path = '${folder.file('issues.json')}';
const issues = JSON.parse(readFileSync(path, 'utf8'));
if (issues.length === 3) process.exit();
issues.push({ ...issues[0], state: 'To Do', id: String(issues.length + 1), identifier: 'NEW-' + (issues.length + 1) });
writeFileSync(path + '.new', JSON.stringify(issues));
renameSync(path + '.new', path);
`,
  );
  // One at a time: what one adds must not undo the handoff of another.
  await workflow(`"${process.execPath}" ${folder.file('add.mjs')}`, { max_concurrent_agents: 1 });
  const { code, stdout } = await folder.run(['--until-idle']);
  expect(code).toBe(0);
  expect(stdout).toContain('3 issues succeeded');
});

it('keeps its verdict when nobody is left to read the summary', async () => {
  await folder.writeIssues([makeIssue(1)]);
  await workflow('true');
  const { child, exit, stderr } = folder.start(['--until-idle']);
  child.stdout?.destroy();
  expect(await exit, stderr()).toEqual({ code: 0, signal: null });
  expect(stderr()).not.toContain('EPIPE');
});
