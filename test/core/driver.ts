// Drives `step` by hand: a clock that passes when a test says so, effects that stay open until the test answers
// them, timers that fire when the test says so. Decides nothing, and fails loudly when the core did not order
// what a test is about to answer.

import { expect } from 'vitest';
import type {
  ControlAnswer,
  ControlCommand,
  Effect,
  EffectKind,
  EventBody,
  Issue,
  IssueControl,
  Notice,
  OperatorWord,
  RetryingEntry,
  RunEvent,
  RunExit,
  Snapshot,
  StoredState,
  StoreWrite,
  TimerKey,
  TrackerFailure,
} from '../../src/contract/index.ts';
import { issueSnapshotOf, snapshotOf } from '../../src/core/snapshot.ts';
import { createState } from '../../src/core/create-state.ts';
import type { CoreState, Run, Stage, StageKind } from '../../src/core/state.ts';
import { step } from '../../src/core/step.ts';
import { failure, settings, type SettingsChange } from './issues.ts';

export const STARTED_AT_MS = 1_800_000_000_000;

type EffectOf<K extends EffectKind> = Extract<Effect, { kind: K }>;
type NoticeOf<K extends Notice['kind']> = Extract<Notice, { kind: K }>;
type WriteOf<K extends StoreWrite['kind']> = Extract<StoreWrite, { kind: K }>;
type StageOf<K extends StageKind> = Extract<Stage, { kind: K }>;

export interface Start {
  readonly settings?: SettingsChange;
  readonly stored?: Partial<StoredState>;
  /** Leaves the first tick as it is after `recovered`; otherwise it is answered with no candidates. */
  readonly inFirstTick?: boolean;
}

export class Core {
  readonly state: CoreState;
  /** Of the last step. */
  last: Effect[] = [];
  readonly all: Effect[] = [];
  readonly timers = new Map<TimerKey, number>();
  atMs = STARTED_AT_MS;
  monotonicMs = 5_000;
  private readonly open = new Map<number, Effect>();
  private uuids = 0;
  private words = 0;

  constructor(change: SettingsChange = {}) {
    this.state = createState(settings(change));
  }

  post(body: EventBody): Effect[] {
    this.uuids += 1;
    const stamp = { atMs: this.atMs, monotonicMs: this.monotonicMs, uuid: `run-${this.uuids}` };
    this.last = step(this.state, { ...body, ...stamp });
    for (const effect of this.last) {
      this.all.push(effect);
      if (effect.kind === 'arm_timer') this.timers.set(effect.timer, effect.dueAtMs);
      else if (effect.kind === 'disarm_timer') this.timers.delete(effect.timer);
      else this.open.set(effect.id, effect);
    }
    return this.last;
  }

  /** Both clocks go on; nothing fires by itself. */
  pass(ms: number): void {
    this.atMs += ms;
    this.monotonicMs += ms;
  }

  /** Goes to when the timer is due (if that is ahead) and fires it. */
  fire(timer: TimerKey): Effect[] {
    const dueAtMs = this.timers.get(timer);
    expect(dueAtMs, `timer ${timer} is armed`).toBeDefined();
    this.timers.delete(timer);
    this.pass(Math.max(0, (dueAtMs ?? 0) - this.atMs));
    return this.post({ kind: 'timer_fired', timer });
  }

  opened<K extends EffectKind>(kind: K): EffectOf<K>[] {
    return [...this.open.values()].filter((effect): effect is EffectOf<K> => effect.kind === kind);
  }

  /** The only open effect of this kind. */
  one<K extends EffectKind>(kind: K): EffectOf<K> {
    const found = this.opened(kind);
    expect(found, `open ${kind}`).toHaveLength(1);
    return found[0] as EffectOf<K>;
  }

  /** The open by-id look at this issue, the latest if there are several. */
  look(issueId: string): EffectOf<'fetch_issue'> {
    const found = this.opened('fetch_issue').filter((effect) => effect.issueId === issueId);
    expect(found, `open looks at ${issueId}`).not.toEqual([]);
    return found.at(-1) as EffectOf<'fetch_issue'>;
  }

  private take(effect: Effect): number {
    this.open.delete(effect.id);
    return effect.id;
  }

  // ---- answers

  preflight(problems: readonly string[] = []): Effect[] {
    return this.post({ kind: 'preflight_done', effectId: this.take(this.one('run_preflight')), problems });
  }

  states(states: Readonly<Record<string, string>>): Effect[] {
    return this.post({ kind: 'states_fetched', effectId: this.take(this.one('fetch_states')), states });
  }

  sweepStates(states: Readonly<Record<string, string>>): Effect[] {
    const effectId = this.take(this.one('fetch_states_by_identifier'));
    return this.post({ kind: 'states_fetched', effectId, states });
  }

  counted(count: number): Effect[] {
    return this.post({ kind: 'handoff_counted', effectId: this.take(this.one('count_handoff')), count });
  }

  candidates(issues: readonly Issue[], nextCursor: string | null = null): Effect[] {
    const effectId = this.take(this.one('fetch_candidates'));
    return this.post({ kind: 'candidates_fetched', effectId, issues, nextCursor, ordered: false });
  }

  /** Answers the look at this issue with the issue itself, or with null = no such issue. */
  found(issueId: string, issue: Issue | null): Effect[] {
    const effectId = this.take(this.look(issueId));
    const read = issue === null ? null : { ...issue, comments: issue.comments ?? [] };
    return this.post({ kind: 'issue_fetched', effectId, issue: read });
  }

  fail(effect: Effect, why: TrackerFailure = failure()): Effect[] {
    const wrote = effect.kind === 'transition_issue' || effect.kind === 'comment_issue';
    const effectId = this.take(effect);
    return this.post({ kind: wrote ? 'write_failed' : 'fetch_failed', effectId, failure: why });
  }

  wrote(effect: Effect): Effect[] {
    return this.post({ kind: 'write_done', effectId: this.take(effect) });
  }

  removed(effect: Effect): Effect[] {
    return this.post({ kind: 'workspace_removed', effectId: this.take(effect) });
  }

  /** The save of the last step failed, so that nothing after it was carried out. */
  loseSave(message = 'disk full'): Effect[] {
    const index = this.last.findIndex(({ kind }) => kind === 'save');
    const save = this.last[index];
    expect(save, 'a save in the last step').toBeDefined();
    const cancelled = this.last.slice(index + 1).map((effect) => this.take(effect));
    return this.post({ kind: 'store_failed', effectId: save?.id ?? 0, cancelled, message });
  }

  // ---- whole stretches

  /** From the tick's timer to the end of its reads, every running issue in the state it was last seen in. */
  tick(issues: readonly Issue[] = []): Effect[] {
    this.fire('tick');
    return this.answerTick(issues);
  }

  answerTick(issues: readonly Issue[] = []): Effect[] {
    if (this.opened('fetch_states').length > 0) {
      const { issueIds } = this.one('fetch_states');
      this.states(
        Object.fromEntries(issueIds.map((id) => [id, this.state.claims.get(id)?.issue?.state ?? ''])),
      );
    }
    this.preflight();
    return this.opened('fetch_candidates').length > 0 ? this.candidates(issues) : this.last;
  }

  /** A tick finds these issues, the checks confirm them, and their runs are started. */
  start(...issues: readonly Issue[]): void {
    this.tick(issues);
    for (const one of issues) this.found(one.id, one);
    for (const one of issues) this.run(one.id);
  }

  ended(issueId: string, exit: RunExit): Effect[] {
    const { runId } = this.run(issueId);
    for (const start of this.opened('start_run')) if (start.spec.runId === runId) this.take(start);
    return this.post({ kind: 'run_ended', runId, exit });
  }

  progress(issueId: string, event: RunEvent): Effect[] {
    return this.post({ kind: 'run_progressed', runId: this.run(issueId).runId, event });
  }

  /** A running issue has a workspace and is in its first turn. */
  inTurn(issueId: string, turn = 1): void {
    this.progress(issueId, { kind: 'workspace_ready', path: `/w/${issueId}`, created: turn === 1 });
    this.progress(issueId, { kind: 'turn_started', turn });
  }

  reload(change: SettingsChange, endsParks = false): Effect[] {
    return this.post({ kind: 'settings_reloaded', settings: settings(change), endsParks });
  }

  shutdown(inMs = 10_000): Effect[] {
    return this.post({ kind: 'shutdown_requested', deadlineMs: this.atMs + inMs });
  }

  /** An operator says something of the daemon, or of an issue; what is answered in the same step. */
  say(command: ControlCommand, word: Partial<OperatorWord> = {}): ControlAnswer | null {
    this.words += 1;
    const controlId = `word-${this.words}`;
    this.post({ kind: 'control_requested', controlId, command, word: { by: 'alice', reason: '', ...word } });
    const answers = this.answers().filter((one) => one.controlId === controlId);
    expect(answers.length, 'answers in one step').toBeLessThanOrEqual(1);
    return answers[0]?.answer ?? null;
  }

  /** Of an issue that is claimed already, or that the shell has just found. */
  sayOf(control: IssueControl, id: string, found: Issue | null = null): ControlAnswer | null {
    return this.say({ control, issue: { id, identifier: `DEMO-${id}` }, found });
  }

  /** Operators were answered in the last step. */
  answers(): EffectOf<'answer_control'>[] {
    return this.last.filter((effect) => effect.kind === 'answer_control');
  }

  // ---- what is there

  stageOf(issueId: string): StageKind | 'unclaimed' {
    return this.state.claims.get(issueId)?.stage.kind ?? 'unclaimed';
  }

  stage<K extends StageKind>(issueId: string, kind: K): StageOf<K> {
    expect(this.stageOf(issueId), `the stage of ${issueId}`).toBe(kind);
    return this.state.claims.get(issueId)?.stage as StageOf<K>;
  }

  run(issueId: string): Run {
    return this.stage(issueId, 'running').run;
  }

  retry(issueId: string): StageOf<'retry_queued'>['retry'] {
    return this.stage(issueId, 'retry_queued').retry;
  }

  /** What people are shown of a retry. */
  shown(issueId: string): RetryingEntry {
    const found = this.snapshot().retrying.find((entry) => entry.issueId === issueId);
    expect(found, `${issueId} among what is retried`).toBeDefined();
    return found as RetryingEntry;
  }

  park(issueId: string): StageOf<'parked'>['park'] {
    return this.stage(issueId, 'parked').park;
  }

  /** When the retry is due, from now. */
  retryInMs(issueId: string): number {
    return this.retry(issueId).dueAtMs - this.atMs;
  }

  /** Notices of this kind in the last step. */
  told<K extends Notice['kind']>(kind: K): NoticeOf<K>[] {
    return noticesOf(this.last, kind);
  }

  /** Durable writes of this kind in the last step. */
  saved<K extends StoreWrite['kind']>(kind: K): WriteOf<K>[] {
    return this.last
      .flatMap((effect) => (effect.kind === 'save' ? effect.writes : []))
      .filter((write): write is WriteOf<K> => write.kind === kind);
  }

  /** Kinds of the last step's effects, in order, notices left out. */
  ordered(): EffectKind[] {
    return this.last.map(({ kind }) => kind).filter((kind) => kind !== 'tell');
  }

  snapshot(): Snapshot {
    const snapshot = snapshotOf(this.state, this.atMs);
    expect(snapshot).not.toBeNull();
    return snapshot as Snapshot;
  }

  verdict(identifier: string): string | undefined {
    return issueSnapshotOf(this.state, identifier)?.verdict?.verdict;
  }
}

export function noticesOf<K extends Notice['kind']>(effects: readonly Effect[], kind: K): NoticeOf<K>[] {
  return effects.flatMap((effect) =>
    effect.kind === 'tell' && effect.notice.kind === kind ? [effect.notice as NoticeOf<K>] : [],
  );
}

export const NOTHING_STORED: StoredState = {
  retries: [],
  parks: [],
  openRuns: [],
  issues: [],
  totals: { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, secondsRunning: 0 },
  quotas: [],
  day: null,
  dispatch: null,
};

/** A daemon after its recovery; its first tick has ended with no candidates unless asked otherwise. */
export function aCore(start: Start = {}): Core {
  const core = new Core(start.settings);
  core.post({
    kind: 'recovered',
    stored: { ...NOTHING_STORED, ...start.stored },
    settings: settings(start.settings),
  });
  if (start.inFirstTick !== true) core.answerTick();
  return core;
}

export const normalEnd: RunExit = { kind: 'normal', end: 'turns_used_up', state: 'Todo', evidence: null };

export function failed(
  kind: Extract<RunExit, { kind: 'failed' }>['failure']['kind'] = 'turn_failed',
  facts: Partial<Omit<Extract<RunExit, { kind: 'failed' }>['failure'], 'kind'>> = {},
): RunExit {
  return { kind: 'failed', failure: { kind, message: 'it broke', ...facts } };
}
