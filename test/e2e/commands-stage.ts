// A daemon and the commands that talk to it, as a person has them in one folder: WORKFLOW.md says the port, and every
// command is the built program. The daemon can be killed and started again on the same port.

import { expect } from 'vitest';
import type { ExitStatus, Folder, Program } from './program.ts';
import { baseSettings, freePort, getJson, makeFolder, until } from './program.ts';

export interface Answer extends ExitStatus {
  readonly stdout: string;
  readonly stderr: string;
}

export interface Stage {
  readonly folder: Folder;
  readonly url: string;
  /** Starts the daemon; resolves when it listens. */
  start(): Promise<Program>;
  kill(): Promise<void>;
  /** SIGTERM; fails when that does not end well. */
  stop(): Promise<void>;
  sortie(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<Answer>;
  /** Fails unless it exits with 0 and stderr is empty; gives stdout. */
  ok(...args: string[]): Promise<string>;
  /** Fails unless it exits with 1 and one line on stderr; gives that without `error: `. */
  refused(...args: string[]): Promise<string>;
  /** With `--json`. */
  json<T = Status>(...args: string[]): Promise<T>;
  explain(key: string): Promise<Explained>;
  /** Polls what `status --json` prints, without a process for each look. */
  untilStatus(what: string, holds: (status: Status) => boolean): Promise<Status>;
  /** Its agent is at work: it is past the checks and the preparations before its run. */
  untilWorking(identifier: string): Promise<Status>;
  close(): Promise<void>;
}

export interface Status {
  readonly dispatch: {
    readonly mode: string;
    readonly by: string;
    readonly reason: string;
    readonly drained: boolean;
  };
  readonly running: readonly { readonly issue_identifier: string; readonly phase: string }[];
  readonly retrying: readonly { readonly issue_identifier: string }[];
  readonly parked: readonly {
    readonly issue_identifier: string;
    readonly reason: string;
    readonly detail: string;
    readonly parked_at: string;
  }[];
  readonly waiting: readonly { readonly issue_identifier: string; readonly verdict: string }[];
  readonly last_tick: { readonly at: string } | null;
}

export interface Explained {
  readonly verdict: string;
  readonly detail: string;
  readonly since: string | null;
  readonly as_of: string;
  readonly ends_on: readonly string[];
}

/** The bundled agent and fast ticks; `more` is merged into these settings, one level deep. */
export async function makeStage(
  more: Readonly<Record<string, object>> = {},
  issues: readonly object[] = [],
): Promise<Stage> {
  const folder = await makeFolder();
  const port = await freePort();
  const base: Record<string, unknown> = { ...baseSettings(folder, ''), server: { port: Number(port) } };
  base['agent'] = { ...(base['agent'] as object), kind: 'mock' };
  for (const [key, value] of Object.entries(more)) base[key] = { ...(base[key] as object), ...value };
  await folder.writeWorkflow(base);
  await folder.writeIssues(issues);
  let daemon: Program | null = null;

  async function end(signal: NodeJS.Signals): Promise<ExitStatus> {
    if (daemon === null) throw new Error('no daemon was started');
    daemon.child.kill(signal);
    return daemon.exit;
  }

  async function sortie(
    args: readonly string[],
    env: Readonly<Record<string, string>> = {},
  ): Promise<Answer> {
    return folder.run(args, env);
  }

  async function ok(...args: string[]): Promise<string> {
    const { stdout, ...rest } = await sortie(args);
    expect(rest, args.join(' ')).toEqual({ code: 0, signal: null, stderr: '' });
    return stdout;
  }

  const untilStatus: Stage['untilStatus'] = (what, holds) =>
    until(what, async () => {
      const status = await getJson<Status>(`http://127.0.0.1:${port}/api/v1/state`);
      return holds(status) ? status : null;
    });

  async function json<T>(...args: string[]): Promise<T> {
    return JSON.parse(await ok(...args, '--json')) as T;
  }

  return {
    folder,
    url: `http://127.0.0.1:${port}`,
    async start() {
      daemon = folder.start();
      await daemon.url();
      return daemon;
    },
    async kill() {
      await end('SIGKILL');
    },
    async stop() {
      expect(await end('SIGTERM')).toEqual({ code: 0, signal: null });
    },
    sortie,
    ok,
    async refused(...args) {
      const { code, stdout, stderr } = await sortie(args);
      expect({ code, stdout }, `${args.join(' ')}: ${stderr}`).toEqual({ code: 1, stdout: '' });
      expect(stderr).toMatch(/^error: [^\n]+\n$/);
      return stderr.slice('error: '.length, -1);
    },
    json,
    explain: (key) => json<Explained>('explain', key),
    untilStatus,
    untilWorking: (identifier) =>
      untilStatus(`the agent of ${identifier}`, (status) => isWorking(status, identifier)),
    async close() {
      expect(await folder.close()).toEqual([]);
    },
  };
}

export function isWorking({ running }: Status, identifier: string): boolean {
  return running.some(
    ({ issue_identifier, phase }) => issue_identifier === identifier && phase === 'streaming_turn',
  );
}

export function names(rows: readonly { readonly issue_identifier: string }[]): string[] {
  return rows.map(({ issue_identifier }) => issue_identifier).sort();
}
