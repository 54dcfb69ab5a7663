// Every way to end, with real trees that do not want to: the result comes in bounded time, and nobody is left.

import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import {
  endEverything,
  GRACE_MS,
  isRunning,
  launch,
  launchShell,
  lineCollector,
  pidFrom,
} from './real-processes.ts';

afterEach(endEverything);

const IGNORES_TERM = "trap '' TERM; while :; do sleep 1; done";

describe('ending a launched program', () => {
  it('ends it gently at its time limit', async () => {
    const result = await launchShell('exec sleep 60', { timeoutMs: 100, graceMs: 60_000 }).result;
    expect(result).toMatchObject({ cause: 'timeout', signal: 'SIGTERM', survivors: [] });
    expect(result.reason).toBe('ran longer than 100 ms');
    expect(result.durationMs).toBeGreaterThanOrEqual(99);
  });

  it('ends it hard after the grace when it ignores SIGTERM', async () => {
    const collector = lineCollector();
    const child = launchShell(`trap '' TERM; echo up; while :; do sleep 1; done`, {
      onStdoutLine: collector.take,
    });
    await collector.first(/up/);
    const started = performance.now();
    await child.end('asked to');
    const took = performance.now() - started;
    expect(await child.result).toMatchObject({ cause: 'aborted', reason: 'asked to', signal: 'SIGKILL' });
    expect(took).toBeGreaterThanOrEqual(GRACE_MS - 1);
  });

  it('ends a stopped process gently too', async () => {
    const collector = lineCollector();
    const child = launchShell("trap 'exit 5' TERM; echo up; kill -STOP $$; while :; do sleep 0.01; done", {
      onStdoutLine: collector.take,
      graceMs: 60_000,
    });
    await collector.first(/up/);
    await child.end('asked to');
    expect(await child.result).toMatchObject({ exitCode: 5 });
  });

  it('ends on abort, keeps the first cause, and is harmless when repeated', async () => {
    const aborter = new AbortController();
    const child = launchShell('exec sleep 60', { signal: aborter.signal });
    aborter.abort(new Error('issue closed'));
    await Promise.all([child.end('too late'), child.end('too late')]);
    expect(await child.result).toMatchObject({ cause: 'aborted', reason: 'issue closed', signal: 'SIGTERM' });
    await child.end('much too late');
  });

  it('ends a grandchild in a session of its own that ignores SIGTERM and whose parent has gone', async () => {
    const collector = lineCollector();
    // The middle shell exits at once, so neither group, session nor parent leads to the grandchild: its mark does.
    const toolScript = `echo tool=$$; ${IGNORES_TERM}`;
    const child = launchShell(`sh -c 'setsid sh -c "$TOOL" &'; echo up; exec sleep 60`, {
      onStdoutLine: collector.take,
      env: { PATH: process.env['PATH'] ?? '', TOOL: toolScript },
    });
    const tool = await pidFrom(collector, 'tool');
    await collector.first(/up/);
    expect(isRunning(tool)).toBe(true);
    await child.end('asked to');
    expect(isRunning(tool)).toBe(false);
    expect((await child.result).survivors).toEqual([]);
  });

  it('asks marked processes outside of the group gently first', async () => {
    const collector = lineCollector();
    const child = launchShell(
      `setsid sh -c 'trap "echo saved; exit 0" TERM; echo tool=$$; while :; do sleep 0.01; done' & exec sleep 60`,
      { onStdoutLine: collector.take, graceMs: 60_000 },
    );
    const tool = await pidFrom(collector, 'tool');
    await child.end('asked to');
    expect(collector.lines).toContain('saved');
    expect(isRunning(tool)).toBe(false);
  });

  it('ends a descendant that has neither group nor mark, by its parent', async () => {
    const collector = lineCollector();
    const child = launchShell(`env -i setsid sh -c 'echo tool=$$; exec sleep 60' & wait`, {
      onStdoutLine: collector.take,
    });
    const tool = await pidFrom(collector, 'tool');
    await child.end('asked to');
    expect(isRunning(tool)).toBe(false);
  });

  it('goes on to SIGKILL when the leader has exited and its group has not', async () => {
    const collector = lineCollector();
    const child = launchShell(`sh -c 'echo tool=$$; trap "" TERM; while :; do sleep 1; done' & wait`, {
      onStdoutLine: collector.take,
    });
    const tool = await pidFrom(collector, 'tool');
    await child.end('asked to');
    expect(isRunning(tool)).toBe(false);
  });

  it('leaves nobody behind when the leader exits by itself and a grandchild holds stdout', async () => {
    const collector = lineCollector();
    // The leader waits for one line of its input, which it gets when the grandchild has spoken.
    const child = launchShell(
      `sh -c 'trap "" TERM; echo tool=$$; while :; do sleep 1; done' & read -r go; exit 3`,
      { onStdoutLine: collector.take, stdin: { open: true } },
    );
    const tool = await pidFrom(collector, 'tool');
    await child.write('go\n');
    expect(await child.result).toMatchObject({ cause: 'exited', exitCode: 3, survivors: [] });
    expect(isRunning(tool)).toBe(false);
  });

  it('settles in bounded time even when a stranger that left the tree holds stdout', async () => {
    const collector = lineCollector();
    const folder = mkdtempSync(join(tmpdir(), 'process-ending-'));
    // No mark, no group, no parent: this one is out of reach, and must not keep the result from coming.
    const stranger = 'echo tool=$$; touch "$1"; exec sleep 60';
    const script =
      'sh -c \'env -i setsid sh -c "$STRANGER" sh "$0" &\' "$0"; until [ -e "$0" ]; do sleep 0.01; done';
    const child = launch({
      file: 'sh',
      args: ['-c', script, join(folder, 'ready')],
      env: { PATH: process.env['PATH'] ?? '', STRANGER: stranger },
      onStdoutLine: collector.take,
    });
    const result = await child.result;
    rmSync(folder, { recursive: true });
    const tool = await pidFrom(collector, 'tool');
    expect(isRunning(tool)).toBe(true);
    expect(result).toMatchObject({ cause: 'exited', exitCode: 0 });
    // Its sixty seconds are not waited for.
    expect(result.durationMs).toBeLessThan(30_000);
  });

  it('lets a late sibling finish its words before it is asked to go', async () => {
    const result = await launchShell('(sleep 0.03; echo late) & echo early', { leftoversMs: 60_000 }).result;
    expect(result.stdoutText).toBe('early\nlate\n');
  });

  it('does not touch a process with the mark of another run', async () => {
    const collector = lineCollector();
    const other = launchShell(`echo tool=$$; exec sleep 60`, {
      onStdoutLine: collector.take,
      mark: randomUUID(),
    });
    const stranger = await pidFrom(collector, 'tool');
    await launchShell('exec sleep 60', { timeoutMs: 20 }).result;
    expect(isRunning(stranger)).toBe(true);
    await other.end('asked to');
    expect(isRunning(stranger)).toBe(false);
  });

  it('kills the group at once for a daemon that has no time left', async () => {
    const collector = lineCollector();
    const child = launchShell(`${IGNORES_TERM.replace('while', 'echo up; while')}`, {
      onStdoutLine: collector.take,
    });
    await collector.first(/up/);
    child.killNow();
    expect(await child.result).toMatchObject({ cause: 'exited', signal: 'SIGKILL' });
  });

  it('takes time limits beyond what a timer can hold', async () => {
    const result = await launchShell('sleep 0.05; exit 2', { timeoutMs: 2 ** 40 }).result;
    expect(result).toMatchObject({ cause: 'exited', exitCode: 2 });
  });
});
