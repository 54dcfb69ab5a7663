// The orchestrator's shell: it puts what happens into the mailbox and carries out what the core orders. All
// decisions are the core's.

import { setMaxListeners } from 'node:events';
import type {
  CoreSettings,
  Event,
  EventBody,
  Effect,
  Notice,
  Settings,
  Workflow,
} from '../contract/index.ts';
import { createState } from '../core/create-state.ts';
import { createEffects, type PerformEffects } from './effects.ts';
import { createMailbox } from './mailbox.ts';
import { createOperators, type Operators } from './operators.ts';
import { createTeller } from './notices.ts';
import type { DaemonParts } from './ports.ts';
import { messageOf } from './failures.ts';
import { createRunCounters } from './run-counters.ts';
import { createSaves } from './saves.ts';
import { createTimers } from './timers.ts';
import { createStateView, type StateView } from './view.ts';

export interface Daemon {
  readonly view: Omit<StateView, 'changed' | 'renew' | 'close'>;
  /** Loads the store and begins the first tick. Rejects when the store cannot be read. */
  start(): Promise<void>;
  refresh(): void;
  /** See DaemonView. */
  readonly control: Operators['control'];
  readonly explain: Operators['explain'];
  /** Somebody says that these issues have changed; [] = anything. */
  wake(issueIds: readonly string[]): void;
  /** A write that an agent asked for is on its way, and has ended. See the core's events of these names. */
  issueWriting(write: Omit<Extract<EventBody, { kind: 'issue_writing' }>, 'kind'>): void;
  issueWritten(write: Omit<Extract<EventBody, { kind: 'issue_written' }>, 'kind'>): void;
  /** A good reload; `before` is what was in force. */
  reloaded(before: Workflow, after: Workflow): void;
  /** Starts nothing any more; everything ends by the deadline. Safe to call twice. */
  requestShutdown(deadlineMs: number): void;
  /** Resolves when the daemon has ended; `broken` when the core failed and its word cannot be trusted. */
  readonly finished: Promise<'drained' | 'broken'>;
  /** Every notice, after it was logged and counted. */
  onNotice(listener: (notice: Notice) => void): void;
  /** Every step, for journals and simulations. */
  onStep(listener: (event: Event, effects: readonly Effect[]) => void): void;
  /** True while a failed write waits to be tried again. */
  storeFailing(): boolean;
}

/** More than this in the mailbox, and the runs that fill it wait: a slow disk must not cost memory. */
const EVENTS_AHEAD = 2_000;
/** Notifications of this long count as one. */
const WAKE_DELAY_MS = 500;

export function createDaemon(parts: DaemonParts): Daemon {
  const { clock, log, workflow } = parts;
  const state = createState(coreSettings(workflow.current().settings));
  const tell = createTeller(log, parts.counters);
  const countRun = createRunCounters(parts.counters);
  const noticeListeners: ((notice: Notice) => void)[] = [];
  const stepListeners: ((event: Event, effects: readonly Effect[]) => void)[] = [];
  const ended = new AbortController();
  // Every call to the tracker that is under way listens to it.
  setMaxListeners(0, ended.signal);
  let settle: (how: 'drained' | 'broken') => void = () => undefined;
  const finished = new Promise<'drained' | 'broken'>((resolve) => (settle = resolve));
  let stopEvents: () => void = () => undefined;
  let cancelWake: (() => void) | null = null;
  let perform: PerformEffects = () => null;

  const mailbox = createMailbox({
    state,
    clock,
    newUuid: parts.newUuid,
    step: parts.step,
    perform: (effects) => {
      const done = perform(effects);
      view.changed();
      return done;
    },
    onStep: (event, effects) => {
      for (const listener of stepListeners) listener(event, effects);
    },
    onBroken: (error, event) => {
      log.error('the orchestrator core failed', { event: event.kind, error: messageOf(error) });
      close('broken');
    },
  });
  const view = createStateView({
    state,
    clock,
    requestRefresh: (words) => {
      tickAfterRecheck(() => {
        mailbox.post({ kind: 'refresh_requested', words });
      });
    },
  });
  const operators = createOperators({
    state,
    clock,
    newUuid: parts.newUuid,
    tracker: parts.tracker,
    store: parts.store,
    post: (body) => {
      mailbox.post(body);
    },
  });
  const timers = createTimers(clock, (timer) => {
    const fire = (): void => {
      mailbox.post({ kind: 'timer_fired', timer });
    };
    if (timer === 'tick') tickAfterRecheck(fire);
    else fire();
  });
  const saves = createSaves({
    store: parts.store,
    clock,
    onRecovered: () => {
      mailbox.post({ kind: 'store_recovered' });
    },
    onBacklog: (length) => {
      log.error('writes wait for the store', { waiting: length });
    },
  });
  perform = createEffects({
    ...parts,
    saves,
    timers,
    post: (body) => {
      mailbox.post(body);
    },
    tell: ({ notice }) => {
      tell(notice);
      for (const listener of noticeListeners) listener(notice);
    },
    answer: (controlId, answer) => {
      view.renew();
      operators.answered(controlId, answer);
    },
    finish: () => {
      void saves.flush().then((failure) => {
        if (failure !== null) log.error('the last writes were lost', { error: failure });
        close('drained');
      });
    },
    signal: ended.signal,
  });

  /** A change that raised no event is seen before the tick that should know it. */
  function tickAfterRecheck(tick: () => void): void {
    void workflow.recheck().then(tick);
  }

  /** A bulk edit in the tracker is one look, not a thousand. */
  function wakeSoon(): void {
    cancelWake ??= clock.after(WAKE_DELAY_MS, () => {
      cancelWake = null;
      view.refresh();
    });
  }

  function close(how: 'drained' | 'broken'): void {
    cancelWake?.();
    stopEvents();
    timers.disarmAll();
    saves.close();
    view.close();
    operators.close();
    ended.abort(new Error('the daemon has ended'));
    settle(how);
  }

  return {
    view,
    control: operators.control,
    explain: operators.explain,
    finished,
    async start() {
      const stored = await parts.store.load();
      stopEvents = parts.executor.events(0, (reports) => {
        for (const { runId, body } of reports) {
          countRun(runId, body.kind === 'progress' ? body.event : null);
          if (body.kind === 'ended') mailbox.post({ kind: 'run_ended', runId, exit: body.exit });
          else mailbox.post({ kind: 'run_progressed', runId, event: body.event });
        }
        return mailbox.waiting > EVENTS_AHEAD ? mailbox.drained() : undefined;
      });
      mailbox.post({ kind: 'recovered', stored, settings: coreSettings(workflow.current().settings) });
    },
    refresh() {
      view.refresh();
    },
    wake(issueIds) {
      for (const issueId of issueIds) mailbox.post({ kind: 'issue_touched', issueId });
      wakeSoon();
    },
    issueWriting(write) {
      mailbox.post({ kind: 'issue_writing', ...write });
    },
    issueWritten(write) {
      mailbox.post({ kind: 'issue_written', ...write });
    },
    reloaded(before, after) {
      mailbox.post({
        kind: 'settings_reloaded',
        settings: coreSettings(after.settings),
        endsParks: changesWork(before, after),
      });
    },
    requestShutdown(deadlineMs) {
      mailbox.post({ kind: 'shutdown_requested', deadlineMs });
    },
    onNotice(listener) {
      noticeListeners.push(listener);
    },
    onStep(listener) {
      stepListeners.push(listener);
    },
    storeFailing: () => state.storeFailing,
  };
}

function coreSettings(settings: Settings): CoreSettings {
  const { tracker, agent, pollIntervalMs, tokenRates, notifications } = settings;
  return { tracker, agent, pollIntervalMs, tokenRates, notifications };
}

/** The prompt, or `tracker`, `agent`, `hooks`, `workspace` or an adapter's block: what ends a park. */
function changesWork(before: Workflow, after: Workflow): boolean {
  return JSON.stringify(workOf(before)) !== JSON.stringify(workOf(after));
}

function workOf({ prompt, settings }: Workflow): unknown {
  const { tracker, agent, hooks, workspaceRoot } = settings;
  return [prompt.source, tracker, agent, hooks, workspaceRoot];
}
