// Plays one world from its seed: first with all its faults, every step checked; then the faults stop, and it must
// come to rest and end in good order.

import { calmDown } from './faults.ts';
import { checkLife } from './life.ts';
import { stillParked, touchParked, unrest } from './liveness.ts';
import { createOperator, type Operator } from './operator.ts';
import { calmWorkflow } from './random-workflow.ts';
import { settle } from './virtual-time.ts';
import { createWorld, type Plant, type World } from './world.ts';

export interface Outcome {
  readonly seed: number;
  /** "" = all is well. */
  readonly violation: string;
  readonly events: number;
  /** Of everything that was said and done: the same for the same seed. */
  readonly journalHash: string;
  /** The last steps, for whoever looks for the cause. */
  readonly tail: readonly string[];
  /** What happened how often. */
  readonly counts: ReadonlyMap<string, number>;
}

const HOUR_MS = 3_600_000;
const TIME_TO_REST_MS = 48 * HOUR_MS;
const FIRST_ISSUES = 8;

export async function simulate(seed: number, events: number, plant: Plant = {}): Promise<Outcome> {
  const world = createWorld(seed, plant);
  const operator = createOperator(world);
  for (let left = FIRST_ISSUES; left > 0; left -= 1) world.people.open();
  again(world, () => world.faults.personEveryMs, world.people.act);
  again(world, () => world.faults.operatorEveryMs, operator.act);
  again(world, () => world.faults.wordEveryMs, operator.speak);
  operator.begin();
  await play(world, () => world.steps < events);
  await comeToRest(world, operator);
  return {
    seed,
    violation: world.violations[0] ?? '',
    events: world.steps,
    journalHash: world.journal.hash(),
    tail: world.journal.tail(),
    counts: world.census.counts,
  };
}

/** One moment after the other while the answer is yes and all is well. */
async function play(world: World, goOn: () => boolean): Promise<void> {
  while (world.violations.length === 0 && goOn()) {
    if (!world.time.runNext()) {
      world.fail('nothing will ever happen again');
      return;
    }
    await settle();
    checkLife(world);
  }
}

async function comeToRest(world: World, operator: Operator): Promise<void> {
  const { time, faults, live, dice } = world;
  world.calm = true;
  calmDown(faults);
  world.agentWriting.calmDown();
  world.unseenWorkflow = null;
  operator.reload(calmWorkflow(dice.fork()));
  // Agents that hang for ever with no stall check are lost by whoever runs them.
  time.after(HOUR_MS, () => {
    for (const run of live.values()) run.abort.abort('lost');
  });
  await rest(world, operator, () => []);
  const touchedAtMs = world.wallMs();
  const touched = touchParked(world);
  await rest(world, operator, () =>
    stillParked(world, touched, touchedAtMs).map((id) => `${id} is parked though it was changed`),
  );
  const { life } = world;
  if (life === null || world.violations.length > 0) return;
  operator.shutDown(30_000, false);
  await settle();
  await play(world, () => world.life !== null);
}

async function rest(world: World, operator: Operator, alsoInTheWay: () => string[]): Promise<void> {
  const { time } = world;
  const deadlineMs = time.nowMs() + TIME_TO_REST_MS;
  let nextLookMs = time.nowMs() + 60_000;
  let inTheWay: string[] = ['nobody has looked yet'];
  await play(world, () => {
    if (time.nowMs() < nextLookMs) return true;
    nextLookMs = time.nowMs() + 10_000;
    operator.letGo();
    inTheWay = [...unrest(world), ...alsoInTheWay()];
    return inTheWay.length > 0 && time.nowMs() < deadlineMs;
  });
  if (inTheWay.length > 0) world.fail(`no rest: ${inTheWay.slice(0, 5).join('; ')}`);
}

/** Something that keeps happening, at random, until the world calms down. */
function again(world: World, everyMs: () => number, act: () => void): void {
  const { time, dice } = world;
  const next = (): void => {
    time.after(dice.int(1, 2 * everyMs()), () => {
      if (world.calm) return;
      act();
      next();
    });
  };
  next();
}
