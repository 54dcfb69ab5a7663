// One world: everything that outlives a daemon (issues, store, people, operators, the workflow file, the clock) and
// the checks that watch over all its lives. The same seed makes the same world.

import type { Workflow } from '../../src/contract/index.ts';
import { step as coreStep } from '../../src/core/step.ts';
import { createAgentWriting, type AgentWriting } from './agent-writing.ts';
import { createAgentWritesCheck } from './check-agent-writes.ts';
import { createConsistencyCheck } from './check-consistency.ts';
import { createDispatchCheck } from './check-dispatch.ts';
import { createEffectsCheck } from './check-effects.ts';
import { createGatesCheck } from './check-gates.ts';
import { createNotificationsCheck } from './check-notifications.ts';
import { createPaceCheck } from './check-pace.ts';
import { createPausesCheck } from './check-pauses.ts';
import { createSpendingCheck } from './check-spending.ts';
import { createStaleCheck } from './check-stale.ts';
import { createWaitsCheck } from './check-waits.ts';
import { createWordsCheck } from './check-words.ts';
import { createWorkCheck } from './check-work.ts';
import { createCensus, type Census } from './census.ts';
import { createDice, type Dice } from './dice.ts';
import { drawFaults, type Faults } from './faults.ts';
import type { LiveRun } from './fake-executor.ts';
import { createIssueBook, type IssueBook } from './issue-book.ts';
import { createJournal, type Journal } from './journal.ts';
import type { Life } from './life.ts';
import { createMemoryStore, type MemoryStore } from './memory-store.ts';
import type { Fail } from './observation.ts';
import { createPeople, type People } from './people.ts';
import { drawWorkflow } from './random-workflow.ts';
import { createVirtualTime, type VirtualTime } from './virtual-time.ts';

/** What a test may break on purpose. */
export interface Plant {
  /** Stands in for the core's step. */
  readonly step?: typeof coreStep;
  /** Stands in for the store's durability: true = this write is dropped, but said to be durable. */
  readonly losesWrite?: (kind: string) => boolean;
  /** Makes the situation likelier in which the bug shows. */
  readonly faults?: Partial<Faults>;
}

export interface Checks {
  readonly effects: ReturnType<typeof createEffectsCheck>;
  readonly consistency: ReturnType<typeof createConsistencyCheck>;
  readonly dispatch: ReturnType<typeof createDispatchCheck>;
  readonly waits: ReturnType<typeof createWaitsCheck>;
  readonly stale: ReturnType<typeof createStaleCheck>;
  readonly pace: ReturnType<typeof createPaceCheck>;
  readonly spending: ReturnType<typeof createSpendingCheck>;
  readonly pauses: ReturnType<typeof createPausesCheck>;
  readonly gates: ReturnType<typeof createGatesCheck>;
  readonly notifications: ReturnType<typeof createNotificationsCheck>;
  readonly work: ReturnType<typeof createWorkCheck>;
  readonly words: ReturnType<typeof createWordsCheck>;
  readonly agentWrites: ReturnType<typeof createAgentWritesCheck>;
}

export interface World {
  readonly dice: Dice;
  readonly time: VirtualTime;
  readonly faults: Faults;
  readonly book: IssueBook;
  readonly people: People;
  readonly agentWriting: AgentWriting;
  readonly store: MemoryStore;
  readonly live: Map<string, LiveRun>;
  /** Issue ids whose folder is being removed. */
  readonly removing: Set<string>;
  readonly checks: Checks;
  readonly journal: Journal;
  readonly census: Census;
  readonly plant: Plant;
  readonly fail: Fail;
  /** The first is the one that counts. */
  readonly violations: string[];
  wallMs(): number;
  newUuid(): string;
  /** People have set the clock. */
  skewMs: number;
  /** Monotonic: when they last did. */
  skewedAtMs: number;
  workflow: Workflow;
  /** Written to the file, but no event was raised. */
  unseenWorkflow: Workflow | null;
  life: Life | null;
  steps: number;
  calm: boolean;
}

const EPOCH_MS = Date.UTC(2026, 0, 1);

export function createWorld(seed: number, plant: Plant = {}): World {
  const dice = createDice(seed);
  const time = createVirtualTime();
  const faults = { ...drawFaults(dice.fork()), ...plant.faults };
  const store = createMemoryStore();
  const violations: string[] = [];
  const fail: Fail = (message) => void violations.push(message);
  let uuids = 0;
  // Some worlds begin shortly before midnight.
  const begunMs = EPOCH_MS + (dice.chance(0.5) ? dice.int(22 * 60, 24 * 60) * 60_000 : 0);
  const wallMs = (): number => begunMs + time.nowMs() + world.skewMs;
  const book = createIssueBook({ dice: dice.fork(), time, wallMs, lagMs: () => faults.indexLagMs });
  const truth = { changesByOthers: book.changesByOthers, movedBy: book.movedBy };
  const spending = createSpendingCheck(fail);
  const gates = createGatesCheck(fail);
  const pauses = createPausesCheck(fail, spending.ledger, gates.isPaused);

  const people = createPeople({ dice: dice.fork(), book });
  const workflow = drawWorkflow(dice.fork());
  const agentWriting = createAgentWriting({ dice: dice.fork(), time, faults, book, people });

  const world: World = {
    dice,
    time,
    faults,
    book,
    people,
    agentWriting,
    store,
    live: new Map(),
    removing: new Set(),
    checks: {
      effects: createEffectsCheck(fail),
      consistency: createConsistencyCheck(fail),
      dispatch: createDispatchCheck(fail, store, pauses.isPaused, gates.roomFor),
      waits: createWaitsCheck(fail, truth, spending.ledger),
      stale: createStaleCheck(fail),
      pace: createPaceCheck(fail),
      spending,
      pauses,
      gates,
      notifications: createNotificationsCheck(fail, gates.hasOpened),
      work: createWorkCheck(fail),
      words: createWordsCheck(fail, store),
      agentWrites: createAgentWritesCheck(fail, truth),
    },
    journal: createJournal(fail, plant.step ?? coreStep),
    census: createCensus(),
    plant,
    fail,
    violations,
    wallMs,
    newUuid: () => `uuid-${seed}-${(uuids += 1)}`,
    skewMs: 0,
    skewedAtMs: 0,
    workflow,
    unseenWorkflow: null,
    life: null,
    steps: 0,
    calm: false,
  };
  return world;
}
