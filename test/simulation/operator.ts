// Whoever runs the daemon: edits WORKFLOW.md, asks for a refresh, sets the clock, shuts down in good order, pulls
// the plug, and starts again. Also the machine itself, which may die in the middle of a write.

import { drawWorkflow } from './random-workflow.ts';
import { startLife } from './life.ts';
import { createSpeaker, type Speaker } from './speaker.ts';
import type { World } from './world.ts';

export interface Operator extends Speaker {
  begin(): void;
  act(): void;
  kill(): void;
  reload(workflow: World['workflow']): void;
  /** In good order; what is left at the deadline is ended hard. */
  shutDown(graceMs: number, thenStart: boolean): void;
}

/** A save may be under way at the deadline, and the last writes are tried once more. */
const LATE_MS = 6_000;

export function createOperator(world: World): Operator {
  const { dice, time, checks, journal } = world;

  function begin(): void {
    const life = startLife(world, kill);
    world.life = life;
    life.daemon.start().catch((error: unknown) => {
      world.fail(`the daemon did not start: ${String(error)}`);
    });
    void life.daemon.finished.then((how) => {
      if (!life.alive) return;
      if (how === 'broken') world.fail(`the core threw: ${life.lastError}`);
      if (!life.draining) world.fail('the daemon ended though nobody asked');
      bury('ended');
    });
  }

  /** The process is gone, and with it its agents: the next start reaps what is left of them. */
  function bury(how: string): void {
    const { life } = world;
    if (life === null) return;
    journal.note(how);
    world.census.count(how);
    life.alive = false;
    world.life = null;
    world.live.clear();
    world.removing.clear();
    checks.effects.forget();
    checks.consistency.forget();
    checks.stale.forget();
    checks.agentWrites.forget();
    checks.dispatch.begin(world.store, life.quiet());
    checks.spending.begin(world.store.load());
    checks.pauses.begin(world.store.load());
    checks.gates.begin();
    checks.notifications.begin(world.store.load());
    checks.work.begin(world.store.load());
    if (how === 'ended') checks.words.ended();
    checks.words.begin();
  }

  function kill(): void {
    if (world.life === null) return;
    bury('killed');
    time.after(dice.int(0, dice.chance(0.2) ? 600_000 : 5_000), begin);
  }

  function shutDown(graceMs: number, thenStart: boolean): void {
    const { life } = world;
    if (life === null || life.draining) return;
    life.draining = true;
    life.daemon.requestShutdown(world.wallMs() + graceMs);
    time.after(graceMs + LATE_MS, () => {
      if (life.alive) world.fail('shutdown did not end by its deadline');
    });
    void life.daemon.finished.then(() => {
      if (thenStart && world.life === null) time.after(dice.int(0, 60_000), begin);
    });
  }

  /** By a little; or the machine has slept, and its monotonic clock with it. */
  function setClock(): void {
    world.skewMs += dice.chance(0.2) ? dice.int(1, 20) * 3_600_000 : dice.int(-60_000, 60_000);
    world.skewedAtMs = time.nowMs();
  }

  function reload(workflow: World['workflow']): void {
    const before = world.workflow;
    world.workflow = workflow;
    world.life?.daemon.reloaded(before, workflow);
  }

  const words = createSpeaker(world);

  return {
    begin,
    kill,
    reload,
    shutDown,
    ...words,
    act() {
      const what = dice.next();
      if (world.life?.draining === true) {
        // The only thing left to do to a daemon that is ending.
        if (what < 0.2) kill();
      } else if (what < 0.3) reload(drawWorkflow(dice.fork()));
      else if (what < 0.4) world.unseenWorkflow = drawWorkflow(dice.fork());
      else if (what < 0.6) world.life?.daemon.refresh();
      else if (what < 0.7) setClock();
      else if (what < 0.85) shutDown(dice.pick([0, 1_000, 30_000]), true);
      else kill();
    },
  };
}
