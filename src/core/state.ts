// Everything the orchestrator knows. Updated in place, and only by `step`.
//
// Words: a *claim* is our hold on one issue, from the moment it is picked until it is released. A claim is
// in exactly one *stage*:
//
//   checking     a by-id look before the start           holds a slot
//   running      a worker has it                         holds a slot
//   handing_off  the run ended, the transition is left   holds a slot
//   cleaning     the workspace is being removed          holds a slot
//   retry_queued waits for its time, then for a slot     stored
//   parked       polling alone cannot cure it            stored
//
// An issue without a claim is unclaimed: what we remember of it is in `memory` and `verdicts`.

import type {
  AgentEventKind,
  CancelReason,
  CoreSettings,
  CrossedLimit,
  DispatchControl,
  EffectId,
  Issue,
  PauseEntry,
  RateLimits,
  RecentEvent,
  RunPhase,
  StoredDay,
  StoredIssue,
  StoredPark,
  StoredQuota,
  StoredRetry,
  StoredSessionUsage,
  StoredTotals,
  TickResult,
  TokenTotals,
  Verdict,
} from '../contract/index.ts';
import type { ClosedBreaker, OpenBreaker } from './breaker.ts';
import type { HandoffCount } from './handoff-limit.ts';
import type { Setback } from './setbacks.ts';
import type { ToolsInFlight } from './tools-in-flight.ts';

export interface Run {
  readonly runId: string;
  readonly startedAtMs: number;
  readonly startedMonotonicMs: number;
  readonly agentKind: string;
  /** Settings that hold for a whole run are taken at its start. */
  readonly stallTimeoutMs: number;
  readonly toolTimeoutMs: number;
  phase: RunPhase;
  phaseSinceMonotonicMs: number;
  sessionId: string | null;
  workspacePath: string | null;
  turn: number;
  turnsCompleted: number;
  inTurn: boolean;
  turnSinceMonotonicMs: number;
  lastEvent: AgentEventKind | null;
  lastMessage: string;
  lastEventAtMs: number | null;
  lastEventMonotonicMs: number;
  readonly tools: ToolsInFlight;
  modelName: string;
  tokens: TokenTotals;
  costUsd: number | null;
  costEstimated: boolean;
  /** See RunSpending. */
  keepsEstimate: boolean;
  /** Of the session that it talks to, earlier runs included. */
  sessionUsage: StoredSessionUsage;
  /** The first cause wins. */
  stopping: CancelReason | null;
  /** What in particular; "" = the cause says it all. */
  stopDetail: string;
  /** With `budget`. */
  crossing: Crossing | null;
  /** Confirmed writes of ours during this run: an answer about states from before one is stale. */
  writes: number;
  /** The agent itself moved the issue on: it may finish its turn. */
  movedByAgent: boolean;
  /** Something worth a `run_progress` write has happened since the last one. */
  unsaved: boolean;
  /** An operator asked for this run: blockers and missing labels do not count. */
  overruled: boolean;
  /** Cancelled by an operator: where it goes when it has ended. Stored already. */
  held: StoredPark | null;
}

/** A limit of `agent.budget` that a run was stopped for. */
export interface Crossing {
  readonly crossed: CrossedLimit;
  /** When the day whose budget it is ends; null = it is no day's. */
  readonly untilMs: number | null;
}

/** An agent that refuses to work: whoever else was started with it would only fail the same way. */
export interface AgentRefusal {
  readonly detail: string;
  /** Parked for it: whatever ends this park lets all try again. */
  readonly issueId: string;
}

export interface Handoff {
  /** What happens when the tracker refuses: try again later, or park for a person at once. */
  readonly onRefusal: 'retry' | 'park';
  readonly refusals: number;
  readonly failures: number;
}

export type Stage =
  | {
      readonly kind: 'checking';
      readonly queued: StoredRetry | null;
      readonly sinceMs: number;
      readonly sinceMonotonicMs: number;
    }
  | { readonly kind: 'running'; readonly run: Run }
  | {
      readonly kind: 'handing_off';
      readonly handoff: Handoff;
      readonly run: Run | null;
      readonly sinceMs: number;
    }
  | { readonly kind: 'cleaning'; readonly path: string; readonly run: Run | null; readonly sinceMs: number }
  | {
      readonly kind: 'retry_queued';
      readonly retry: StoredRetry;
      readonly waitsForSlot: boolean;
      /** Why it waits though it is due; "" = it does not, or nobody knows. Found anew after a restart: never stored. */
      readonly waiting: string;
      readonly sinceMs: number;
    }
  /** `label`: whether the park label is on the issue, as far as our own writes go. */
  | { readonly kind: 'parked'; park: StoredPark; look: EffectId | null; label: 'none' | 'owed' | 'on' };

export type StageKind = Stage['kind'];

export interface Claim {
  readonly issueId: string;
  identifier: string;
  title: string;
  /** As last read; null after a restart until it is looked up. */
  issue: Issue | null;
  /** Of the current or the next run. */
  attempt: number;
  /** Failed runs of this claim: the backoff exponent. */
  failures: number;
  lastError: string;
  stage: Stage;
}

/** What an outstanding effect's answer is for. No entry = the answer is stale and is dropped. */
export type Pending =
  | {
      readonly kind: 'refresh_states';
      readonly asked: ReadonlyMap<string, { runId: string; writes: number }>;
    }
  | { readonly kind: 'preflight' }
  /** `state`: in which the issues were asked to be counted. */
  | { readonly kind: 'handoff_count'; readonly state: string }
  | { readonly kind: 'candidates' }
  | { readonly kind: 'check'; readonly issueId: string }
  | { readonly kind: 'start'; readonly issueId: string; readonly runId: string }
  | { readonly kind: 'stop' }
  | { readonly kind: 'handoff_look'; readonly issueId: string; readonly retry: StoredRetry }
  | { readonly kind: 'handoff'; readonly issueId: string }
  | { readonly kind: 'handoff_baseline'; readonly issueId: string; readonly retry: StoredRetry }
  /** A comment or a label of ours. */
  | { readonly kind: 'comment'; readonly issueId: string; readonly label?: 'add' | 'remove' }
  | { readonly kind: 'park_baseline'; readonly issueId: string }
  | { readonly kind: 'park_look'; readonly issueId: string }
  | { readonly kind: 'sweep_states'; readonly asked: ReadonlyMap<string, string> }
  | { readonly kind: 'clean'; readonly issueId: string }
  | ({ readonly kind: 'control' } & OwedAnswer)
  | { readonly kind: 'finish' };

/** An operator waits for it. */
export interface OwedAnswer {
  readonly controlId: string;
  /** What is said once the word is durable. */
  readonly message: string;
}

export interface Tick {
  readonly startedAtMs: number;
  readonly startedMonotonicMs: number;
  candidates: number;
  dispatched: number;
  eligible: number;
  seen: Set<string>;
}

export interface VerdictRecord {
  readonly identifier: string;
  readonly title: string;
  readonly state: string;
  /** "" = none, or too long to keep. */
  readonly url: string;
  readonly verdict: Verdict;
  readonly detail: string;
  readonly sinceMs: number;
  readonly asOfMs: number;
  /** Of the look just before a start. */
  readonly byId: boolean;
}

/** As people were last told of it. */
export interface ToldPause extends PauseEntry {
  readonly sinceMs: number;
}

/** What keeps every run back without being a pause: the store fails, the preflight does, the tracker asked to wait. */
export type Trouble = 'store' | 'preflight' | 'tracker';

export interface CoreState {
  mode: 'recovering' | 'running' | 'draining' | 'finished';
  settings: CoreSettings;
  nextEffectId: EffectId;
  readonly pending: Map<EffectId, Pending>;
  readonly claims: Map<string, Claim>;
  /** Run id → whose it is, from its start until its end was reported. */
  readonly runs: Map<string, { readonly issueId: string; readonly effectId: EffectId }>;
  /** Issue id → what is remembered across its runs (mirrors the store). */
  readonly memory: Map<string, StoredIssue>;
  /** Issue id → its own verdict, in order of the last look. Changed by verdicts.ts only. */
  readonly verdicts: Map<string, VerdictRecord>;
  /** Those of the last tick that read any: they are shown first. */
  readonly latestVerdicts: Map<string, VerdictRecord>;
  /** How many of `verdicts` are of issues that wait, claimed or not. */
  waitingVerdicts: number;
  /** By issue id. Changed by setbacks.ts only. */
  readonly setbacks: Map<string, Setback>;
  readonly recent: Map<string, RecentEvent[]>;
  totals: StoredTotals;
  /** Since the start of the process. Changed by orders.ts only. */
  runsEnded: number;
  /** What was spent on the newest day on which anything was. */
  day: StoredDay | null;
  /** Agent kind → when it may be used again; kept until one of its turns completes. */
  readonly quotas: Map<string, StoredQuota>;
  /** By agent kind. */
  readonly refusals: Map<string, AgentRefusal>;
  breaker: ClosedBreaker | OpenBreaker;
  /** null = no limit is set, or not counted yet. */
  handoff: HandoffCount | null;
  /** By agent kind. */
  readonly rateLimits: Map<string, RateLimits>;
  /** An operator's word; durable. */
  dispatch: DispatchControl;
  /** `dispatch.sinceMs` of the drain whose end was told; null = none yet. */
  drainToldMs: number | null;
  /** Write id → the issue that an agent's write is on its way to. Changed by agent-writes.ts only. */
  readonly agentWrites: Map<string, string>;
  /** Issues that such writes had reached before recovery. Changed by agent-writes.ts only. */
  readonly writtenEarly: Set<string>;
  /** Words that are in force and wait in a failed write: answered when it went through. */
  owedAnswers: OwedAnswer[];
  /** As people were last told of them, by reason and agent kind. */
  toldPauses: ReadonlyMap<string, ToldPause>;
  /** Since when. Changed by since.ts only. */
  readonly troubleSince: Map<Trouble, number>;
  /** The timer `progress` is armed: something was counted that is not durable yet. */
  savesSoon: boolean;
  tick: Tick | null;
  tickNumber: number;
  /** A tick was asked for while one was under way. */
  tickAgain: boolean;
  lastTick: { atMs: number; result: TickResult; error: string } | null;
  preflightProblems: readonly string[];
  /** From Retry-After: no look at the tracker before this time. */
  trackerNotBeforeMs: number;
  /** A durable write failed: nothing is dispatched until one succeeds. */
  storeFailing: boolean;
  shutdownDeadlineMs: number | null;
}
