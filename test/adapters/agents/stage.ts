// Folders and requests for the tests of agents: real workspaces in a temporary folder, removed after each test.

import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  AgentAdapter,
  AgentEvent,
  AgentRegistration,
  ProcessIdentity,
  SessionRequest,
} from '../../../src/contract/agent.ts';

/** Short, so that a test of the hard end takes no longer than it must. */
export const GRACE_MS = 200;

const roots: string[] = [];

/** A request with an empty workspace and an empty private folder. */
export async function newRequest(changes: Partial<SessionRequest> = {}): Promise<SessionRequest> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'sortie-agent-')));
  roots.push(root);
  const workspacePath = join(root, 'workspace');
  const privateDirectory = join(root, 'private');
  await mkdir(workspacePath);
  await mkdir(privateDirectory);
  return {
    workspacePath,
    privateDirectory,
    env: { PATH: process.env['PATH'] ?? '', HOME: root },
    runId: randomUUID(),
    command: 'true',
    settings: {},
    resumeSessionId: null,
    sessionUsage: null,
    newSessionId: randomUUID(),
    issueId: '10001',
    issueIdentifier: 'DEMO-1',
    attempt: 0,
    readTimeoutMs: 60_000,
    stopGraceMs: GRACE_MS,
    tools: null,
    onProcess: () => undefined,
    onLine: () => undefined,
    ...changes,
  };
}

/** For afterEach. */
export async function clearStages(): Promise<void> {
  await Promise.all(roots.splice(0).map((root) => rm(root, { recursive: true, force: true })));
}

/** A session that is being played, with all that it reported. */
export interface Play {
  readonly adapter: AgentAdapter;
  readonly request: SessionRequest;
  readonly session: { readonly sessionId: string };
  readonly events: AgentEvent[];
  readonly processes: ProcessIdentity[];
  turn(
    number?: number,
    options?: {
      prompt?: string;
      signal?: AbortSignal;
      onEvent?: (event: AgentEvent) => void | Promise<void>;
    },
  ): Promise<void>;
}

/** Starts a session of an agent. */
export async function startPlay(
  registration: AgentRegistration,
  changes: Partial<SessionRequest> = {},
): Promise<Play> {
  const processes: ProcessIdentity[] = [];
  const request = await newRequest({ onProcess: (identity) => void processes.push(identity), ...changes });
  const adapter = registration.create();
  const session = await adapter.startSession(request, new AbortController().signal);
  const events: AgentEvent[] = [];
  return {
    adapter,
    request,
    session,
    events,
    processes,
    turn: (number = 1, { prompt = 'Fix it.', signal = new AbortController().signal, onEvent } = {}) =>
      adapter.runTurn(
        session,
        { prompt, turn: number },
        (event) => {
          events.push(event);
          return onEvent?.(event);
        },
        signal,
      ),
  };
}

/** The messages of all events of one kind. */
export function messagesOf(
  events: readonly AgentEvent[],
  kind: 'notification' | 'malformed' | 'turn_failed',
): string[] {
  return events.flatMap((event) => (event.kind === kind ? [event.message] : []));
}
