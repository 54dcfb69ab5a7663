// A daemon that is killed and started again: what was owed is still owed, at its old time, and no more than that.

import { existsSync } from 'node:fs';
import { readFile, rename } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { startDaemon, type Daemon } from './daemon.ts';
import { baseSettings, makeFolder, makeIssue, until, type Folder } from './program.ts';

/** Two daemons each, and nothing is measured. */
const PATIENCE = { timeout: 180_000 };

let folder: Folder;
beforeEach(async () => {
  folder = await makeFolder();
});
afterEach(async () => {
  expect(await folder.close()).toEqual([]);
});

async function killed(daemon: Daemon): Promise<void> {
  daemon.program.child.kill('SIGKILL');
  await daemon.program.exit;
}

const starts = async (): Promise<string[]> =>
  existsSync(folder.file('starts.txt'))
    ? (await readFile(folder.file('starts.txt'), 'utf8')).trim().split('\n')
    : [];
const note = (): string =>
  `echo "$SORTIE_ISSUE_IDENTIFIER $SORTIE_ATTEMPT $SORTIE_SESSION_ID" >> ${folder.file('starts.txt')}`;

it('hands off what had ended before the kill, without a new agent', PATIENCE, async () => {
  await folder.writeIssues([makeIssue(1)]);
  // after_run comes after the last look at the issue and before the handoff: the file is gone by then.
  const issues = folder.file('issues.json');
  await folder.writeWorkflow({
    ...baseSettings(folder, note()),
    hooks: { after_run: `mv ${issues} ${issues}.away` },
  });
  const first = await startDaemon(folder);
  await until('the handoff to fail', () => first.says('handoff failed') > 0);
  await killed(first);
  await rename(`${issues}.away`, issues);

  const second = await startDaemon(folder);
  await until('the handoff', async () => (await folder.issues())[0]?.state === 'In Review');
  await second.ticks(2);
  expect(await second.state()).toMatchObject({ counts: { running: 0, retrying: 0, parked: 0 } });
  await second.stop();
  expect((await starts()).map((line) => line.split(' ')[0])).toEqual(['E2E-1']);
});

it('keeps the time and the number of a retry', PATIENCE, async () => {
  await folder.writeIssues([makeIssue(1)]);
  const base = baseSettings(folder, `${note()}; exit 1`);
  await folder.writeWorkflow({
    ...base,
    agent: { ...(base['agent'] as object), max_retry_backoff_ms: 3_600_000 },
  });
  const first = await startDaemon(folder);
  const retry = (attempt: number) =>
    until(`retry ${attempt}`, async () =>
      (await first.state()).retrying.find((queued) => queued.attempt === attempt),
    );
  // Each failure doubles the wait: after six it lasts longer than any restart.
  for (let attempt = 1; attempt < 6; attempt += 1) {
    await retry(attempt);
    const headers = { 'content-type': 'application/json' };
    const url = `${first.url}/api/v1/issues/E2E-1/retry`;
    expect((await fetch(url, { method: 'POST', headers, body: '{}' })).status).toBe(202);
  }
  const before = await retry(6);
  await killed(first);
  const second = await startDaemon(folder);
  const [after] = (await second.state()).retrying;
  expect(after).toMatchObject({ attempt: 6, due_at: before.due_at });
  await second.ticks(2);
  expect(await starts()).toHaveLength(6);
  await second.stop();
});

it('keeps parks, and tries again only what a restart may have cured', PATIENCE, async () => {
  await folder.writeIssues([makeIssue(1), makeIssue(2), makeIssue(3)]);
  // Refused credentials keep whoever has not begun from beginning: the second waits for the two others.
  const all = `until [ $(wc -l < ${folder.file('starts.txt')}) -ge 3 ]; do sleep 0.05; done`;
  const command = `${note()}; case $SORTIE_ISSUE_ID in 1) echo blocked > .sortie/status;; 2) ${all}; exit 78;; 3) exit 77;; esac`;
  await folder.writeWorkflow(baseSettings(folder, command));
  const first = await startDaemon(folder);
  const parked = await until('three parks', async () => {
    const state = await first.state();
    return state.counts.parked === 3 ? state.parked : null;
  });
  await killed(first);

  const second = await startDaemon(folder);
  await until(
    'the second try of E2E-2',
    async () => (await starts()).filter((line) => line.startsWith('E2E-2')).length === 2,
  );
  await until('its park', async () => (await second.state()).counts.parked === 3);
  for (const identifier of ['E2E-1', 'E2E-3']) {
    const before = parked.find(({ issue_identifier }) => issue_identifier === identifier);
    expect(await second.parked(identifier)).toEqual(before);
    expect((await starts()).filter((line) => line.startsWith(identifier))).toHaveLength(1);
  }
  await second.stop();
});
