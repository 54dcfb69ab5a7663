// A running daemon as tests talk to it: its API, its probes, its metrics, its log. Each answer is asked for anew;
// nothing is remembered here. Ends by SIGTERM, and a daemon that does not end well fails the test.

import { expect } from 'vitest';
import { freePort, getJson, until, type ExitStatus, type Folder, type Program } from './program.ts';

export interface Running {
  readonly issue_identifier: string;
  /** null while the issue is being checked. */
  readonly run_id: string | null;
  readonly phase: string;
  readonly session_id: string | null;
  readonly attempt: number;
}
export interface Retrying {
  readonly issue_identifier: string;
  readonly attempt: number;
  readonly due_at: string;
  readonly error: string | null;
}
export interface Parked {
  readonly issue_identifier: string;
  readonly reason: string;
  readonly detail: string;
  readonly parked_at: string;
}
export interface State {
  readonly counts: { readonly running: number; readonly retrying: number; readonly parked: number };
  readonly running: readonly Running[];
  readonly retrying: readonly Retrying[];
  readonly parked: readonly Parked[];
  readonly reload_error: string | null;
}
export interface Run {
  readonly run_id: string;
  readonly issue_identifier: string;
  readonly status: string;
  readonly attempt: number;
  readonly error: string | null;
  readonly session_id: string | null;
  readonly workspace_path: string | null;
}
export interface Readiness {
  readonly httpStatus: number;
  readonly status: string;
  readonly checks: Readonly<Record<string, string>>;
  readonly reload_error?: string | null;
}

export interface Daemon {
  readonly program: Program;
  readonly url: string;
  state(): Promise<State>;
  /** Newest first. */
  runs(identifier?: string): Promise<readonly Run[]>;
  parked(identifier: string): Promise<Parked | undefined>;
  running(identifier: string): Promise<Running | undefined>;
  ready(): Promise<Readiness>;
  /** 0 when there is no such series yet. */
  metric(series: string): Promise<number>;
  /** Waits until this many ticks more have ended. */
  ticks(count: number): Promise<void>;
  refresh(): Promise<Response>;
  /** How often the log says it. */
  says(text: string | RegExp): number;
  stop(): Promise<ExitStatus>;
}

export async function startDaemon(
  folder: Folder,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Promise<Daemon> {
  const program = folder.start(['--port', await freePort(), ...args], env);
  const url = await program.url();
  const metricsText = async (): Promise<string> => (await fetch(`${url}/metrics`)).text();
  const state = (): Promise<State> => getJson<State>(`${url}/api/v1/state`);
  const tickCount = async (): Promise<number> =>
    [...(await metricsText()).matchAll(/^sortie_poll_cycles_total\{.*\} (\d+)$/gm)].reduce(
      (sum, [, value]) => sum + Number(value),
      0,
    );
  return {
    program,
    url,
    state,
    async runs(identifier = '') {
      const filter = identifier === '' ? '' : `&identifier=${encodeURIComponent(identifier)}`;
      return (await getJson<{ runs: Run[] }>(`${url}/api/v1/history?limit=100${filter}`)).runs;
    },
    parked: async (identifier) =>
      (await state()).parked.find(({ issue_identifier }) => issue_identifier === identifier),
    running: async (identifier) =>
      (await state()).running.find(({ issue_identifier }) => issue_identifier === identifier),
    async ready() {
      const response = await fetch(`${url}/readyz`);
      return { ...((await response.json()) as Readiness), httpStatus: response.status };
    },
    async metric(series) {
      const line = (await metricsText()).split('\n').find((one) => one.startsWith(`${series} `));
      return Number(line?.slice(series.length) ?? 0);
    },
    async ticks(count) {
      const before = await tickCount();
      await until(`${count} ticks`, async () => (await tickCount()) >= before + count);
    },
    refresh: () =>
      fetch(`${url}/api/v1/refresh`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{}',
      }),
    says: (text) => program.stderr().split(text).length - 1,
    async stop() {
      program.child.kill('SIGTERM');
      const status = await program.exit;
      expect(status, program.stderr().slice(-3000)).toEqual({ code: 0, signal: null });
      return status;
    },
  };
}
