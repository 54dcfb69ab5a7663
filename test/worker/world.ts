// A small world around one run: real folders and real `sh` agents, an issue tracker in memory, and everything
// that the run reported, in order. What a test changes it says; the rest is the plain case that ends well.

import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { afterEach, expect } from 'vitest';
import { AgentError } from '../../src/contract/agent.ts';
import type { AgentAdapter, SessionRequest } from '../../src/contract/agent.ts';
import type { Issue } from '../../src/contract/issue.ts';
import type { CancelReason, RunEvent, RunExit, RunPhase, RunSpec } from '../../src/contract/run.ts';
import { TrackerError } from '../../src/contract/tracker.ts';
import type { CommentRequest, TransitionRequest } from '../../src/contract/tracker-writer.ts';
import type { TranscriptHead } from '../../src/contract/transcript.ts';
import { launchProcess } from '../../src/process/index.ts';
import { createRunHandler } from '../../src/worker/index.ts';
import type { WorkerDependencies } from '../../src/worker/index.ts';
import type { HookResult } from '../../src/workspace/index.ts';
import { processesWith, scratchFolder } from '../workspace/scratch.ts';

const runIds: string[] = [];

afterEach(() => {
  for (const runId of runIds.splice(0)) expect(processesWith(runId)).toEqual([]);
});

export interface World {
  readonly root: string;
  readonly privateRoot: string;
  /** Where TMPDIRs are made. */
  readonly temporaryRoot: string;
  /** Of the transcripts that were opened. */
  readonly heads: TranscriptHead[];
  /** `<turn> <stream> <line>`, and `closed`. */
  readonly transcript: string[];
  /** The prompts that were kept beside it. */
  readonly kept: { readonly turn: number; readonly text: string }[];
  readonly events: RunEvent[];
  readonly transitions: TransitionRequest[];
  readonly comments: CommentRequest[];
  readonly prompts: string[];
  readonly hooks: HookResult[];
  /** Delays that were waited for; each passes at once. */
  readonly pauses: number[];
  /** Answers to the looks after the turns, the last one for ever; an Error is thrown, null = no such issue. */
  looks: (Partial<Issue> | Error | null)[];
  run(change?: Change): Promise<RunExit>;
}

export interface Change {
  readonly spec?: Partial<Omit<RunSpec, 'settings'>>;
  readonly tracker?: Partial<RunSpec['settings']['tracker']>;
  readonly hooks?: Partial<RunSpec['settings']['hooks']>;
  /** `command` is the program of each turn: `sh -c`, the prompt on stdin, SORTIE_TURN set. */
  readonly agent?: Partial<RunSpec['settings']['agent']>;
  readonly dependencies?: Partial<WorkerDependencies>;
  /** Aborts with that reason as soon as an event is reported that this is true for. */
  readonly abort?: { readonly reason: CancelReason; readonly when: (event: RunEvent) => boolean };
  readonly signal?: AbortSignal;
}

export function aWorld(): World {
  const folder = scratchFolder();
  const world: World = {
    root: join(folder, 'root'),
    privateRoot: join(folder, 'private'),
    temporaryRoot: folder,
    heads: [],
    transcript: [],
    kept: [],
    events: [],
    transitions: [],
    comments: [],
    prompts: [],
    hooks: [],
    pauses: [],
    looks: [{ state: 'In Progress' }],
    run: (change = {}) => runOnce(world, change),
  };
  return world;
}

export function phasesOf(world: World): RunPhase[] {
  return world.events.flatMap((event) => (event.kind === 'phase_entered' ? [event.phase] : []));
}

export function warningsOf(world: World): string[] {
  return world.events.flatMap((event) =>
    event.kind === 'warning' ? [`${event.message}: ${event.detail}`] : [],
  );
}

export function trackerError(kind: TrackerError['kind'] = 'tracker_transport_error'): TrackerError {
  return new TrackerError({ kind, method: 'GET', path: '/issue/1', detail: 'as the test wants it' });
}

async function runOnce(world: World, change: Change): Promise<RunExit> {
  const runId = randomUUID();
  runIds.push(runId);
  const controller = new AbortController();
  const report = async (event: RunEvent): Promise<void> => {
    world.events.push(event);
    if (change.abort?.when(event) === true) controller.abort(change.abort.reason);
  };
  const handler = createRunHandler({ ...dependenciesOf(world), ...change.dependencies });
  const exit = await handler(specOf(world, runId, change), report, change.signal ?? controller.signal);
  const reported = world.events.length;
  expect(processesWith(runId)).toEqual([]);
  expect(world.events).toHaveLength(reported);
  return exit;
}

const ISSUE: Issue = {
  id: '1',
  identifier: 'A-1',
  title: 'Fix the door',
  description: '',
  priority: null,
  state: 'To Do',
  branchName: '',
  url: '',
  assignee: '',
  issueType: '',
  labels: ['agent'],
  parent: null,
  comments: [],
  blockedBy: [],
  createdAt: '',
  updatedAt: '',
};

function specOf(world: World, runId: string, change: Change): RunSpec {
  return {
    runId,
    issue: ISSUE,
    attempt: 0,
    agentKind: change.agent?.kind ?? 'script',
    resumeSessionId: null,
    sessionUsage: null,
    emptyRuns: 0,
    recordedWorkspacePath: null,
    prompt: { source: 'Do it', path: '/somewhere/WORKFLOW.md', firstLine: 4 },
    secretEnvNames: [],
    ...change.spec,
    settings: {
      workspaceRoot: world.root,
      tracker: {
        kind: 'memory',
        adapter: '',
        endpoint: '',
        project: '',
        apiKey: '',
        queryFilter: '',
        activeStates: ['To Do', 'In Progress'],
        terminalStates: ['Done'],
        handoffState: '',
        inProgressState: '',
        requiredLabels: [],
        parkLabel: '',
        maxInHandoff: 0,
        richText: 'plain',
        comments: { onDispatch: false, onCompletion: false, onFailure: false, style: 'plain' },
        block: {},
        ...change.tracker,
      },
      hooks: {
        afterCreate: '',
        beforeRun: '',
        afterRun: '',
        beforeRemove: '',
        timeoutMs: 60_000,
        ...change.hooks,
      },
      agent: {
        kind: 'script',
        command: 'cat > prompt-$SORTIE_TURN',
        env: {},
        passEnv: [],
        maxTurns: 1,
        maxSessions: 0,
        maxConcurrentAgents: 1,
        maxConcurrentAgentsByState: {},
        turnTimeoutMs: 3_600_000,
        readTimeoutMs: 5000,
        stallTimeoutMs: 300_000,
        toolTimeoutMs: 1_800_000,
        budget: {
          maxTokensPerRun: 0,
          maxTokensPerIssue: 0,
          maxTokensPerDay: 0,
          maxUsdPerRun: 0,
          maxUsdPerIssue: 0,
          maxUsdPerDay: 0,
        },
        evidence: 'off',
        maxEmptyRuns: 3,
        breakerFailures: 5,
        stopGraceMs: 300,
        maxRetryBackoffMs: 300_000,
        block: {},
        ...change.agent,
      },
    },
  };
}

function dependenciesOf(world: World): WorkerDependencies {
  const look = (): Issue | null => {
    const answer = world.looks.length > 1 ? world.looks.shift() : world.looks[0];
    if (answer instanceof Error) throw answer;
    return answer == null ? null : { ...ISSUE, ...answer };
  };
  return {
    agents: (kind) =>
      kind === 'script'
        ? {
            adapter: scriptAgent(),
            registration: { defaultCommand: 'true', passEnv: ['AGENT_*'], tools: 'http' },
          }
        : null,
    tracker: {
      async fetchIssueById() {
        const issue = look();
        if (issue === null) throw trackerError('tracker_not_found');
        return issue;
      },
      async fetchIssueStatesByIds() {
        const issue = look();
        return new Map(issue === null ? [] : [[issue.id, issue.state]]);
      },
    },
    writer: {
      async transition(request) {
        world.transitions.push(request);
      },
      async comment(request) {
        world.comments.push(request);
      },
      async label() {},
    },
    async renderPrompt(prompt, { issue, attempt, run }) {
      const text = `${prompt.source} ${issue.identifier} ${issue.state} ${attempt} ${run.turnNumber}/${run.maxTurns}`;
      world.prompts.push(`${text} ${run.isContinuation}`);
      return text;
    },
    environment: {
      PATH: process.env['PATH'],
      AGENT_NAME: 'smith',
      DAEMON_SECRET: 'hunter2',
      SORTIE_FROM: 'hunter2',
    },
    privateRoot: world.privateRoot,
    temporaryRoot: world.temporaryRoot,
    transcripts: {
      open: (head) => {
        world.heads.push(head);
        return {
          write: (turn, stream, line) => void world.transcript.push(`${turn} ${stream} ${line}`),
          prompt: (turn, text) => void world.kept.push({ turn, text }),
          close: async () => void world.transcript.push('closed'),
        };
      },
    },
    clock: {
      after(delayMs, fire) {
        // Turn limits and the bound on aborted work never fall due here; pauses do at once.
        if (delayMs >= 10_000) return () => undefined;
        world.pauses.push(delayMs);
        const timer = setImmediate(fire);
        return () => clearImmediate(timer);
      },
    },
    newUuid: randomUUID,
    hookEnded: (_spec, result) => world.hooks.push(result),
  };
}

/** Every turn is one real program; exit 0 completes the turn, a line of stdout is a notification. */
export function scriptAgent(): AgentAdapter {
  const requests = new Map<string, SessionRequest>();
  return {
    async startSession(request) {
      const sessionId = request.resumeSessionId ?? request.newSessionId;
      requests.set(sessionId, request);
      return { sessionId };
    },
    async runTurn({ sessionId }, { prompt, turn }, onEvent, signal) {
      const request = requests.get(sessionId);
      if (request === undefined) throw new Error('no such session');
      const launched = launchProcess({
        file: 'sh',
        args: ['-c', request.command],
        cwd: request.workspacePath,
        env: { ...request.env, SORTIE_TURN: String(turn), PRIVATE: request.privateDirectory },
        mark: request.runId,
        stdin: prompt,
        signal,
        graceMs: request.stopGraceMs,
        onStdoutLine: (message) => {
          request.onLine('stdout', message);
          return onEvent({ kind: 'notification', message });
        },
      });
      if (launched.identity !== null) request.onProcess(launched.identity);
      const { cause, exitCode, stderrText } = await launched.result;
      const facts = { exitCode, stderrTail: stderrText };
      if (cause === 'aborted') throw new AgentError('turn_cancelled', 'ended', facts);
      if (exitCode !== 0) throw new AgentError('turn_failed', `exit code ${exitCode ?? 'none'}`, facts);
      await onEvent({ kind: 'turn_completed' });
    },
    async stopSession({ sessionId }) {
      requests.delete(sessionId);
    },
  };
}

/** The same agent with some methods exchanged. */
export function agentThat(change: Partial<AgentAdapter>): Pick<WorkerDependencies, 'agents'> {
  const adapter = { ...scriptAgent(), ...change };
  return { agents: () => ({ adapter, registration: { defaultCommand: '', passEnv: [], tools: 'http' } }) };
}
