// A daemon whose agent is a cast of fakes: the settings that such tests share, and what they ask of it besides what
// every test of a running daemon does.

import { mkdir } from 'node:fs/promises';
import { parse, stringify } from 'yaml';
import { startDaemon } from '../daemon.ts';
import type { Daemon } from '../daemon.ts';
import { baseSettings, getJson, makeFolder, makeIssue, until } from '../program.ts';
import type { Folder } from '../program.ts';
import { openCast } from './cast.ts';
import type { Cast } from './cast.ts';
import { SPOKEN } from './kind.ts';
import type { Kind, Scene } from './kind.ts';

export const SAID = 'agent-secret-5c1d9e77a0';
export const TRACKER_KEY = 'tracker-key-81f0ab34c6';

export interface Tokens {
  readonly input_tokens: number;
  readonly output_tokens: number;
  readonly total_tokens: number;
  readonly cache_read_tokens: number;
}
export interface AgentRun {
  readonly agent_kind: string;
  readonly run_id: string;
  readonly issue_identifier: string;
  readonly attempt: number;
  readonly status: string | null;
  readonly error: string | null;
  readonly evidence: string | null;
  readonly session_id: string | null;
  readonly started_at: string;
  readonly completed_at: string | null;
  readonly turns_completed: number;
  readonly tokens: Tokens;
  readonly cost_usd: number | null;
  readonly cost_estimated: boolean;
}
export interface AgentState {
  readonly running: readonly {
    readonly issue_identifier: string;
    readonly run_id: string | null;
    readonly session_id: string | null;
    readonly tokens: Tokens;
    readonly tools: readonly string[];
  }[];
  readonly parked: readonly {
    readonly issue_identifier: string;
    readonly reason: string;
    readonly detail: string;
    readonly until: string | null;
    readonly ends_on: readonly string[];
  }[];
  readonly pauses: readonly {
    readonly reason: string;
    readonly agent_kind: string | null;
    readonly detail: string;
    readonly until: string | null;
  }[];
  readonly agent_totals: Tokens;
  readonly rate_limits: readonly { readonly agent_kind: string; readonly windows: readonly object[] }[];
}
export interface TranscriptRow {
  readonly seq: number;
  readonly turn: number;
  readonly stream: string;
  readonly line: string;
}

export interface SceneDaemon {
  readonly folder: Folder;
  readonly cast: Cast;
  daemon(): Daemon;
  start(extra?: Readonly<Record<string, string>>): Promise<Daemon>;
  /** One more issue and its role; both are there before the daemon can see them. */
  add(number: number, scenes: readonly Scene[], more?: { before?: string; title?: string }): Promise<string>;
  /** Changes an issue in the tracker's file. */
  edit(identifier: string, change: object): Promise<void>;
  setAgent(change: Record<string, unknown>): Promise<void>;
  state(): Promise<AgentState>;
  /** Of one issue, oldest first. */
  runs(identifier: string): Promise<AgentRun[]>;
  allRuns(): Promise<AgentRun[]>;
  untilState(identifier: string, state: string): Promise<void>;
  untilParked(identifier: string, reason: string): Promise<AgentState['parked'][number]>;
  /** Not before it is looked at. */
  verdict(identifier: string): Promise<{ verdict: string; detail: string } | null>;
  transcript(runId: string): Promise<TranscriptRow[]>;
  close(): Promise<readonly number[]>;
}

/** Nothing is started yet. */
export async function setScene(
  kind: Kind,
  agent: Record<string, unknown> = {},
  more: Record<string, unknown> = {},
  others: readonly Kind[] = [],
): Promise<SceneDaemon> {
  const folder = await makeFolder();
  const cast = await openCast([kind.program, ...others.map(({ program }) => program)]);
  const issues: object[] = [];
  const env = {
    ...Object.assign({}, ...[kind, ...others].map((one) => one.env)),
    PATH: cast.path,
    HOME: folder.file('home'),
    TMPDIR: folder.file('tmp'),
    SORTIE_TRACKER_API_KEY: TRACKER_KEY,
    SAID_ALOUD: SAID,
  };
  await mkdir(env.HOME);
  await mkdir(env.TMPDIR);
  const base = baseSettings(folder, '');
  let settings = {
    ...base,
    ...more,
    agent: {
      kind: kind.kind,
      ...(kind.command === undefined ? {} : { command: kind.command }),
      max_turns: 2,
      max_retry_backoff_ms: 300,
      // Patience alone: none of these agents needs so long, unless the machine is busy.
      stop_grace_ms: 15_000,
      read_timeout_ms: 60_000,
      env: { [SPOKEN]: '$SAID_ALOUD' },
      ...agent,
    } as Record<string, unknown>,
  };
  await folder.writeWorkflow(settings);
  await folder.writeIssues(issues);
  let running: Daemon | null = null;

  const daemon = (): Daemon => {
    if (running === null) throw new Error('the daemon was not started');
    return running;
  };
  const get = <T>(path: string): Promise<T> => getJson<T>(`${daemon().url}${path}`);
  const allRuns = async (): Promise<AgentRun[]> =>
    (await get<{ runs: AgentRun[] }>('/api/v1/history?limit=200')).runs.toReversed();
  const state = (): Promise<AgentState> => get<AgentState>('/api/v1/state');

  return {
    folder,
    cast,
    daemon,
    allRuns,
    state,
    async start(extra = {}) {
      running = await startDaemon(folder, [], { ...env, ...extra });
      return running;
    },
    async add(number, scenes, { before = kind.before, title } = {}) {
      const issue = makeIssue(number, title === undefined ? {} : { title });
      const { identifier } = issue as { identifier: string };
      await cast.give(identifier, await kind.play(scenes), before);
      await folder.writeIssues([...(await folder.issues()), issue]);
      return identifier;
    },
    async edit(identifier, change) {
      const all = await folder.issues();
      await folder.writeIssues(
        all.map((one) => (one.identifier === identifier ? { ...one, ...change } : one)),
      );
    },
    async setAgent(change) {
      settings = { ...settings, agent: { ...settings.agent, ...change } };
      // Through text, so that no two of them share an alias.
      await folder.writeWorkflow(parse(stringify(settings)) as object);
    },
    runs: async (identifier) =>
      (await allRuns()).filter(({ issue_identifier }) => issue_identifier === identifier),
    async untilState(identifier, wanted) {
      await until(`${identifier} in ${wanted}`, async () =>
        (await folder.issues()).some((one) => one.identifier === identifier && one.state === wanted),
      );
    },
    untilParked: (identifier, reason) =>
      until(`${identifier} parked ${reason}`, async () =>
        (await state()).parked.find((one) => one.issue_identifier === identifier && one.reason === reason),
      ),
    async verdict(identifier) {
      const answer = await get<{ verdict?: { verdict: string; detail: string } | null }>(
        `/api/v1/${identifier}`,
      );
      return answer.verdict ?? null;
    },
    async transcript(runId) {
      const response = await fetch(`${daemon().url}/api/v1/runs/${runId}/transcript?follow=false`);
      const text = await response.text();
      if (!response.ok) throw new Error(`${response.status}: ${text}`);
      return text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as TranscriptRow);
    },
    async close() {
      try {
        return await folder.close();
      } finally {
        await cast.close();
      }
    },
  };
}
