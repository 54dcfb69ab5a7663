// The order of ending: look, SIGTERM, wait, SIGKILL, look again, until nobody is left or the last resort has run
// out. What belongs to the ending is the caller's answer (`find`), asked afresh each time, because processes fork
// while they are being ended. Nobody is signalled whose start time is not what the look has shown.

import { setTimeout as sleep } from 'node:timers/promises';
import type { ProcessEntry, ProcessTable } from './process-table.ts';

/** How long SIGKILL is repeated. Only a process that is stuck in the kernel outlives it. */
const LAST_RESORT_MS = 3000;
/** How long a first look may fail before nobody counts as found. */
const FIRST_LOOK_TRIES = 20;
const RETRY_LOOK_MS = 50;
const FIRST_LOOK_MS = 5;
const SLOWEST_LOOK_MS = 100;

/** Whom to end, and how patiently. */
export interface EndingPlan {
  readonly table: ProcessTable;
  /** All live processes that are to be ended, now. */
  readonly find: () => Promise<readonly ProcessEntry[]>;
  /** A group of ours that is signalled as a whole while `find` shows a member; null: one by one. */
  readonly group: number | null;
  /** Time to leave by themselves, before the first signal. */
  readonly voluntaryMs: number;
  readonly graceMs: number;
}

/** Pids that were found and are gone, and pids that are not. */
export interface EndingReport {
  readonly ended: readonly number[];
  readonly survivors: readonly number[];
}

/** Ends everybody whom the plan finds. Never rejects; takes at most the plan's times plus the last resort. */
export async function endProcesses(plan: EndingPlan): Promise<EndingReport> {
  const met = new Set<number>();
  let members: readonly ProcessEntry[] = [];
  const look = async (): Promise<void> => {
    // A look that fails (out of files, say) proves nothing: whoever was there counts as still there.
    members = await plan.find().catch(() => members);
    for (const member of members) met.add(member.pid);
  };
  const waitUntilGone = async (waitMs: number): Promise<void> => {
    const deadlineMs = performance.now() + waitMs;
    let pauseMs = FIRST_LOOK_MS;
    while (members.length > 0) {
      const leftMs = deadlineMs - performance.now();
      if (leftMs <= 0) {
        await look();
        return;
      }
      await sleep(Math.min(pauseMs, leftMs));
      pauseMs = Math.min(pauseMs * 1.5, SLOWEST_LOOK_MS);
      const alive = await plan.table.stillAlive(members).catch(() => members);
      // Those who were known are gone; only a whole look can tell that they left nobody behind.
      if (alive.length === 0) await look();
    }
  };

  members = await firstLook(plan);
  for (const member of members) met.add(member.pid);
  if (plan.voluntaryMs > 0) await waitUntilGone(plan.voluntaryMs);
  if (members.length > 0) {
    send(plan, members, 'SIGTERM');
    // A stopped process does not hear SIGTERM until it goes on.
    send(plan, members, 'SIGCONT');
    await waitUntilGone(plan.graceMs);
  }
  const deadlineMs = performance.now() + LAST_RESORT_MS;
  for (let pauseMs = FIRST_LOOK_MS; members.length > 0 && performance.now() < deadlineMs;) {
    send(plan, members, 'SIGKILL');
    await sleep(pauseMs);
    pauseMs = Math.min(pauseMs * 1.5, SLOWEST_LOOK_MS);
    await look();
  }
  const survivors = members.map((member) => member.pid);
  return { ended: [...met].filter((pid) => !survivors.includes(pid)), survivors };
}

async function firstLook(plan: EndingPlan): Promise<readonly ProcessEntry[]> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await plan.find();
    } catch {
      if (tries >= FIRST_LOOK_TRIES) return [];
      await sleep(RETRY_LOOK_MS);
    }
  }
}

function send(plan: EndingPlan, members: readonly ProcessEntry[], signal: NodeJS.Signals): void {
  if (plan.group !== null && members.some((member) => member.processGroup === plan.group)) {
    signalGroup(plan.group, signal);
  }
  for (const member of members) {
    if (member.processGroup === plan.group || !plan.table.isStill(member)) continue;
    signalPid(member.pid, signal);
  }
}

/** Signals a whole process group; one that is gone is no error. */
export function signalGroup(group: number, signal: NodeJS.Signals): void {
  if (group > 1) signalPid(-group, signal);
}

function signalPid(pid: number, signal: NodeJS.Signals): void {
  if (pid === 0 || pid === 1 || pid === -1 || pid === process.pid) return;
  try {
    process.kill(pid, signal);
  } catch {
    // Gone meanwhile, or not ours to signal: the next look tells which, and a survivor is reported.
  }
}
