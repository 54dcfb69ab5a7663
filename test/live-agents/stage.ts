// One real agent on its stage: a private HOME, a workspace, the scripted model, and sessions that are started as a
// worker starts them. It keeps what each session has used, as the core does, and looks for processes that carry a
// run's mark by itself: it shares no code with what it checks.

import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { access, constants, mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ToolServer } from '../../src/contract/agent-tools.ts';
import { AgentError } from '../../src/contract/agent.ts';
import type {
  AgentAdapter,
  AgentEvent,
  AgentRegistration,
  AgentSession,
  SessionRequest,
  SessionUsage,
} from '../../src/contract/agent.ts';
import { buildEnvironment } from '../../src/process/index.ts';
import type { LiveAgent } from './live-agent.ts';
import { startModelEndpoint } from './model-endpoint/endpoint.ts';
import type { ModelEndpoint } from './model-endpoint/endpoint.ts';

export interface TurnOutcome {
  readonly events: readonly AgentEvent[];
  /** null = completed. */
  readonly error: AgentError | null;
  /** Model calls with tools that were answered to their end during the turn. */
  readonly modelCalls: number;
  /** Those whose answer began and never ended: some services tell the input's cost at once. */
  readonly hungCalls: number;
  readonly ms: number;
}

/** One run: a session in the same workspace and HOME as the others of its stage. */
export interface LiveRun {
  readonly runId: string;
  readonly session: AgentSession;
  turn(
    prompt: string,
    options?: { cancelWhen?: (events: readonly AgentEvent[]) => boolean },
  ): Promise<TurnOutcome>;
  stop(): Promise<void>;
}

export interface Stage {
  readonly endpoint: ModelEndpoint;
  readonly workspace: string;
  /** By session id: the sum of its increments. */
  readonly used: ReadonlyMap<string, SessionUsage>;
  run(options?: {
    resume?: string;
    settings?: Readonly<Record<string, unknown>>;
    tools?: ToolServer;
    onLine?: SessionRequest['onLine'];
  }): Promise<LiveRun>;
  close(): Promise<void>;
}

const GRACE_MS = 3_000;
export const noUsage: SessionUsage = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, costUsd: 0 };

/** The first program of that name on PATH; null = not installed. */
export async function findOnPath(program: string): Promise<string | null> {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    const path = join(folder, program);
    if (await access(path, constants.X_OK).then(() => true, () => false)) return path; // prettier-ignore
  }
  return null;
}

export async function openStage(agent: LiveAgent, registration: AgentRegistration): Promise<Stage> {
  const root = await realpath(await mkdtemp(join(tmpdir(), 'sortie-live-')));
  const [home, workspace] = [join(root, 'home'), join(root, 'workspace')];
  await mkdir(home);
  await mkdir(workspace);
  const endpoint = await startModelEndpoint();
  const { url } = endpoint;
  await agent.furnish?.({ url, home });
  const daemonEnv = {
    ...{ PATH: process.env['PATH'], HOME: home, LANG: 'C.UTF-8', NO_PROXY: '127.0.0.1,localhost' },
    // Whoever wants to leave the machine comes to us.
    ...{
      HTTP_PROXY: url,
      HTTPS_PROXY: url,
      http_proxy: url,
      https_proxy: url,
      no_proxy: '127.0.0.1,localhost',
    },
    ...agent.env({ url, home }),
  };
  const adapter = registration.create();
  const used = new Map<string, SessionUsage>();
  const runs: LiveRun[] = [];

  const run: Stage['run'] = async ({
    resume,
    settings = {},
    tools = null,
    onLine = () => undefined,
  } = {}) => {
    const runId = randomUUID();
    const [privateDirectory, temporary] = [join(root, `private-${runId}`), join(root, `tmp-${runId}`)];
    await mkdir(privateDirectory, { mode: 0o700 });
    await mkdir(temporary, { mode: 0o700 });
    const started = await adapter.startSession(
      {
        workspacePath: workspace,
        privateDirectory,
        env: buildEnvironment({
          from: daemonEnv,
          secretNames: new Set(),
          pass: [...registration.passEnv, ...(agent.passEnv ?? [])],
          extra: { TMPDIR: temporary, TMP: temporary, TEMP: temporary, ...agent.agentEnv },
        }),
        runId,
        command: agent.command ?? registration.defaultCommand,
        settings: registration.settingsSchema.parse({ ...agent.settings, ...settings }),
        resumeSessionId: resume ?? null,
        sessionUsage: resume === undefined ? null : (used.get(resume) ?? noUsage),
        newSessionId: randomUUID(),
        issueId: '10001',
        issueIdentifier: 'LIVE-1',
        attempt: 0,
        readTimeoutMs: 30_000,
        stopGraceMs: GRACE_MS,
        tools,
        onProcess: () => undefined,
        onLine,
      },
      new AbortController().signal,
    );
    const liveRun = openRun({ adapter, session: started, runId, endpoint, used });
    runs.push(liveRun);
    return liveRun;
  };

  return {
    endpoint,
    workspace,
    used,
    run,
    async close() {
      for (const { stop } of runs) await stop();
      await endpoint.close();
      await rm(root, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}

interface RunParts {
  readonly adapter: AgentAdapter;
  readonly session: AgentSession;
  readonly runId: string;
  readonly endpoint: ModelEndpoint;
  readonly used: Map<string, SessionUsage>;
}

function openRun({ adapter, session, runId, endpoint, used }: RunParts): LiveRun {
  let turns = 0;
  return {
    runId,
    session,
    stop: () => adapter.stopSession(session),
    async turn(prompt, { cancelWhen } = {}) {
      const events: AgentEvent[] = [];
      const before = endpoint.calls.length;
      const startMs = performance.now();
      const stopper = new AbortController();
      let isOver = false;
      const watching = (async () => {
        while (cancelWhen !== undefined && !isOver && !stopper.signal.aborted) {
          if (cancelWhen(events)) stopper.abort('the check cancels');
          await sleep(50);
        }
      })();
      const take = (event: AgentEvent): void => {
        events.push(event);
        if (event.kind !== 'token_usage') return;
        const sum = used.get(session.sessionId) ?? noUsage;
        used.set(session.sessionId, {
          inputTokens: sum.inputTokens + event.inputTokens,
          outputTokens: sum.outputTokens + event.outputTokens,
          cacheReadTokens: sum.cacheReadTokens + event.cacheReadTokens,
          costUsd: sum.costUsd + (event.costUsd ?? 0),
        });
      };
      const error = await adapter
        .runTurn(session, { prompt, turn: (turns += 1) }, take, stopper.signal)
        .then(() => null)
        .catch((cause: unknown) => {
          if (cause instanceof AgentError) return cause;
          throw cause;
        });
      isOver = true;
      await watching;
      const replies = endpoint.calls.slice(before).filter(({ isAside }) => !isAside);
      const count = (...kinds: string[]): number =>
        replies.filter(({ reply }) => kinds.includes(reply.kind)).length;
      const ms = performance.now() - startMs;
      return { events, error, modelCalls: count('text', 'tool'), hungCalls: count('hang'), ms };
    },
  };
}

export interface MarkedProcess {
  readonly pid: number;
  readonly command: string;
}

/** Living processes that carry a run's mark, zombies left out. */
export function markedProcesses(runId: string): MarkedProcess[] {
  const found: MarkedProcess[] = [];
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/u.test(name)) continue;
    try {
      if (!readFileSync(`/proc/${name}/environ`, 'latin1').includes(`SORTIE_RUN_ID=${runId}`)) continue;
      if (/\) [ZX] /u.test(readFileSync(`/proc/${name}/stat`, 'latin1'))) continue;
      const command = readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      found.push({ pid: Number(name), command });
    } catch {
      // It ended while we looked.
    }
  }
  return found;
}
