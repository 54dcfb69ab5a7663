// The tools of a daemon as a test sees them: a real store in a folder of its own, a clock that goes by hand, and a
// listener that hands over the session instead of a port. `restart` makes a new daemon on the same store.

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { onTestFinished } from 'vitest';
import type { RunTools, ToolRunRequest } from '../../src/contract/agent-tools.ts';
import type { AuditHead } from '../../src/contract/audit.ts';
import type { NotificationSettings } from '../../src/contract/notification.ts';
import type { TimelineEntry } from '../../src/contract/observation.ts';
import type { ToolSettings } from '../../src/contract/tool-policy.ts';
import { createTools, type CreateToolsParts, type Tools } from '../../src/tools/index.ts';
import type { ToolAnswer, ToolSession } from '../../src/tools/ports.ts';
import { openStore, type SqliteStore } from '../../src/store/index.ts';
import { HandClock, rememberingCounters, rememberingLog } from '../daemon/hand-clock.ts';
import { toolSettings } from '../workflow/tool-settings.ts';
import { anIssue } from './an-issue.ts';
import { createSite, type Site } from './site.ts';
import { writeTool } from './write-tool.ts';

export const SECRET = 'hunter2-hunter2';

export interface OpenRun {
  readonly tools: RunTools;
  readonly session: ToolSession;
  readonly cancel: AbortController;
  readonly privateDirectory: string;
  call(name: string, args: unknown, signal?: AbortSignal): Promise<ToolAnswer>;
  /** By `write`, the tool that takes any actions. */
  write(operation: string, details: object): Promise<ToolAnswer>;
}

export interface Desk {
  readonly site: Site;
  readonly clock: HandClock;
  readonly store: () => SqliteStore;
  readonly tools: () => Tools;
  readonly log: ReturnType<typeof rememberingLog>;
  readonly timeline: TimelineEntry[];
  readonly kept: { head: AuditHead | null };
  settings: { tools: ToolSettings; project: string; notifications: readonly NotificationSettings[] };
  run(change?: Partial<ToolRunRequest>): Promise<OpenRun>;
  restart(): Promise<void>;
  /** The stored lines, parsed. */
  audit(): Promise<readonly Record<string, unknown>[]>;
}

export async function openDesk(
  change: Partial<ToolSettings> = {},
  { site = createSite([writeTool]), parts = {} }: { site?: Site; parts?: Partial<CreateToolsParts> } = {},
): Promise<Desk> {
  const folder = mkdtempSync(join(tmpdir(), 'sortie-tools-'));
  const clock = new HandClock();
  const log = rememberingLog();
  const timeline: TimelineEntry[] = [];
  const kept: Desk['kept'] = { head: null };
  const sessions: ToolSession[] = [];
  const open = (): Promise<SqliteStore> =>
    openStore({
      path: join(folder, 'sortie.db'),
      tracker: { kind: 'test', identity: 'site' },
      now: () => clock.nowMs(),
    });
  let store = await open();
  let tools = build();
  onTestFinished(async () => {
    await tools.close();
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  function build(): Tools {
    return createTools({
      tracker: site.tracker,
      ledger: store.tools,
      clock,
      log,
      newUuid: randomUUID,
      settings: () => ({
        tools: desk.settings.tools,
        tracker: { project: desk.settings.project } as never,
        notifications: desk.settings.notifications,
        agent: { kind: 'mock' } as never,
        server: {} as never,
        workspaceRoot: folder,
      }),
      counters: rememberingCounters().counters,
      redact: (text) => text.replaceAll(SECRET, '***'),
      witness: { writing: () => undefined, written: () => undefined },
      record: (entry) => timeline.push(entry),
      audit: {
        writeHead: async (head) => void (kept.head = head),
        readHead: async () => kept.head,
        verify: async () => ({ kind: 'broken', seq: 0, problem: 'not asked here' }),
      },
      figures: () => null,
      history: async () => [],
      bridge: { command: 'sortie', args: ['mcp-server'] },
      keepSecret: () => () => undefined,
      version: 'test',
      listen: async () => ({
        url: 'http://127.0.0.1:1/mcp',
        admit: (session) => {
          sessions.push(session);
          return { token: `token-${sessions.length}`, wasAsked: () => true, revoke: async () => undefined };
        },
        close: async () => undefined,
      }),
      ...parts,
    });
  }

  const desk: Desk = {
    site,
    clock,
    log,
    timeline,
    kept,
    store: () => store,
    tools: () => tools,
    settings: { tools: toolSettings(change), project: 'ENG', notifications: [] },
    async run(given = {}) {
      const cancel = new AbortController();
      const privateDirectory = mkdtempSync(join(folder, 'private-'));
      const opened = await tools.host.open({
        runId: `run-${sessions.length + 1}`,
        issue: anIssue(),
        attempt: 0,
        agentKind: 'mock',
        maxTurns: 20,
        privateDirectory,
        connects: true,
        onActivity: () => undefined,
        signal: cancel.signal,
        ...given,
      });
      const session = sessions.at(-1);
      if (opened === null || session === undefined) throw new Error('no tools were opened');
      const call: OpenRun['call'] = (name, args, signal = new AbortController().signal) =>
        session.call(name, args, signal);
      return {
        tools: opened,
        session,
        cancel,
        privateDirectory,
        call,
        write: (operation, details) => call('write', { actions: [{ operation, details }] }),
      };
    },
    async restart() {
      await tools.close();
      await store.close();
      store = await open();
      tools = build();
      await tools.start();
    },
    async audit() {
      const entries = await store.tools.audit({ afterSeq: 0, limit: 1000 });
      return entries.map(({ line }) => JSON.parse(line) as Record<string, unknown>);
    },
  };
  await tools.start();
  return desk;
}

/** Polls until it holds, with real I/O between. */
export async function until<T>(look: () => Promise<T | null | false> | T | null | false): Promise<T> {
  const deadline = Date.now() + 45_000;
  for (;;) {
    const found = await look();
    if (found !== null && found !== false) return found;
    if (Date.now() > deadline) throw new Error('it did not come to pass');
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

export const operator = { name: 'operator', groups: null };

export async function thePending(desk: Desk): Promise<string> {
  const found = await until(async () => {
    const { approvals } = await desk.tools().view.approvals({ status: 'pending', limit: 10 });
    return approvals[0] ?? null;
  });
  return found.id;
}

export function decision(
  status: 'approved' | 'rejected',
  modifiedDetails = {},
  decisionNote = '',
): { status: 'approved' | 'rejected'; modifiedDetails: Record<string, never>; decisionNote: string } {
  return { status, modifiedDetails, decisionNote };
}

/** `error.kind` of a refused answer; "" of a good one. */
export function kindOf({ body }: ToolAnswer): string {
  const { error } = body as { readonly error?: { readonly kind: string } };
  return error?.kind ?? '';
}

export function dataOf({ body }: ToolAnswer): Record<string, never> {
  return (body as { readonly data?: Record<string, never> }).data ?? {};
}
