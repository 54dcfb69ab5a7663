// The tools of agents, put together with what they need of daemon, store and observers.

import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Counters } from '../contract/counters.ts';
import type { HistoryRun, Settings, TokenTotals, TrackerAdapter } from '../contract/index.ts';
import type { Daemon } from '../daemon/daemon.ts';
import type { Clock } from '../daemon/ports.ts';
import { auditHeadFile, type SqliteStore, type TrackerIdentity } from '../store/index.ts';
import type { Logger, Redactor } from '../telemetry/index.ts';
import {
  createTools,
  type AuditKeeping,
  type PastRun,
  type TokenFigures,
  type Tools,
} from '../tools/index.ts';
import type { Observers } from './observers.ts';

export interface AgentToolsParts {
  /** For those who must have their answer. */
  readonly tracker: TrackerAdapter;
  readonly identity: TrackerIdentity;
  readonly store: SqliteStore;
  readonly databasePath: string;
  readonly settings: () => Settings;
  /** null until it is made. */
  readonly daemon: () => Daemon | null;
  readonly observers: Pick<Observers, 'record' | 'wake'>;
  readonly counters: Counters;
  readonly clock: Clock;
  readonly log: Logger;
  readonly redactor: Redactor;
  readonly version: string;
}

export function createAgentTools(parts: AgentToolsParts): Tools {
  const { store, daemon, clock } = parts;
  return createTools({
    tracker: parts.tracker,
    ledger: {
      ...store.tools,
      async apply(changes) {
        await store.tools.apply(changes);
        if (changes.some(({ kind }) => kind === 'queue_notification')) parts.observers.wake();
      },
    },
    clock,
    log: parts.log,
    newUuid: randomUUID,
    settings: parts.settings,
    counters: parts.counters,
    redact: parts.redactor.redact,
    keepSecret: parts.redactor.keep,
    witness: {
      writing: (write) => daemon()?.issueWriting(write),
      written: (write) => daemon()?.issueWritten(write),
    },
    record: parts.observers.record,
    audit: auditKeeping(parts),
    figures: (runId) => {
      const figures = daemon()?.view.runFigures(runId) ?? null;
      if (figures === null) return null;
      return { turnNumber: figures.turn, tokens: figuresOf(figures.tokens), budgetLeft: figures.budgetLeft };
    },
    history: async (identifier, limit) => (await store.history({ identifier, limit })).runs.map(pastRun),
    bridge: bridge(),
    version: parts.version,
  });
}

function auditKeeping({ store, databasePath, identity, clock }: AgentToolsParts): AuditKeeping {
  const file = auditHeadFile({ databasePath, tracker: identity });
  const readHead: AuditKeeping['readHead'] = async () => {
    const finding = await file.read();
    if (finding.kind === 'broken') throw new Error(finding.problem);
    return finding.kind === 'found' ? finding.head : null;
  };
  return {
    writeHead: (head) => file.write(head, clock.nowMs()),
    readHead,
    verify: async (signal) => (await store.proveAudit({ beside: await file.read(), signal })).verdict,
  };
}

function pastRun(run: HistoryRun): PastRun {
  return {
    attempt: run.attempt,
    status: run.status ?? 'running',
    error: run.error,
    startedAtMs: run.startedAtMs,
    completedAtMs: run.completedAtMs,
    turnsCompleted: run.turnsCompleted,
    tokens: figuresOf(run.tokens),
  };
}

function figuresOf({ inputTokens, outputTokens, cacheReadTokens }: TokenTotals): TokenFigures {
  return { totalTokens: inputTokens + outputTokens, inputTokens, outputTokens, cacheReadTokens };
}

/** The bin that this very program was started from; from its sources it needs the loader that we were started with. */
function bridge(): { readonly command: string; readonly args: readonly string[] } {
  const isBuilt = !import.meta.url.endsWith('.ts');
  const main = fileURLToPath(new URL(`../main.${isBuilt ? 'js' : 'ts'}`, import.meta.url));
  const loader = isBuilt ? [] : process.execArgv;
  return { command: process.execPath, args: [...loader, main, 'mcp-server'] };
}
