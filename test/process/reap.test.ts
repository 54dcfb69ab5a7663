// After a crash of the daemon: its own orphans go, and nobody else, whatever pid they have.

import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { readIdentity, reapOrphans } from '../../src/process/index.ts';
import { endEverything, GRACE_MS, isRunning, launchShell } from './real-processes.ts';

afterEach(endEverything);

const noRuns: ReadonlySet<string> = new Set();

/** Starts `script` in a session of its own whose parents have gone, as a killed daemon would leave it. */
async function orphan(script: string, mark: string | null): Promise<number> {
  const env = { PATH: process.env['PATH'] ?? '', SCRIPT: script, ...(mark === null ? {} : { MARK: mark }) };
  const run = 'env -u MARK ${MARK:+SORTIE_RUN_ID=$MARK} setsid sh -c "$SCRIPT" >/dev/null 2>&1 & echo $!';
  const pid = Number(execFileSync('sh', ['-c', run], { env, encoding: 'utf8' }));
  await waitFor(() => isRunning(pid) && readIdentity(pid)?.processGroup === pid);
  await waitFor(() => hasBecome(pid, script.startsWith('exec sleep') ? 'sleep' : 'sh'));
  return pid;
}

/** Has become the program, environment and all: in the middle of that nobody can read a process's mark. */
function hasBecome(pid: number, program: string): boolean {
  return (
    readFileSync(`/proc/${pid}/comm`, 'utf8').trim() === program &&
    readFileSync(`/proc/${pid}/environ`, 'utf8') !== ''
  );
}

async function waitFor(condition: () => boolean): Promise<void> {
  const deadline = performance.now() + 30_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error('waited for 30 s in vain');
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

function identityOf(pid: number) {
  const identity = readIdentity(pid);
  if (identity === null) throw new Error(`no identity of ${pid}`);
  return identity;
}

describe('reaping the orphans of a dead daemon', () => {
  it('ends a recorded process whose start time matches, with its group', async () => {
    const pid = await orphan('sleep 60 & wait', null);
    await waitFor(() => childPids(pid).length === 1);
    const report = await reapOrphans({ identities: [identityOf(pid)], runIds: noRuns, graceMs: GRACE_MS });
    expect(report.resisted).toEqual([]);
    expect(report.ended).toContain(pid);
    expect(report.ended).toHaveLength(2);
    expect(isRunning(pid)).toBe(false);
  });

  it('leaves a recycled pid alone', async () => {
    const pid = await orphan('exec sleep 60', null);
    const recorded = { ...identityOf(pid), startTime: identityOf(process.pid).startTime };
    const report = await reapOrphans({ identities: [recorded], runIds: noRuns, graceMs: GRACE_MS });
    expect(report).toEqual({ ended: [], resisted: [] });
    expect(isRunning(pid)).toBe(true);
  });

  it('leaves a group alone when its recorded leader is gone, since nothing proves whose it is', async () => {
    const leader = await orphan('sleep 60 & wait', null);
    const recorded = identityOf(leader);
    await waitFor(() => childPids(leader).length > 0);
    const [member = 0] = childPids(leader);
    process.kill(leader, 'SIGKILL');
    await waitFor(() => !isRunning(leader) && readIdentity(leader) === null);
    const report = await reapOrphans({ identities: [recorded], runIds: noRuns, graceMs: GRACE_MS });
    expect(report).toEqual({ ended: [], resisted: [] });
    expect(isRunning(member)).toBe(true);
  });

  it('ends whoever carries the mark of a run in this store, even one that ignores SIGTERM', async () => {
    const runId = randomUUID();
    const gentle = await orphan('exec sleep 60', runId);
    const stubborn = await orphan(`trap '' TERM; while :; do sleep 1; done`, runId);
    const report = await reapOrphans({ identities: [], runIds: new Set(['x', runId]), graceMs: GRACE_MS });
    expect(report.ended).toEqual(expect.arrayContaining([gentle, stubborn]));
    expect(report.resisted).toEqual([]);
    expect([gentle, stubborn].map(isRunning)).toEqual([false, false]);
  });

  it("leaves another daemon's processes alone, even below one of ours", async () => {
    const runId = randomUUID();
    const stranger = await orphan('exec sleep 60', randomUUID());
    const nested = await orphan('SORTIE_RUN_ID=another setsid sleep 60 & wait', runId);
    const childOf = (pid: number): number | undefined => childPids(pid)[0];
    await waitFor(() => {
      const pid = childOf(nested);
      return pid !== undefined && readIdentity(pid)?.processGroup === pid && hasBecome(pid, 'sleep');
    });
    const inner = childOf(nested) ?? 0;
    const report = await reapOrphans({ identities: [], runIds: new Set([runId]), graceMs: GRACE_MS });
    expect(report.ended).toEqual([nested]);
    expect([stranger, inner].map(isRunning)).toEqual([true, true]);
  });

  it('never touches ourselves, our group or our own children', async () => {
    const mine = launchShell('exec sleep 60', { mark: 'run-of-mine' });
    const identities = [identityOf(process.pid), identityOf(process.ppid)];
    const report = await reapOrphans({ identities, runIds: new Set(['run-of-mine']), graceMs: GRACE_MS });
    expect(report).toEqual({ ended: [], resisted: [] });
    expect(isRunning(mine.pid ?? 0)).toBe(true);
  });
});

function childPids(pid: number): number[] {
  return readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8')
    .trim()
    .split(' ')
    .filter(Boolean)
    .map(Number);
}
