// An agent out of a command-line program that runs once a turn and prints JSON lines. The runner in src/process owns
// the processes, the adapter's reader knows the lines, and this file brings them together: one call a turn, the
// session's id from turn to turn, events in order, a verdict at the end. Events stop before the turn's promise
// settles, and the last one says how a turn ended that was begun.

import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { AgentError } from '../../../src/contract/agent.ts';
import type {
  AgentAdapter,
  AgentEvent,
  AgentSession,
  OutputReader,
  ReaderContext,
  SessionRequest,
  TurnRequest,
} from '../../../src/contract/agent.ts';
import { launchProcess } from '../../../src/process/index.ts';
import type { LaunchedProcess, ProcessResult } from '../../../src/process/index.ts';
import { CliSession } from './cli-session.ts';
import { createLingering } from './lingering.ts';
import { requireProgram, type Program } from './program.ts';
import { noteStart, turnVariables } from './started.ts';
import { withoutToolToken } from './tool-server.ts';
import { endEvent, judgeOutput, remarks, requireFolder } from './verdict.ts';

/** What is known before the first turn. */
export interface SessionStart {
  readonly request: SessionRequest;
  readonly program: Program;
}

/** What is known when a turn is about to begin, or has just ended. */
export interface CliTurn extends SessionStart {
  /** "" when the agent will name it. */
  readonly sessionId: string;
  /** The agent knows the session already: it is resumed, not begun. */
  readonly resumes: boolean;
  readonly turn: TurnRequest;
  /** A folder of this turn, for its owner only, outside of the workspace; removed after the turn. */
  readonly folder: string;
}

/** One turn's process. */
export interface CliCall {
  /** After the program's own leading arguments. Everybody on the machine can read them: no prompt, no secrets. */
  readonly args: readonly string[];
  /** Added to the session's environment. */
  readonly env?: Readonly<Record<string, string>> | undefined;
  /** Written and closed; null = an empty stdin. */
  readonly stdin: string | null;
}

/** A reader that may know better when its agent should be gone. */
export interface CliReader extends OutputReader {
  /** Nothing more is expected of the process but its end. Default: `isTurnOver`. */
  isDone?(): boolean;
}

/** All in which such agents differ. */
export interface CliAgentParts {
  call(turn: CliTurn): CliCall | Promise<CliCall>;
  /** One for each session. */
  createReader(context: ReaderContext, start: SessionStart): CliReader;
  /** Ends this agent cleanly when it is sent to its own pid; null = nothing kinder than SIGTERM is known. */
  readonly cleanSignal: NodeJS.Signals | null;
  /** How one gets the program, for the message when it is not there. */
  readonly install: string;
  /** The agent names its sessions itself: until it has, the id is "". Default: we name them. */
  readonly namesSessions?: boolean;
  /** Its reader says itself when an MCP server could not be reached. */
  readonly tellsOfServers?: boolean;
  /** Once before the first turn, e.g. a check of the credentials. Throws AgentError. */
  prepareSession?(start: SessionStart, signal: AbortSignal): Promise<void>;
  /** What really has to be started when the command names a loader. */
  resolveProgram?(program: Program, env: Readonly<Record<string, string>>): Promise<Program>;
  /** More lines for the reader, from files that the process left in `turn.folder`. */
  afterExit?(turn: CliTurn): Promise<readonly string[]>;
  /** How long a process may go on after its last word before it is made to end. Default: two minutes. */
  readonly lingerMs?: number;
  /** While the process runs: says more events than its output does. Called once it has a pid; the answer stops it. Never throws. */
  watch?(turn: CliTurn, pid: number, report: (events: readonly AgentEvent[]) => void): () => void;
}

const LINGERED = 'it had said its last word and did not end';
const WAITED = 'it has said its last word, and has not ended yet';

type OnEvent = (event: AgentEvent) => void | Promise<void>;

/** The whole adapter. */
export function createCliAgent(parts: CliAgentParts): AgentAdapter {
  return {
    async startSession(asked, signal) {
      const request = withoutToolToken(asked);
      await requireFolder(request.workspacePath);
      const program = await programOf(parts, request);
      await parts.prepareSession?.({ request, program }, signal);
      const sessionId = request.resumeSessionId ?? (parts.namesSessions === true ? '' : request.newSessionId);
      const { sessionUsage } = request;
      const start = { request, program };
      return new CliSession(start, sessionId, parts.createReader({ sessionUsage, sessionId }, start));
    },
    async runTurn(session, turn, onEvent, signal) {
      const own = ownSession(session);
      await own.whileTurn(signal, (either) => runTurn(parts, own, turn, onEvent, either));
    },
    async stopSession(session) {
      await ownSession(session).stop();
    },
  };
}

async function programOf(parts: CliAgentParts, request: SessionRequest): Promise<Program> {
  const program = requireProgram(request.command);
  return (await parts.resolveProgram?.(program, request.env)) ?? program;
}

async function runTurn(
  parts: CliAgentParts,
  session: CliSession,
  turn: TurnRequest,
  onEvent: OnEvent,
  signal: AbortSignal,
): Promise<void> {
  const folder = join(session.start.request.privateDirectory, `turn-${turn.turn}`);
  try {
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const facts: CliTurn = {
      ...session.start,
      sessionId: session.sessionId,
      resumes: session.isKnown && session.sessionId !== '',
      turn,
      folder,
    };
    const failure = await playTurn(parts, session, facts, onEvent, signal);
    if (failure !== null) throw failure;
  } catch (cause) {
    if (cause instanceof AgentError) throw cause;
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AgentError('response_error', `the turn could not be carried out: ${why}`, { cause });
  } finally {
    // The whole private folder goes after the run: what resists until then is no reason to fail a turn.
    await rm(folder, { recursive: true, force: true }).catch(() => undefined);
  }
}

/** Starts the program and reports until it is over. */
async function playTurn(
  parts: CliAgentParts,
  session: CliSession,
  turn: CliTurn,
  onEvent: OnEvent,
  signal: AbortSignal,
): Promise<AgentError | null> {
  const { request, program } = session.start;
  const { reader } = session;
  let isOver = false;
  let reported: Promise<void> = Promise.resolve();
  const reportAll = async (events: readonly AgentEvent[]): Promise<void> => {
    for (const event of events) {
      if (isOver) return;
      if (event.kind === 'session_started') session.nameBy(event.sessionId);
      await onEvent(event);
    }
  };
  /** One after the other: what is watched may come while a line is being reported. A failure ends all of it. */
  const report = (events: readonly AgentEvent[]): Promise<void> => {
    reported = reported.then(() => reportAll(events));
    return reported;
  };
  const take = (line: string): void | Promise<void> => {
    request.onLine('stdout', line);
    if (lingering.hasRunOut()) return;
    const events = reader.take(line, performance.now());
    lingering.heard(reader.isDone?.() ?? reader.isTurnOver());
    return events.length === 0 ? undefined : report(events);
  };
  const call = await parts.call(turn);
  // From here on the agent may know the session, whatever becomes of the turn.
  session.isKnown = true;
  if (call.stdin !== null) request.onLine('input', call.stdin);
  const launched = launchProcess({
    file: program.file,
    args: [...program.args, ...call.args],
    cwd: request.workspacePath,
    env: { ...request.env, ...call.env, ...turnVariables(request, turn.turn.turn, turn.sessionId) },
    mark: request.runId,
    stdin: call.stdin,
    onStdoutLine: take,
    onStderrLine: (line) => request.onLine('stderr', line),
    signal,
    graceMs: request.stopGraceMs,
    ending: { cleanSignal: parts.cleanSignal },
  });
  const lingering = createLingering(
    () => void launched.end(LINGERED),
    parts.lingerMs,
    () => void report([{ kind: 'other_message', message: WAITED }]).catch(() => undefined),
  );
  const result = asEndedByItself(await follow(parts, turn, launched, report).finally(lingering.forget));
  for (const line of (await parts.afterExit?.(turn).catch(() => [])) ?? []) {
    request.onLine('stdout', line);
    await report(reader.take(line, performance.now()));
  }
  const { exitCode, unterminatedLastLine, stderrText } = result;
  const end = { exitCode, signal: result.signal, unterminatedLastLine, stderrText };
  const { events, verdict } = reader.endTurn(end, performance.now());
  const failure = judgeOutput(result, verdict, { install: parts.install });
  const missing = failure === null && parts.tellsOfServers !== true ? session.missingTools() : [];
  await report([...events, ...missing, ...remarks(result), endEvent(failure)]);
  isOver = true;
  return failure;
}

/** What it had said counts, and not that it was made to end after it. */
function asEndedByItself(result: ProcessResult): ProcessResult {
  if (result.cause !== 'aborted' || result.reason !== LINGERED) return result;
  return { ...result, cause: 'exited', exitCode: 0, signal: null, unterminatedLastLine: false };
}

async function follow(
  parts: CliAgentParts,
  turn: CliTurn,
  launched: LaunchedProcess,
  report: (events: readonly AgentEvent[]) => Promise<void>,
): Promise<ProcessResult> {
  await noteStart(launched, turn.request);
  if (launched.pid === undefined || parts.watch === undefined) return launched.result;
  const stop = parts.watch(turn, launched.pid, (events) => void report(events).catch(() => undefined));
  try {
    return await launched.result;
  } finally {
    stop();
  }
}

function ownSession(session: AgentSession): CliSession {
  if (session instanceof CliSession) return session;
  throw new TypeError('this session was started by another adapter');
}
