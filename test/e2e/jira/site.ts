// A loopback Jira, a folder and the built daemon on them. `close` ends everything and fails when a process is left or
// when a request did what Atlassian's description does not allow.

import { expect } from 'vitest';
import {
  startLoopbackJira,
  type CommentRecord,
  type LoopbackJira,
  type LoopbackOptions,
  type RecordedRequest,
} from '../../loopback-jira/index.ts';
import { startDaemon, type Daemon } from '../daemon.ts';
import { makeFolder, type Folder } from '../program.ts';

export const TOKEN = 'bot@example.com:secret-token';

/** Atlassian documents it, the loopback does not have it; only the doctor asks it, and copes. */
const UNKNOWN_HERE = '/mypermissions';

export interface Site {
  readonly jira: LoopbackJira;
  readonly folder: Folder;
  /** Settings with these keys changed, block by block. */
  configure(changes: Readonly<Record<string, object | undefined>>, prompt?: string): Promise<void>;
  start(args?: readonly string[], env?: Readonly<Record<string, string>>): Promise<Daemon>;
  run(...args: readonly string[]): ReturnType<Folder['run']>;
  status(key: string): string;
  id(key: string): string;
  labels(key: string): readonly string[];
  comments(key: string): readonly CommentRecord[];
  /** To an endpoint such as `GET /search/jql`. */
  requestsTo(endpoint: string): RecordedRequest[];
  close(): Promise<void>;
}

export async function makeSite(options: LoopbackOptions = {}): Promise<Site> {
  const jira = await startLoopbackJira(options);
  const folder = await makeFolder();
  const daemons: Daemon[] = [];
  const issue = (key: string) => jira.state.issue(jira.state.findByKey(key)?.id ?? key);
  const env = { JIRA_LOGIN: TOKEN };
  return {
    jira,
    folder,
    async configure(changes, prompt) {
      const base: Record<string, object> = baseSettings(jira, folder);
      const keys = new Set([...Object.keys(base), ...Object.keys(changes)]);
      const merged = [...keys].map((key) => [key, { ...base[key], ...changes[key] }] as const);
      await folder.writeWorkflow(Object.fromEntries(merged), prompt);
    },
    async start(args = [], more = {}) {
      const daemon = await startDaemon(folder, args, { ...env, ...more });
      daemons.push(daemon);
      return daemon;
    },
    run: (...args) => folder.run(args, env),
    status: (key) => jira.state.need(jira.state.statuses, issue(key).statusId).name,
    id: (key) => issue(key).id,
    labels: (key) => issue(key).labels,
    comments: (key) => jira.state.commentsOf(issue(key).id),
    requestsTo: (endpoint) => jira.requests.filter((request) => request.endpoint === endpoint),
    async close() {
      try {
        for (const { program } of daemons) {
          if (program.child.exitCode !== null || program.child.signalCode !== null) continue;
          program.child.kill('SIGTERM');
          expect(await program.exit, program.stderr().slice(-3000)).toEqual({ code: 0, signal: null });
        }
        const wrong = jira.violations().filter(({ path }) => path !== UNKNOWN_HERE);
        expect(wrong.map(({ method, url, violation }) => `${method} ${url}: ${violation}`)).toEqual([]);
      } finally {
        const left = await folder.close();
        await jira.close();
        expect(left).toEqual([]);
      }
    },
  };
}

/** Fast ticks; one turn; from the board's second column through "In Progress" to "In Review". */
function baseSettings(jira: Pick<LoopbackJira, 'url'>, folder: Folder): Record<string, object> {
  return {
    tracker: {
      kind: 'jira',
      endpoint: jira.url,
      project: 'PROJ',
      api_key: '$JIRA_LOGIN',
      active_states: ['Selected for Development', 'In Progress'],
      terminal_states: ['Done'],
      in_progress_state: 'In Progress',
      handoff_state: 'In Review',
    },
    polling: { interval_ms: 200 },
    workspace: { root: folder.file('workspaces') },
    agent: {
      kind: 'command',
      command: 'true',
      evidence: 'off',
      max_turns: 1,
      stop_grace_ms: 300,
      max_retry_backoff_ms: 500,
    },
  };
}

/** Plain text of a comment's document. */
export function textOf(node: unknown): string {
  if (Array.isArray(node)) return node.map(textOf).join('');
  if (typeof node !== 'object' || node === null) return '';
  const { text, content, type } = node as { text?: string; content?: unknown; type?: string };
  return `${text ?? ''}${textOf(content)}${type === 'paragraph' ? '\n' : ''}`;
}
