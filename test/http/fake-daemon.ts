// A daemon's view, a store and transcripts with realistic content, behind the same ports as the real ones, for tests
// of the server and pictures of the page. Holds no logic of the daemon but the little that makes an operator's word
// visible: a test sets what it wants to be seen.

import type { ControlAnswer, OperatorAction, OperatorWord } from '../../src/contract/controls.ts';
import type { TimelineEntry } from '../../src/contract/observation.ts';
import type { EffectiveSetting } from '../../src/contract/settings.ts';
import type {
  ControlRequest,
  DaemonView,
  ExplainAnswer,
  IssueSnapshot,
  Readiness,
  Snapshot,
} from '../../src/contract/snapshot.ts';
import {
  StoreError,
  type HistoryQuery,
  type HistoryRun,
  type Store,
  type StoredIssue,
} from '../../src/contract/store.ts';
import type { KeptPrompt, TranscriptLine, Transcripts } from '../../src/contract/transcript.ts';
import { obey } from './fake-control.ts';
import {
  operatorActions,
  pastRuns,
  prompts,
  samples,
  settings,
  timeline,
  transcriptLines,
} from './fake-past.ts';
import { issueIn, NOW_MS, readiness, snapshot } from './fake-state.ts';
import { statsOf } from './fake-stats.ts';
import { fakeTools, type FakeTools } from './fake-tools.ts';

export { historyRun, NOW_MS, readiness, running, snapshot, waiting } from './fake-state.ts';
export { pastRuns } from './fake-past.ts';

export interface FakeDaemon {
  readonly view: DaemonView;
  readonly store: Pick<
    Store,
    'history' | 'findIssue' | 'timeline' | 'samples' | 'stats' | 'operatorActions'
  > & {
    history: Store['history'];
  };
  readonly transcripts: Pick<Transcripts, 'follow' | 'read' | 'prompts'>;
  /** Approvals, outbox, audit and tools; what it answers is written there. */
  readonly tools: FakeTools;
  readonly settingsView: () => { path: string; effective: readonly EffectiveSetting[] };
  /** What the ports answer; a test writes here. */
  snapshot: Snapshot | null;
  /** Those that a snapshot holds are known without standing here. */
  issues: IssueSnapshot[];
  runs: HistoryRun[];
  /** What the figures are made of. */
  past: HistoryRun[];
  stored: StoredIssue[];
  readiness: Readiness;
  draining: boolean;
  refreshes: number;
  /** Whose wishes they were. */
  refreshWords: (OperatorWord | undefined)[];
  queries: HistoryQuery[];
  timeline: (TimelineEntry & { readonly seq: number })[];
  actions: OperatorAction[];
  prompts: Record<string, KeptPrompt[]>;
  transcriptLines: Record<string, TranscriptLine[]>;
  settings: { path: string; effective: readonly EffectiveSetting[] };
  /** Every word that came. */
  controls: ControlRequest[];
  /** Instead of what the fake would say. */
  controlAnswer: ControlAnswer | null;
  explainAnswer: ExplainAnswer | null;
  readonly listeners: Set<() => void>;
  /** Something changed: tells whoever listens. */
  change(next?: Partial<Snapshot>): void;
}

export function fakeDaemon(): FakeDaemon {
  const daemon: FakeDaemon = {
    snapshot: snapshot(),
    issues: [],
    runs: [],
    past: pastRuns(),
    stored: [],
    readiness: readiness({ throttles: [] }),
    draining: false,
    refreshes: 0,
    refreshWords: [],
    queries: [],
    timeline: timeline(),
    actions: operatorActions(),
    prompts: prompts(),
    transcriptLines: transcriptLines(),
    settings: settings(),
    controls: [],
    controlAnswer: null,
    explainAnswer: null,
    listeners: new Set(),
    change: (next = {}) => {
      if (daemon.snapshot !== null) daemon.snapshot = { ...daemon.snapshot, ...next };
      for (const listener of daemon.listeners) listener();
    },
    view: viewOf(() => daemon),
    store: storeOf(() => daemon),
    transcripts: transcriptsOf(() => daemon),
    tools: fakeTools(),
    settingsView: () => daemon.settings,
  };
  return daemon;
}

function same(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}

function viewOf(get: () => FakeDaemon): DaemonView {
  return {
    snapshot: () => get().snapshot,
    issue: (identifier) => {
      const { issues, snapshot: shown } = get();
      return (
        issues.find((issue) => same(issue.issueIdentifier, identifier)) ??
        (shown && issueIn(shown, identifier))
      );
    },
    refresh: (word) => {
      const daemon = get();
      if (daemon.draining) return null;
      daemon.refreshes += 1;
      daemon.refreshWords.push(word);
      const coalesced = daemon.refreshes > 1;
      return { queued: true, coalesced, requestedAtMs: NOW_MS, operations: ['poll', 'reconcile'] };
    },
    control: async (request) => {
      const daemon = get();
      daemon.controls.push(request);
      return daemon.controlAnswer ?? obey(daemon, request);
    },
    explain: async (identifier) => get().explainAnswer ?? explain(get(), identifier),
    readiness: () => ({ ...get().readiness, draining: get().draining }),
    onChange: (listener) => {
      get().listeners.add(listener);
      return () => get().listeners.delete(listener);
    },
  };
}

function explain(daemon: FakeDaemon, identifier: string): ExplainAnswer {
  const issue = daemon.view.issue(identifier);
  if (issue?.verdict == null) {
    const explanation = {
      issueId: null,
      issueIdentifier: identifier,
      verdict: 'not_found',
      detail: 'the tracker knows no issue of this name',
      sinceMs: null,
      asOfMs: NOW_MS,
      endsOn: [],
      controls: [],
    } as const;
    return { kind: 'explained', explanation };
  }
  const { verdict, detail, sinceMs, asOfMs } = issue.verdict;
  const explanation = {
    issueId: issue.issueId,
    issueIdentifier: issue.issueIdentifier,
    verdict,
    detail: detail === '' ? 'it runs' : detail,
    sinceMs,
    asOfMs,
    endsOn:
      verdict === 'running'
        ? (['run_end'] as const)
        : verdict === 'blocked_by'
          ? (['blocker_closed'] as const)
          : (['issue_change', 'operator'] as const),
    controls: issue.controls,
  };
  return { kind: 'explained', explanation };
}

function storeOf(get: () => FakeDaemon): FakeDaemon['store'] {
  return {
    history: async (query) => {
      get().queries.push(query);
      if (query.cursor !== undefined && !/^\d+$/.test(query.cursor)) {
        throw new StoreError('invalid_cursor', 'not a cursor');
      }
      const from = Number(query.cursor ?? 0);
      const wanted = get().runs.filter((run) => matches(run, query));
      const end = from + query.limit;
      return { runs: wanted.slice(from, end), nextCursor: end < wanted.length ? String(end) : null };
    },
    findIssue: async (identifier) => get().stored.find((issue) => same(issue.identifier, identifier)) ?? null,
    timeline: async ({ issueId, limit, beforeSeq = Infinity }) => {
      const wanted = get().timeline.filter((entry) => entry.issueId === issueId && entry.seq < beforeSeq);
      const entries = wanted.slice(-limit);
      return { entries, beforeSeq: wanted.length > limit ? (entries[0]?.seq ?? null) : null };
    },
    samples: async (query) => samples(query),
    stats: async (query) => statsOf(get().past, query),
    operatorActions: async (limit) => get().actions.slice(0, limit),
  };
}

function matches(run: HistoryRun, query: HistoryQuery): boolean {
  const found = `${run.issueIdentifier}\n${run.title}\n${run.error}`.toLowerCase();
  return (
    (query.identifier === undefined || same(run.issueIdentifier, query.identifier)) &&
    (query.status === undefined || run.status === query.status) &&
    (query.agentKind === undefined || run.agentKind === query.agentKind) &&
    (query.state === undefined || same(run.issueState, query.state)) &&
    (query.text === undefined || found.includes(query.text.toLowerCase())) &&
    (query.sinceMs === undefined || run.startedAtMs >= query.sinceMs) &&
    (query.untilMs === undefined || run.startedAtMs < query.untilMs)
  );
}

/** Ends at the last line that is there; a running run's stream stays open until the reader leaves. */
function transcriptsOf(get: () => FakeDaemon): FakeDaemon['transcripts'] {
  const linesOf = (runId: string, after: number): TranscriptLine[] | null =>
    get().transcriptLines[runId]?.filter(({ seq }) => seq > after) ?? null;
  return {
    read: async (runId, after) => {
      const lines = linesOf(runId, after);
      return lines && each(lines);
    },
    follow: async (runId, after, signal) => {
      const lines = linesOf(runId, after);
      const runs = get().snapshot?.running.some((entry) => entry.runId === runId) ?? false;
      return lines && each(lines, runs ? signal : undefined);
    },
    prompts: async (runId) => get().prompts[runId] ?? null,
  };
}

async function* each(lines: readonly TranscriptLine[], until?: AbortSignal): AsyncGenerator<TranscriptLine> {
  yield* lines;
  if (until === undefined || until.aborted) return;
  await new Promise<void>((resolve) => until.addEventListener('abort', () => resolve(), { once: true }));
}
