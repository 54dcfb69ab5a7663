// A place for one Codex session: a workspace, a private folder, a HOME of its own, and everything that the adapter
// reports. Closed after the test, whatever became of it.

import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { agent } from '../../../../adapters/agents/codex/index.ts';
import { AgentError } from '../../../../src/contract/agent.ts';
import type {
  AgentAdapter,
  AgentEvent,
  AgentSession,
  ProcessIdentity,
  SessionRequest,
  SessionUsage,
} from '../../../../src/contract/agent.ts';
import { assertNothingLeft } from '../../../conformance/agent-processes.ts';

export interface CodexStage {
  readonly root: string;
  readonly workspace: string;
  readonly request: SessionRequest;
  readonly events: AgentEvent[];
  /** `input`, `stdout` and `stderr` lines as the transcript would get them. */
  readonly lines: { readonly stream: string; readonly line: string }[];
  readonly processes: ProcessIdentity[];
  start(changes?: Partial<SessionRequest>, signal?: AbortSignal): Promise<AgentSession>;
  turn(session: AgentSession, prompt: string, options?: TurnOptions): Promise<AgentEvent[]>;
  /** The increments so far. */
  used(): SessionUsage;
  /** Fails when a process of the run is alive. */
  nothingLeft(): void;
  stop(session: AgentSession): Promise<void>;
  close(): Promise<void>;
}

export interface TurnOptions {
  readonly signal?: AbortSignal;
  readonly onEvent?: (event: AgentEvent) => void | Promise<void>;
}

/** @param env what the agent is given; PATH names where `codex` is. */
export async function openStage(
  env: Readonly<Record<string, string>>,
  settings: Readonly<Record<string, unknown>> = {},
  parent = tmpdir(),
): Promise<CodexStage> {
  const root = await realpath(await mkdtemp(join(parent, 'codex-stage-')));
  const workspace = join(root, 'workspace');
  const home = join(root, 'home');
  for (const path of [workspace, join(home, '.codex'), join(root, 'private')]) {
    await mkdir(path, { recursive: true });
  }
  const adapter: AgentAdapter = agent.create();
  const events: AgentEvent[] = [];
  const lines: { stream: string; line: string }[] = [];
  const processes: ProcessIdentity[] = [];
  const sessions: AgentSession[] = [];
  const request: SessionRequest = {
    workspacePath: workspace,
    privateDirectory: join(root, 'private'),
    env: { HOME: home, ...env },
    runId: randomUUID(),
    command: 'codex',
    settings: agent.settingsSchema.parse(settings),
    resumeSessionId: null,
    sessionUsage: null,
    newSessionId: randomUUID(),
    issueId: '1',
    issueIdentifier: 'X-1',
    attempt: 0,
    readTimeoutMs: 60_000,
    stopGraceMs: 15_000,
    tools: null,
    onProcess: (identity) => void processes.push(identity),
    onLine: (stream, line) => void lines.push({ stream, line }),
  };
  const stage: CodexStage = {
    root,
    workspace,
    request,
    events,
    lines,
    processes,
    async start(changes = {}, signal = new AbortController().signal) {
      const session = await adapter.startSession({ ...request, ...changes }, signal);
      sessions.push(session);
      return session;
    },
    async turn(session, prompt, { signal = new AbortController().signal, onEvent } = {}) {
      const from = events.length;
      const listen = (event: AgentEvent): void | Promise<void> => {
        events.push(event);
        return onEvent?.(event);
      };
      await adapter.runTurn(session, { prompt, turn: 1 }, listen, signal);
      return events.slice(from);
    },
    used: () => sumOf(events),
    nothingLeft: () => assertNothingLeft(request.runId, processes),
    stop: (session) => adapter.stopSession(session),
    async close() {
      for (const session of sessions) await adapter.stopSession(session);
      stage.nothingLeft();
      await rm(root, { recursive: true, force: true, maxRetries: 5 });
    },
  };
  return stage;
}

export function sumOf(events: readonly AgentEvent[]): SessionUsage {
  const sum = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, costUsd: 0 };
  for (const event of events) {
    if (event.kind !== 'token_usage') continue;
    sum.inputTokens += event.inputTokens;
    sum.outputTokens += event.outputTokens;
    sum.cacheReadTokens += event.cacheReadTokens;
  }
  return sum;
}

/** What N model calls of the scripted and recorded services come to. */
export function callsOf(count: number): SessionUsage {
  return { inputTokens: 100 * count, outputTokens: 10 * count, cacheReadTokens: 20 * count, costUsd: 0 };
}

export async function failureOf(promise: Promise<unknown>): Promise<AgentError> {
  const outcome: unknown = await promise.then(
    () => new Error('it resolved'),
    (error: unknown) => error,
  );
  if (outcome instanceof AgentError) return outcome;
  throw new Error('expected an AgentError', { cause: outcome });
}

export function kindsOf(events: readonly AgentEvent[]): string[] {
  return events.map(({ kind }) => kind);
}

/** Polls a condition of the world outside, with a deadline. */
export async function eventually(
  condition: () => boolean | Promise<boolean>,
  limitMs = 45_000,
): Promise<void> {
  const deadlineMs = performance.now() + limitMs;
  while (!(await condition())) {
    if (performance.now() > deadlineMs) throw new Error(`waited ${limitMs} ms in vain`);
    await sleep(10);
  }
}
