// One conversation with Codex: a thread that is started or resumed once, and turns one after another in one process.
// Codex runs tools in sessions of their own and leaves some of them running when a turn is over: then its process is
// ended with all that grew from it, and the next turn resumes the thread in a new one. The same happens after a turn
// that failed or was cancelled, and when the process died between turns. No event is reported outside of a turn.

import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { AgentError } from '../../../src/contract/agent.ts';
import type {
  AgentEvent,
  AgentSession,
  SessionRequest,
  TurnRequest,
  TurnVerdict,
} from '../../../src/contract/agent.ts';
import { toolSessions } from '../../../src/process/index.ts';
import type { ProcessResult } from '../../../src/process/index.ts';
import { endEvent, judgeOutput, remarks, sessionVariables, withoutToolToken } from '../driver/index.ts';
import type { JsonObject, Program } from '../driver/index.ts';
import { INSTALL, openConnection } from './connection.ts';
import type { Connection } from './connection.ts';
import { handshakeFailure, openThread } from './handshake.ts';
import { KEY_IN_MEMORY_ARGS, turnParams } from './params.ts';
import { outputEnd, STILL_RUNNING } from './process-end.ts';
import { createCodexReader } from './reader.ts';
import type { CodexReader } from './reader.ts';
import { asFailure, cancelledBy, RunningTurn, throwIfAborted, whenAborted } from './running-turn.ts';
import type { OnEvent } from './running-turn.ts';
import { missingTargets, removeEmpty } from './sandbox-traces.ts';
import { effectiveSandbox } from './settings.ts';
import type { CodexSettings } from './settings.ts';

/** What is said between turns is kept for the next one: usage must not be lost. */
const HELD_EVENTS = 100;
const NOT_HELD: readonly AgentEvent['kind'][] = ['tool_started', 'tool_result', 'other_message', 'malformed'];
/** A tool that has just ended may take a moment to be gone. */
const TOOL_END_MS = 300;
const TOOL_LOOK_MS = 50;

export class CodexSession implements AgentSession {
  /** The thread's id; "" until there is one. */
  sessionId: string;
  readonly #request: SessionRequest;
  readonly #program: Program;
  readonly #settings: CodexSettings;
  readonly #grantsAll: boolean;
  readonly #reader: CodexReader;
  readonly #stopper = new AbortController();
  #connection: Connection | null = null;
  #key: string | null = null;
  #turn: RunningTurn | null = null;
  #running: Promise<void> | null = null;
  #held: readonly AgentEvent[] = [];
  #traces: readonly string[] = [];

  constructor(request: SessionRequest, program: Program, settings: CodexSettings) {
    this.#request = withoutToolToken(request);
    this.#program = program;
    this.#settings = settings;
    this.#grantsAll = effectiveSandbox(settings) === 'danger-full-access';
    this.sessionId = request.resumeSessionId ?? '';
    this.#reader = createCodexReader({
      sessionUsage: request.sessionUsage,
      sessionId: this.sessionId,
      grantsAll: this.#grantsAll,
    });
  }

  /** Starts the process and the thread. Rejects with AgentError, and then nothing is left. */
  async start(signal: AbortSignal): Promise<void> {
    if (!this.#grantsAll) this.#traces = await missingTargets(this.#request.workspacePath);
    await this.#connect(signal);
  }

  /** Like AgentAdapter.runTurn. */
  async runTurn(turn: TurnRequest, onEvent: OnEvent, signal: AbortSignal): Promise<void> {
    if (this.#running !== null)
      throw new AgentError('response_error', 'a turn of this session is still running');
    if (this.#stopper.signal.aborted) throw new AgentError('turn_cancelled', 'the session was stopped');
    this.#running = this.#play(turn, onEvent, AbortSignal.any([signal, this.#stopper.signal]));
    try {
      await this.#running;
    } finally {
      this.#running = null;
    }
  }

  /** Never rejects. */
  async stop(): Promise<void> {
    this.#stopper.abort('the session was stopped');
    // Whoever runs the turn gets its error.
    await this.#running?.catch(() => undefined);
    await this.#disconnect('the session was stopped');
  }

  async #play({ prompt }: TurnRequest, onEvent: OnEvent, signal: AbortSignal): Promise<void> {
    const turn = new RunningTurn(onEvent);
    const last: AgentEvent[] = [];
    let failure: AgentError | null;
    try {
      throwIfAborted(signal);
      this.#turn = turn;
      const held = this.#held;
      this.#held = [];
      await turn.report(held);
      const connection = await this.#connect(signal);
      const { result, events, verdict } = await this.#follow(connection, prompt, turn, signal);
      last.push(...events);
      failure =
        result !== null && signal.aborted
          ? cancelledBy(signal)
          : judgeOutput(result ?? STILL_RUNNING, verdict, { install: INSTALL });
    } catch (cause) {
      this.#reader.endTurn(outputEnd(null), performance.now());
      failure = asFailure(cause);
    }
    // After a failure nobody knows what the process still does.
    if (failure !== null || (await this.#hasToolsLeft())) await this.#disconnect('its turn is over');
    await removeEmpty(this.#traces);
    this.#turn = null;
    // Said after Codex had called the turn over, above all what a cancelled call has used.
    const late = this.#held;
    this.#held = [];
    try {
      await turn.report([...last, ...late, endEvent(failure)]);
    } catch (cause) {
      failure ??= asFailure(cause);
    }
    if (failure !== null) throw failure;
  }

  /** From `turn/start` to the end of the turn, whatever ends it. `result`: of the process, if it ended as well. */
  async #follow(
    connection: Connection,
    prompt: string,
    turn: RunningTurn,
    signal: AbortSignal,
  ): Promise<{ result: ProcessResult | null; verdict: TurnVerdict | null; events: AgentEvent[] }> {
    const threadId = this.sessionId;
    const params = turnParams(this.#settings, this.#request.workspacePath, { threadId, prompt });
    const refused = new Promise<never>((_resolve, reject) => {
      connection.peer.request('turn/start', params).catch((error: unknown) => {
        // A process that is over says so itself, and says more.
        if (!connection.isOver()) reject(error instanceof Error ? error : new Error(String(error)));
      });
    });
    const aborted = whenAborted(signal);
    const died = connection.over.then(() => 'died' as const);
    const how = await Promise.race([turn.over, died, aborted.promise, refused]).finally(aborted.forget);
    const result =
      how === 'over' ? null : await connection.end(how === 'aborted' ? cancelledBy(signal).message : how);
    const ended = this.#reader.endTurn(outputEnd(result), performance.now());
    return {
      result,
      verdict: ended.verdict,
      events: [...ended.events, ...(result === null ? [] : remarks(result))],
    };
  }

  async #hasToolsLeft(): Promise<boolean> {
    const pid = this.#connection?.pid;
    if (pid === undefined) return false;
    const deadlineMs = performance.now() + TOOL_END_MS;
    while ((await toolSessions(this.#request.runId, pid)).length > 0) {
      if (performance.now() > deadlineMs) return true;
      await sleep(TOOL_LOOK_MS);
    }
    return false;
  }

  /** A process that has the thread; a new one when there is none. Rejects with AgentError, and then nothing is left. */
  async #connect(signal: AbortSignal): Promise<Connection> {
    if (this.#connection?.isOver() === false) return this.#connection;
    const aborted = whenAborted(signal);
    const opening = this.#open(signal);
    try {
      await Promise.race([
        opening,
        aborted.promise.then(() => {
          throw cancelledBy(signal);
        }),
      ]);
      return await opening;
    } catch (error) {
      await this.#disconnect('its session could not be started');
      // It may have been about to start a process.
      await opening.catch(() => undefined);
      await this.#disconnect('its session could not be started');
      throw handshakeFailure(error);
    } finally {
      aborted.forget();
    }
  }

  async #open(signal: AbortSignal): Promise<Connection> {
    let connection: Connection | null = null;
    const { threadId, key } = await openThread({
      launch: async (withKey) => {
        connection = await this.#launch(withKey, signal);
        return connection;
      },
      end: (reason) => this.#disconnect(reason),
      settings: this.#settings,
      workspacePath: this.#request.workspacePath,
      tools: this.#request.tools,
      env: this.#request.env,
      threadId: this.sessionId,
      key: this.#key,
    });
    this.sessionId = threadId;
    this.#key = key;
    if (connection === null) throw new AgentError('port_exit', 'Codex is not running', { reason: 'crash' });
    return connection;
  }

  async #launch(key: string | null, signal: AbortSignal): Promise<Connection> {
    const request = this.#request;
    // The sandbox lets tools write to it, so it must be nobody else's.
    const temporary = request.env['TMPDIR'] ?? join(request.privateDirectory, 'tmp');
    await mkdir(temporary, { recursive: true, mode: 0o700 });
    throwIfAborted(signal);
    this.#connection = await openConnection({
      request,
      program: this.#program,
      args: key === null ? [] : KEY_IN_MEMORY_ARGS,
      env: {
        ...request.env,
        TMPDIR: temporary,
        ...sessionVariables(request),
      },
      grantsAll: this.#grantsAll,
      secret: key,
      take: (message) => this.#take(message),
      interrupt: () => this.#interrupt(),
    });
    throwIfAborted(signal);
    return this.#connection;
  }

  #take(message: JsonObject | string): void | Promise<void> {
    const nowMs = performance.now();
    const events =
      typeof message === 'string'
        ? this.#reader.take(message, nowMs)
        : this.#reader.takeMessage(message, nowMs);
    const reported = events.length === 0 ? undefined : this.#report(events);
    const turn = this.#turn;
    if (turn !== null && !turn.isOver && this.#reader.isTurnOver()) turn.noteOver();
    return reported;
  }

  #report(events: readonly AgentEvent[]): void | Promise<void> {
    if (this.#turn !== null && !this.#turn.isOver) return this.#turn.report(events);
    const kept = events.filter(({ kind }) => !NOT_HELD.includes(kind));
    this.#held = [...this.#held, ...kept].slice(-HELD_EVENTS);
  }

  /** Asked before the process is made to end. */
  async #interrupt(): Promise<void> {
    const turnId = this.#reader.runningTurnId();
    const turn = this.#turn;
    if (turnId === '' || turn === null || turn.isOver) return;
    const params = { threadId: this.sessionId, turnId };
    this.#connection?.peer.request('turn/interrupt', params).catch(() => undefined);
    await turn.over;
  }

  /** Never rejects. */
  async #disconnect(reason: string): Promise<void> {
    const connection = this.#connection;
    if (connection === null) return;
    await connection.end(reason);
    if (this.#connection === connection) this.#connection = null;
    await removeEmpty(this.#traces);
  }
}
