// One session of a run's agent: started with an allow-listed environment and folders of its own, driven turn by
// turn under a time limit, and stopped. Whatever the adapter does, this settles.

import type {
  AgentAdapter,
  AgentEvent,
  AgentSession,
  ProcessIdentity,
  SessionRequest,
  TurnRequest,
} from '../contract/agent.ts';
import { AgentError } from '../contract/agent.ts';
import type { ToolServer } from '../contract/agent-tools.ts';
import { buildEnvironment } from '../process/index.ts';
import type { WorkerAgent } from './dependencies.ts';
import type { RunContext } from './run-context.ts';
import type { RunFolders } from './run-folders.ts';
import { messageOf, RunProblem } from './run-problem.ts';
import { NeverSettled, settleAfterAbort } from './time-limit.ts';

/** On top of twice the grace: SIGTERM, SIGKILL, and draining what was printed. */
const SETTLE_MARGIN_MS = 30_000;

export interface OpenSession {
  readonly adapter: AgentAdapter;
  readonly session: AgentSession;
}

/** What differs between the sessions that a run may need. */
export interface SessionChoice {
  readonly workspacePath: string;
  readonly folders: RunFolders;
  /** null = none. */
  readonly tools: ToolServer | null;
  /** null starts a new one. */
  readonly resumeSessionId: SessionRequest['resumeSessionId'];
  readonly sessionUsage: SessionRequest['sessionUsage'];
  readonly onLine: SessionRequest['onLine'];
}

export function findAgent(run: RunContext): WorkerAgent {
  const { agentKind } = run.spec;
  const agent = run.dependencies.agents(agentKind);
  if (agent !== null) return agent;
  throw new AgentError('agent_not_found', `no agent kind ${JSON.stringify(agentKind)}; correct agent.kind`);
}

/** Rejects with what the adapter throws. To be followed by `announceSession`. */
export async function openSession(
  run: RunContext,
  { adapter, registration }: WorkerAgent,
  { workspacePath, folders, tools, resumeSessionId, sessionUsage, onLine }: SessionChoice,
): Promise<OpenSession> {
  const { runId, issue, attempt, secretEnvNames, settings } = run.spec;
  const { temporary } = folders;
  await run.enter('initializing_session');
  run.signal.throwIfAborted();
  const request: SessionRequest = {
    workspacePath,
    privateDirectory: folders.privateDirectory,
    env: buildEnvironment({
      from: run.dependencies.environment,
      secretNames: new Set(secretEnvNames),
      declared: registration.passEnv,
      pass: settings.agent.passEnv,
      // `sortie mcp-server` finds its run by it, whoever starts it below the agent.
      extra: {
        ...{ TMPDIR: temporary, TMP: temporary, TEMP: temporary },
        ...tools?.stdio.env,
        ...settings.agent.env,
      },
    }),
    runId,
    command: settings.agent.command === '' ? registration.defaultCommand : settings.agent.command,
    settings: settings.agent.block,
    resumeSessionId,
    sessionUsage,
    newSessionId: run.dependencies.newUuid(),
    issueId: issue.id,
    issueIdentifier: issue.identifier,
    attempt,
    readTimeoutMs: settings.agent.readTimeoutMs,
    stopGraceMs: settings.agent.stopGraceMs,
    tools,
    onProcess: (identity: ProcessIdentity) => run.emitSoon({ kind: 'process_started', identity }),
    onLine,
  };
  const start = adapter.startSession(request, run.signal);
  try {
    return { adapter, session: await bounded(run, 'the start of the session', run.signal, start) };
  } catch (error) {
    // A session that comes after all must not stay behind.
    if (error instanceof NeverSettled) start.then((late) => adapter.stopSession(late)).catch(() => undefined);
    throw error;
  }
}

/** The core learns an id that we chose even when the agent never names it; one that is not known yet comes later. */
export async function announceSession(run: RunContext, { session }: OpenSession): Promise<void> {
  await run.reported();
  if (session.sessionId === '') return;
  await run.emit({ kind: 'agent_event', event: { kind: 'session_started', sessionId: session.sessionId } });
}

/** Rejects with what the adapter throws, or with RunProblem `turn_timeout`. */
export async function runTurn(
  run: RunContext,
  open: OpenSession,
  { prompt, turn }: TurnRequest,
  onEvent: (event: AgentEvent) => Promise<void>,
): Promise<void> {
  const { turnTimeoutMs } = run.spec.settings.agent;
  const timeout = new AbortController();
  const stopTimer = run.dependencies.clock.after(turnTimeoutMs, () => timeout.abort('turn_timeout'));
  try {
    await run.enter('streaming_turn');
    run.signal.throwIfAborted();
    await run.emit({ kind: 'turn_started', turn });
    const signal = AbortSignal.any([run.signal, timeout.signal]);
    const ended = open.adapter.runTurn(open.session, { prompt, turn }, onEvent, signal);
    await bounded(run, 'the turn', signal, ended);
    await run.reported();
  } catch (error) {
    if (!timeout.signal.aborted || run.signal.aborted) throw error;
    const detail = `turn ${turn} ran longer than ${turnTimeoutMs} ms (agent.turn_timeout_ms) and was ended`;
    throw new RunProblem('turn_timeout', `agent: turn_timeout: ${detail}`, error);
  } finally {
    stopTimer();
  }
  await run.emit({ kind: 'turn_finished', turn });
}

/** Never rejects. */
export async function closeSession(run: RunContext, { adapter, session }: OpenSession): Promise<void> {
  try {
    await bounded(run, 'the end of the session', AbortSignal.abort(), adapter.stopSession(session));
  } catch (error) {
    if (!(error instanceof NeverSettled)) await run.warn('agent session did not stop', messageOf(error));
  }
}

/** A third party's adapter may break its promise to settle; the issue must not stay claimed for that. */
async function bounded<T>(run: RunContext, what: string, signal: AbortSignal, work: Promise<T>): Promise<T> {
  const limitMs = 2 * run.spec.settings.agent.stopGraceMs + SETTLE_MARGIN_MS;
  try {
    return await settleAfterAbort(work, signal, { clock: run.dependencies.clock, limitMs, what });
  } catch (error) {
    if (error instanceof NeverSettled) await run.warn('agent adapter does not end', error.message);
    throw error;
  }
}
