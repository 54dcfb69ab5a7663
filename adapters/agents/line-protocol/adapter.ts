// An agent out of a program that runs once a turn, takes the prompt on stdin and prints lines. The runner in
// src/process owns the processes; this file only says what to start, passes on what is printed, and translates the
// end. Events stop before the turn's promise settles, and the last one says how the turn ended.

import { AgentError } from '../../../src/contract/agent.ts';
import type {
  AgentAdapter,
  AgentEvent,
  AgentSession,
  SessionRequest,
  TurnRequest,
} from '../../../src/contract/agent.ts';
import { launchProcess } from '../../../src/process/index.ts';
import {
  endEvent,
  noteStart,
  remarks,
  requireFolder,
  turnVariables,
  withoutToolToken,
} from '../driver/index.ts';
import { judgeEnding } from './ending.ts';
import { createLineReader } from './line-reader.ts';
import { writePromptFile } from './prompt-file.ts';
import { LineSession } from './session.ts';

/** The program of one turn. */
export interface ProgramCall {
  readonly file: string;
  /** Everybody on the machine can read these: no prompt and no settings. */
  readonly args: readonly string[];
  /** Added to the session's environment. */
  readonly env: Readonly<Record<string, string>>;
}

/** Called for each turn. */
export type ProgramChoice = (request: SessionRequest) => ProgramCall;

type OnEvent = (event: AgentEvent) => void | Promise<void>;

/** The whole adapter; `choose` is all in which two such agents differ. */
export function createLineAgent(choose: ProgramChoice): AgentAdapter {
  return {
    async startSession(request) {
      await requireFolder(request.workspacePath);
      return new LineSession(withoutToolToken(request));
    },
    async runTurn(session, turn, onEvent, signal) {
      const own = ownSession(session);
      await own.whileTurn(signal, (either) => runTurn(own, choose(own.request), turn, onEvent, either));
    },
    async stopSession(session) {
      await ownSession(session).stop();
    },
  };
}

async function runTurn(
  session: LineSession,
  call: ProgramCall,
  turn: TurnRequest,
  onEvent: OnEvent,
  signal: AbortSignal,
): Promise<void> {
  const { privateDirectory } = session.request;
  const promptFile = await writePromptFile(privateDirectory, turn.turn, turn.prompt).catch(
    (cause: unknown) => {
      const why = cause instanceof Error ? cause.message : String(cause);
      throw new AgentError('turn_failed', `cannot write the prompt file: ${why}`, { cause });
    },
  );
  try {
    const failure = await playTurn(session, call, turn, promptFile.path, onEvent, signal);
    if (failure !== null) throw failure;
  } catch (cause) {
    if (cause instanceof AgentError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AgentError('response_error', `an event could not be handed on: ${why}`, { cause });
  } finally {
    await promptFile.remove();
  }
}

/** Starts the program and reports until it is over. Rejects only with what `onEvent` or `onProcess` threw. */
async function playTurn(
  session: LineSession,
  call: ProgramCall,
  turn: TurnRequest,
  promptPath: string,
  onEvent: OnEvent,
  signal: AbortSignal,
): Promise<AgentError | null> {
  const { request } = session;
  let isOver = false;
  const report = async (events: readonly AgentEvent[]): Promise<void> => {
    for (const event of events) {
      if (isOver) return;
      if (event.kind === 'session_started') session.sessionId = event.sessionId;
      await onEvent(event);
    }
  };
  const reader = createLineReader();
  request.onLine('input', turn.prompt);
  const program = launchProcess({
    file: call.file,
    args: call.args,
    cwd: request.workspacePath,
    env: turnEnvironment(session, call, turn, promptPath),
    mark: request.runId,
    stdin: turn.prompt,
    onStderrLine: (line) => request.onLine('stderr', line),
    onStdoutLine: (line) => {
      request.onLine('stdout', line);
      const events = reader.take(line);
      return events.length === 0 ? undefined : report(events);
    },
    signal,
    graceMs: request.stopGraceMs,
  });
  await noteStart(program, request);
  const result = await program.result;
  const held = reader.end(result.unterminatedLastLine);
  const failure = judgeEnding(result, reader.lastMessage()) ?? cutOff(held);
  await report([...held, ...remarks(result), endEvent(failure)]);
  isOver = true;
  return failure;
}

/** Exit code 0 is no success when an event was lost at the end: whatever else was said there is missing too. */
function cutOff(held: readonly AgentEvent[]): AgentError | null {
  const cut = held.find((event) => event.kind === 'malformed');
  return cut === undefined
    ? null
    : new AgentError('turn_failed', cut.message, { reason: 'truncated_output' });
}

function turnEnvironment(
  session: LineSession,
  call: ProgramCall,
  turn: TurnRequest,
  promptPath: string,
): Record<string, string> {
  const { request, sessionId } = session;
  return {
    ...request.env,
    ...call.env,
    ...turnVariables(request, turn.turn, sessionId),
    ...request.tools?.stdio.env,
    SORTIE_PROMPT_FILE: promptPath,
  };
}

function ownSession(session: AgentSession): LineSession {
  if (session instanceof LineSession) return session;
  throw new TypeError('this session was started by another adapter');
}
