// What an agent adapter's author hands to the agent suite: the registration, and for each behaviour that the suite
// wants to see, the settings under which their agent shows it. Nothing here knows a test runner.

import { strict as assert } from 'node:assert';
import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';
import { AgentError } from '../../src/contract/agent.ts';
import type {
  AgentAdapter,
  AgentEvent,
  AgentRegistration,
  AgentSession,
  ProcessIdentity,
  SessionRequest,
  TokenUsage,
} from '../../src/contract/agent.ts';

/**
 * - `completes`: a turn ends well and reports the world's `usagePerTurn`.
 * - `fails`: a turn fails in a way that is worth another try.
 * - `asks`: a turn ends with a question to a person.
 * - `hangs`: a turn never ends, but gives in to SIGTERM; it reports something first.
 * - `resists`: like `hangs`, but nothing short of SIGKILL ends it, a child in a session of its own included.
 * - `missing`: the program is not there.
 */
export type AgentScenario = 'completes' | 'fails' | 'asks' | 'hangs' | 'resists' | 'missing';

/** A place to run in, made for one case. */
export interface AgentStage {
  /** Everything but what the suite watches itself; with an existing workspace and private folder, both empty. */
  readonly request: Omit<SessionRequest, 'onProcess'>;
  /** Removes the folders. */
  close(): Promise<void>;
}

/** To be implemented by who runs the suite. */
export interface AgentWorld {
  readonly registration: AgentRegistration;
  /** The sum over one turn of `completes`. */
  readonly usagePerTurn: Pick<TokenUsage, 'inputTokens' | 'outputTokens' | 'cacheReadTokens'>;
  /** A call that takes longer has failed its case, and does not hang the suite. Default 50,000. */
  readonly settleLimitMs?: number;
  /** How long a process of the agent serves: one turn (the default), or all turns of a session. */
  readonly processServes?: 'turn' | 'session';
  /** Null = this agent has no such behaviour, and the cases about it pass by saying nothing. */
  stage(scenario: AgentScenario): Promise<AgentStage | null>;
}

/** An adapter on a stage, with everything that it reports. */
export interface Scene {
  readonly adapter: AgentAdapter;
  readonly request: SessionRequest;
  readonly session: AgentSession;
  readonly events: AgentEvent[];
  readonly processes: ProcessIdentity[];
  /** Runs a turn that may be cancelled; events are collected. */
  turn(number: number, options?: TurnOptions): Promise<void>;
}

export interface TurnOptions {
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: AgentEvent) => void | Promise<void>;
}

const SETTLE_LIMIT_MS = 50_000;

/** Runs `play` with a started session, and afterwards ends the session and clears the stage. */
export async function onStage(
  world: AgentWorld,
  scenario: AgentScenario,
  play: (scene: Scene) => Promise<void>,
  changes: Partial<SessionRequest> = {},
): Promise<void> {
  const stage = await world.stage(scenario);
  if (stage === null) return;
  const processes: ProcessIdentity[] = [];
  const events: AgentEvent[] = [];
  const request: SessionRequest = {
    ...stage.request,
    onProcess: (identity) => void processes.push(identity),
    ...changes,
  };
  const adapter = world.registration.create();
  const curtain = new AbortController();
  const inTime = <T>(what: string, work: Promise<T>): Promise<T> =>
    settled(work, what, world.settleLimitMs ?? SETTLE_LIMIT_MS);
  const turn = (number: number, { signal, onEvent }: TurnOptions = {}): Promise<void> => {
    const prompt = `Turn ${number}: do what the issue says.`;
    const listen = (event: AgentEvent): void | Promise<void> => {
      events.push(event);
      return onEvent?.(event);
    };
    const ends = signal === undefined ? curtain.signal : AbortSignal.any([curtain.signal, signal]);
    return inTime('runTurn', adapter.runTurn(session, { prompt, turn: number }, listen, ends));
  };
  let session: AgentSession;
  try {
    session = await inTime('startSession', adapter.startSession(request, curtain.signal));
    try {
      await play({ adapter, request, session, events, processes, turn });
    } finally {
      curtain.abort('the case is over');
      await inTime('stopSession', adapter.stopSession(session));
    }
  } finally {
    await stage.close();
  }
}

async function settled<T>(work: Promise<T>, what: string, limitMs: number): Promise<T> {
  const timer = new AbortController();
  const late = sleep(limitMs, undefined, { signal: timer.signal }).then(() =>
    assert.fail(`${what} did not settle within ${limitMs} ms`),
  );
  late.catch(() => undefined);
  try {
    return await Promise.race([work, late]);
  } finally {
    timer.abort();
  }
}

/** The AgentError that a promise rejects with; anything else is a breach. */
export async function agentErrorOf(promise: Promise<unknown>): Promise<AgentError> {
  const outcome: unknown = await promise.then(
    () => 'it resolved',
    (error: unknown) => error,
  );
  assert.ok(outcome instanceof AgentError, `expected an AgentError, got: ${inspect(outcome)}`);
  return outcome;
}

/** Sums of the increments that were reported. */
export function usageIn(events: readonly AgentEvent[]): AgentWorld['usagePerTurn'] {
  const sums = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0 };
  for (const event of events) {
    if (event.kind !== 'token_usage') continue;
    sums.inputTokens += event.inputTokens;
    sums.outputTokens += event.outputTokens;
    sums.cacheReadTokens += event.cacheReadTokens;
  }
  return sums;
}

/** Cancels when the program itself has spoken, so that it is known to run. Returns how long the end took. */
export async function cancelAtFirstSign({ turn }: Pick<Scene, 'turn'>): Promise<number> {
  const controller = new AbortController();
  let cancelledMs = 0;
  const failure = await agentErrorOf(
    turn(1, {
      signal: controller.signal,
      onEvent: ({ kind }) => {
        // `session_started` may be the adapter's word and not the program's.
        if (kind === 'session_started' || controller.signal.aborted) return;
        cancelledMs = performance.now();
        controller.abort('the suite cancels it');
      },
    }),
  );
  assert.equal(failure.kind, 'turn_cancelled');
  return performance.now() - cancelledMs;
}
