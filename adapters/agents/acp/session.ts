// One conversation with an agent whose process serves many turns. The process is started with the session and kept
// from a completed turn to the next; a turn that fails or is cancelled takes it along, and a turn after that starts
// another and takes the session up again. At most one turn runs, and none after the session was stopped.

import { AgentError } from '../../../src/contract/agent.ts';
import type {
  AgentEvent,
  AgentSession,
  OutputEnd,
  SessionRequest,
  TurnRequest,
  TurnVerdict,
} from '../../../src/contract/agent.ts';
import type { ProcessResult } from '../../../src/process/index.ts';
import {
  cleanText,
  createToolsWatch,
  endEvent,
  judgeOutput,
  remarks,
  withoutToolToken,
} from '../driver/index.ts';
import { startLink } from './link.ts';
import type { Link } from './link.ts';
import { openSession } from './opening.ts';
import { AnswerError } from './peer.ts';
import { createAcpReader } from './reader.ts';
import type { AcpReader } from './reader.ts';
import { acpSettings } from './settings.ts';
import { judgeError } from './verdict.ts';

const TAKES_UP = new Set(['session/resume', 'session/load']);

type OnEvent = (event: AgentEvent) => void | Promise<void>;

const STILL_RUNNING: OutputEnd = {
  exitCode: null,
  signal: null,
  unterminatedLastLine: false,
  stderrText: '',
};

/** Opened by `open`, which is to be called once, first. */
export class AcpSession implements AgentSession {
  sessionId: string;
  readonly #request: SessionRequest;
  readonly #reader: AcpReader;
  readonly #missingTools: () => readonly AgentEvent[];
  readonly #stopper = new AbortController();
  #link: Link | null = null;
  #work: Promise<void> | null = null;
  #onEvents: ((events: readonly AgentEvent[]) => Promise<void>) | null = null;

  constructor(request: SessionRequest) {
    this.#request = withoutToolToken(request);
    this.#missingTools = createToolsWatch(request.tools);
    this.sessionId = request.resumeSessionId ?? '';
    this.#reader = createAcpReader({ sessionUsage: request.sessionUsage, sessionId: this.sessionId });
  }

  /** Starts the agent and opens the session. Throws AgentError, and then nothing is left. */
  async open(signal: AbortSignal): Promise<void> {
    const request = this.#request;
    if (signal.aborted) throw cancelled(signal);
    this.#reader.mute(true);
    const link = await startLink({
      request,
      reader: this.#reader,
      onEvents: (events) => this.#onEvents?.(events),
    });
    const onAbort = (): void => void link.end(textOf(signal));
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
    try {
      const settings = acpSettings.parse(request.settings);
      const knownId = this.sessionId === '' ? null : this.sessionId;
      const opened = await openSession(link, request, settings, knownId);
      if (signal.aborted) throw cancelled(signal);
      this.sessionId = opened;
      this.#link = link;
    } catch (error) {
      const result = await link.end('its session was not opened');
      // The reader knows how one could log in.
      const { verdict } = this.#reader.endTurn(STILL_RUNNING, performance.now());
      throw openingFailure(error, { result, verdict, signal });
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  /** See AgentAdapter. */
  async runTurn(turn: TurnRequest, onEvent: OnEvent, signal: AbortSignal): Promise<void> {
    if (this.#work !== null)
      throw new AgentError('response_error', 'a turn of this session is still running');
    if (this.#stopper.signal.aborted) throw new AgentError('turn_cancelled', 'the session was stopped');
    this.#work = this.#turn(turn, onEvent, AbortSignal.any([signal, this.#stopper.signal]));
    try {
      await this.#work;
    } finally {
      this.#work = null;
    }
  }

  /** Ends a running turn and the agent, and waits until nothing of them is left. Never throws. */
  async stop(): Promise<void> {
    this.#stopper.abort('the session was stopped');
    // Whoever runs the turn gets its error.
    await this.#work?.catch(() => undefined);
    const link = this.#link;
    this.#link = null;
    await link?.end('the session was stopped');
  }

  async #turn(turn: TurnRequest, onEvent: OnEvent, signal: AbortSignal): Promise<void> {
    let isOver = false;
    const report = async (events: readonly AgentEvent[]): Promise<void> => {
      for (const event of events) {
        if (isOver) return;
        await onEvent(event);
      }
    };
    this.#onEvents = report;
    try {
      const failure = await this.#play(turn, signal, report).catch(asAgentError);
      // The agent goes with every turn that did not complete: what it still does is wanted by nobody.
      if (failure !== null) {
        const link = this.#link;
        this.#link = null;
        await link?.end('the turn failed');
      }
      const missing = failure === null ? this.#missingTools() : [];
      await report([...missing, endEvent(failure)]).catch((error: unknown) => {
        throw asAgentError(error);
      });
      if (failure !== null) throw failure;
    } finally {
      isOver = true;
      this.#onEvents = null;
      this.#reader.mute(true);
    }
  }

  /** null = the turn is completed. */
  async #play(
    turn: TurnRequest,
    signal: AbortSignal,
    report: (events: readonly AgentEvent[]) => Promise<void>,
  ): Promise<AgentError | null> {
    if (signal.aborted) return cancelled(signal);
    if (this.#link?.isOver() === true) this.#link = null;
    if (this.#link === null) await this.open(signal);
    const link = this.#link as Link | null;
    if (link === null) return cancelled(signal);

    this.#reader.mute(false);
    const { sessionId } = this;
    const prompt = [{ type: 'text', text: turn.prompt }];
    const answered = link.ask('session/prompt', { sessionId, prompt }, null).then(nothing, nothing);
    link.interrupt = async () => {
      await link.tell('session/cancel', { sessionId });
      await answered;
    };
    const onAbort = (): void => void link.end(textOf(signal));
    signal.addEventListener('abort', onAbort);
    if (signal.aborted) onAbort();
    try {
      await Promise.race([answered, link.result]);
    } finally {
      signal.removeEventListener('abort', onAbort);
      if (!signal.aborted) link.interrupt = null;
    }
    if (!signal.aborted && !link.isOver()) {
      const { events, verdict } = this.#reader.endTurn(STILL_RUNNING, performance.now());
      await report(events);
      return verdict === null
        ? new AgentError('response_error', 'the agent answered the prompt without a stop reason')
        : failureOf(verdict);
    }
    const result = await link.result;
    this.#link = null;
    const { exitCode, unterminatedLastLine, stderrText } = result;
    const end = { exitCode, signal: result.signal, unterminatedLastLine, stderrText };
    const { events, verdict } = this.#reader.endTurn(end, performance.now());
    await report([...events, ...remarks(result)]);
    return judgeOutput(result, verdict);
  }
}

function failureOf(verdict: TurnVerdict): AgentError | null {
  if (verdict.kind === 'completed') return null;
  return new AgentError(verdict.error, verdict.detail, {
    reason: verdict.reason,
    resetAtMs: verdict.resetAtMs ?? null,
  });
}

interface OpeningFacts {
  readonly result: ProcessResult;
  readonly verdict: TurnVerdict | null;
  readonly signal: AbortSignal;
}

function openingFailure(error: unknown, { result, verdict, signal }: OpeningFacts): AgentError {
  if (signal.aborted) return cancelled(signal);
  const facts = { exitCode: result.exitCode, stderrTail: result.stderrText.slice(-4000), cause: error };
  if (error instanceof AnswerError) {
    const {
      error: kind,
      reason,
      detail,
    } = verdict?.kind === 'failed' ? verdict : judgeError(error.error, []);
    const isLost = reason === null && TAKES_UP.has(error.method);
    // Whatever it is that keeps the agent from going on with the old session: a fresh one may work.
    if (isLost) return new AgentError('response_error', detail, { ...facts, reason: 'session_unknown' });
    return new AgentError(kind, detail, { ...facts, reason });
  }
  if (error instanceof AgentError) return error;
  if (result.cause === 'spawn_failed' || result.error !== undefined) {
    return judgeOutput(result, null) ?? asAgentError(error);
  }
  if (result.cause !== 'exited') return asAgentError(error);
  const how =
    result.exitCode === null ? `ended by ${result.signal ?? 'a signal'}` : `exit code ${result.exitCode}`;
  const words = cleanText(result.stderrText.trimEnd().split('\n').at(-1) ?? '', 300);
  const detail = `the agent ended before its session was open (${how})${words === '' ? '' : `: ${words}`}`;
  return new AgentError('port_exit', detail, { ...facts, reason: 'crash' });
}

function asAgentError(cause: unknown): AgentError {
  if (cause instanceof AgentError) return cause;
  const why = cause instanceof Error ? cause.message : String(cause);
  return new AgentError('response_error', `the turn could not be carried out: ${why}`, { cause });
}

function cancelled(signal: AbortSignal): AgentError {
  return new AgentError('turn_cancelled', cleanText(textOf(signal), 500));
}

function textOf(signal: AbortSignal): string {
  const reason: unknown = signal.reason;
  return reason instanceof Error ? reason.message : String(reason);
}

function nothing(): void {
  // An answer tells what it tells through the reader.
}
