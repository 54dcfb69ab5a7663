// Hooks as real scripts: what they see, how they end, and that nothing of them is left.

import { randomUUID } from 'node:crypto';
import { expect, it } from 'vitest';
import { runHook } from '../../src/workspace/index.ts';
import type { HookRequest, HookResult } from '../../src/workspace/index.ts';
import { processesWith, scratchFolder } from './scratch.ts';

async function hook(script: string, more: Partial<HookRequest> = {}): Promise<HookResult & { mark: string }> {
  const mark = more.mark ?? randomUUID();
  const result = await runHook({
    name: 'before_run',
    script,
    subject: { issueId: '10', issueIdentifier: 'A-1', workspacePath: scratchFolder(), attempt: 2 },
    environment: { from: { PATH: process.env['PATH'] }, secretNames: [] },
    timeoutMs: 60_000,
    graceMs: 300,
    mark,
    ...more,
  });
  expect(processesWith(mark)).toEqual([]);
  return { ...result, mark };
}

it('runs in the workspace and is told about the issue', async () => {
  const workspacePath = scratchFolder();
  const subject = { issueId: '10', issueIdentifier: 'A-1', workspacePath, attempt: 2 };
  const script = 'pwd; echo "$SORTIE_ISSUE_ID|$SORTIE_ISSUE_IDENTIFIER|$SORTIE_WORKSPACE|$SORTIE_ATTEMPT"';
  const result = await hook(script, { subject });
  expect(result).toMatchObject({ outcome: 'succeeded', message: '' });
  expect(result.output).toBe(`${workspacePath}\n10|A-1|${workspacePath}|2\n`);
});

it('sees the allow-list and no secret', async () => {
  const from = {
    PATH: process.env['PATH'],
    HOME: '/home/me',
    SORTIE_PLAIN: 'yes',
    SORTIE_FROM: 'hunter2',
    SORTIE_API_KEY: 'hunter2',
    JIRA_TOKEN: 'hunter2',
    RANDOM_NAME: 'hunter2',
  };
  const { output } = await hook('env', { environment: { from, secretNames: ['SORTIE_FROM'] } });
  expect(output).toContain('HOME=/home/me');
  expect(output).toContain('SORTIE_PLAIN=yes');
  expect(output).not.toContain('hunter2');
});

it('survives a NUL in what the tracker calls an issue', async () => {
  const subject = { issueId: '1\0', issueIdentifier: 'A\0-1', workspacePath: scratchFolder(), attempt: 0 };
  expect((await hook('echo "$SORTIE_ISSUE_IDENTIFIER"', { subject })).output).toBe('A-1\n');
});

it('tells the exit code and the last words of a script that fails', async () => {
  const result = await hook('echo first >&2; echo "no such branch" >&2; exit 3');
  expect(result.outcome).toBe('failed');
  expect(result.message).toBe('hook before_run failed with exit code 3: no such branch');
});

it('tells the signal of a script that was killed', async () => {
  expect((await hook('kill -9 $$')).message).toBe('hook before_run failed with signal SIGKILL');
});

it('ends a script that hangs and ignores SIGTERM, with what it started', async () => {
  const result = await hook("trap '' TERM; sleep 60 & sleep 60", { timeoutMs: 300 });
  expect(result.outcome).toBe('timed_out');
  expect(result.message).toContain('300 ms (hooks.timeout_ms)');
});

it('leaves no grandchild in a session of its own', async () => {
  const result = await hook('setsid sh -c "exec sleep 60" & echo started');
  expect(result).toMatchObject({ outcome: 'succeeded', output: 'started\n' });
});

it('keeps head and tail of a flood', async () => {
  const result = await hook('echo head; head -c 3000000 /dev/zero | tr "\\0" x; echo; echo tail');
  expect(result.outcome).toBe('succeeded');
  expect(result.output.length).toBeLessThan(20_000);
  expect(result.output).toMatch(/^head\n/);
  expect(result.output).toMatch(/bytes left out[^]*tail\n$/);
});

it('is ended by an abort, and is not started after one', async () => {
  const controller = new AbortController();
  const running = hook('sleep 60', {
    signal: controller.signal,
    onProcess: () => controller.abort('shutdown'),
  });
  expect(await running).toMatchObject({ outcome: 'aborted', message: 'hook before_run was ended: shutdown' });
  const again = await hook('echo no', { signal: controller.signal });
  expect(again).toMatchObject({ outcome: 'aborted', output: '' });
});

it('says that the folder is gone', async () => {
  const subject = { issueId: '1', issueIdentifier: 'A-1', workspacePath: '/no/such/folder', attempt: 0 };
  const result = await hook('true', { subject });
  expect(result.outcome).toBe('failed');
  expect(result.message).toContain('/no/such/folder');
});
