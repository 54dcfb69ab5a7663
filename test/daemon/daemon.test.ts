// The shell of the core: what happens goes into the mailbox, what is ordered is carried out, and every order comes
// back as one event.

import { describe, expect, it } from 'vitest';
import type { Issue, RunHandler, RunSpec, StoredIssue } from '../../src/contract/index.ts';
import { TrackerError } from '../../src/contract/index.ts';
import { issue, storedPark, storedRetry } from '../core/issues.ts';
import { aDaemon, rest } from './a-daemon.ts';
import { aWorkflow } from './a-workflow.ts';
import { toolRule, toolSettings } from '../workflow/tool-settings.ts';

const review = { settings: { tracker: { handoffState: 'Review' } } };
const comments = { onDispatch: false, onCompletion: true, onFailure: true, style: 'plain' } as const;

const untilAborted: RunHandler = (_spec, _report, signal) =>
  new Promise((resolve) => {
    const end = () => {
      resolve({ kind: 'cancelled', reason: signal.reason as 'shutdown' });
    };
    if (signal.aborted) end();
    else signal.addEventListener('abort', end);
  });

describe('the daemon', () => {
  it('takes an issue from active to its handoff state', async () => {
    const specs: RunSpec[] = [];
    const { daemon, issues, calls, notices, writes } = aDaemon({
      issues: [issue('1')],
      workflow: { ...review, secretEnvNames: ['KEY'] },
      work: async (spec, report) => {
        specs.push(spec);
        await report({ kind: 'workspace_ready', path: '/w/1', created: true });
        return { kind: 'normal', end: 'turns_used_up', state: 'Todo', evidence: null };
      },
    });
    await daemon.start();
    await rest();
    expect(issues.get('1')?.state).toBe('Review');
    expect(calls).toEqual(['candidates', 'by id 1', 'transition 1 Review']);
    expect(specs).toMatchObject([
      { attempt: 0, issue: { id: '1', comments: [] }, secretEnvNames: ['KEY'], prompt: { firstLine: 5 } },
    ]);
    expect(notices.map(({ kind }) => kind)).toEqual([
      'recovered',
      'verdict_changed',
      'tick_completed',
      'dispatched',
      'phase_ended',
      'run_finished',
      'handed_off',
      'released',
    ]);
    expect(writes.map(({ kind }) => kind)).toEqual([
      'run_started',
      'run_workspace',
      'run_ended',
      'put_sessions_used',
      'put_retry',
      'delete_retry',
    ]);
  });

  it('starts no run before its row is durable', async () => {
    const seen: string[][] = [];
    const kit = aDaemon({
      issues: [issue('1')],
      work: () => {
        seen.push(kit.writes.map(({ kind }) => kind));
        return Promise.resolve({ kind: 'normal', end: 'status_blocked', state: 'Todo', evidence: null });
      },
    });
    await kit.daemon.start();
    await rest();
    expect(seen).toEqual([['run_started']]);
  });

  it('starts nothing while the store is full, and goes on when it is not', async () => {
    let runs = 0;
    const { daemon, store, clock, notices } = aDaemon({
      issues: [issue('1')],
      workflow: review,
      work: () => {
        runs += 1;
        return Promise.resolve({ kind: 'normal', end: 'turns_used_up', state: 'Todo', evidence: null });
      },
    });
    store.full = true;
    await daemon.start();
    await rest();
    expect(runs).toBe(0);
    expect(daemon.storeFailing()).toBe(true);
    store.full = false;
    clock.pass(5_000);
    await rest();
    expect(daemon.storeFailing()).toBe(false);
    clock.pass(10_000);
    await rest();
    expect(runs).toBe(1);
    expect(notices.map(({ kind }) => kind)).toContain('store_resumed');
  });

  it('rechecks the workflow before every tick and refresh', async () => {
    const { daemon, clock, workflow, calls } = aDaemon();
    await daemon.start();
    await rest();
    clock.pass(30_000);
    await rest();
    expect(workflow.rechecks).toBe(1);
    daemon.refresh();
    clock.pass(0);
    await rest();
    expect(workflow.rechecks).toBe(2);
    expect(calls).toEqual(['candidates', 'candidates', 'candidates']);
  });

  it('gives a run the settings of the moment', async () => {
    const kinds: string[] = [];
    const { daemon, workflow, issues, clock } = aDaemon({
      work: (spec) => {
        kinds.push(spec.settings.agent.command);
        return Promise.resolve({ kind: 'normal', end: 'status_blocked', state: 'Todo', evidence: null });
      },
    });
    await daemon.start();
    await rest();
    workflow.now = aWorkflow({ settings: { agent: { command: 'new' } } });
    issues.set('1', issue('1'));
    clock.pass(30_000);
    await rest();
    expect(kinds).toEqual(['new']);
  });

  it('starts no run of another agent kind than the core has chosen', async () => {
    let runs = 0;
    const { daemon, workflow, issues, clock, writes, log } = aDaemon({
      work: () => {
        runs += 1;
        return Promise.resolve({ kind: 'normal', end: 'status_blocked', state: 'Todo', evidence: null });
      },
    });
    await daemon.start();
    await rest();
    // In force already, but the core has not been told yet.
    workflow.now = aWorkflow({ settings: { agent: { kind: 'another' } } });
    issues.set('1', issue('1'));
    clock.pass(30_000);
    await rest();
    expect(runs).toBe(0);
    const words = /agent\.kind is another by now/;
    expect(writes).toContainEqual(
      expect.objectContaining({ kind: 'run_ended', error: expect.stringMatching(words) as string }),
    );
    expect(JSON.stringify(log.lines)).toMatch(words);
  });

  it.each([
    ['the prompt', { prompt: { source: 'new', path: '/flow/WORKFLOW.md', firstLine: 5 } }, true],
    ['tracker', { settings: { tracker: { apiKey: 'k' } } }, true],
    ['agent', { settings: { agent: { command: 'x' } } }, true],
    [
      'hooks',
      {
        settings: {
          hooks: { afterCreate: 'x', beforeRun: '', afterRun: '', beforeRemove: '', timeoutMs: 1 },
        },
      },
      true,
    ],
    ['workspace', { settings: { workspaceRoot: '/other' } }, true],
    ['an adapter’s block', { settings: { agent: { block: { outcome: 'fail' } } } }, true],
    ['polling', { settings: { pollIntervalMs: 1_000 } }, false],
    ['tools', { settings: { tools: toolSettings({ writeDefault: 'deny', rules: [toolRule()] }) } }, false],
    ['tools that are switched off', { settings: { tools: toolSettings({ enabled: false }) } }, false],
    [
      'server.users',
      { settings: { server: { users: [{ name: 'ana', token: 'a-token-of-ana', groups: [] }] } } },
      false,
    ],
    ['nothing', {}, false],
  ] as [string, Parameters<typeof aWorkflow>[0], boolean][])(
    'a reload of %s ends parks or not',
    async (_what, change, ends) => {
      const { daemon } = aDaemon({ issues: [issue('1')], stored: { parks: [storedPark('1')] } });
      await daemon.start();
      await rest();
      daemon.reloaded(aWorkflow(), aWorkflow(change));
      await rest();
      expect(daemon.view.issue('DEMO-1')?.status).toBe(ends ? 'retrying' : 'parked');
    },
  );

  it('takes what an adapter throws as a failure of the tracker, and nothing more', async () => {
    const broken = () => Promise.reject(new Error('adapter bug'));
    const { daemon, notices, clock } = aDaemon({ tracker: { fetchCandidateIssues: broken } });
    await daemon.start();
    await rest();
    expect(notices.at(-2)).toMatchObject({ kind: 'fetch_failed', message: 'adapter bug' });
    clock.pass(30_000);
    await rest();
    expect(notices.at(-1)).toMatchObject({ kind: 'tick_completed', result: 'error' });
  });

  it('knows an issue that is gone from a tracker that is away', async () => {
    const away = new TrackerError({
      kind: 'tracker_transport_error',
      method: 'GET',
      path: '/',
      detail: 'away',
    });
    const { daemon, notices, clock, issues } = aDaemon({
      stored: { retries: [storedRetry('1')] },
    });
    await daemon.start();
    clock.pass(0);
    await rest();
    expect(notices.at(-1)).toMatchObject({ kind: 'released' });
    const other = aDaemon({
      stored: { retries: [storedRetry('1')] },
      tracker: { fetchIssueById: () => Promise.reject(away) },
    });
    await other.daemon.start();
    other.clock.pass(0);
    await rest();
    expect(other.notices.at(-1)).toMatchObject({
      kind: 'retry_queued',
      error: expect.stringContaining('away') as string,
    });
    expect(issues.size).toBe(0);
  });

  it('looks at no more than sixteen issues at once', async () => {
    let looking = 0;
    let most = 0;
    const issues = Array.from({ length: 50 }, (_, index) => issue(`${index}`));
    const { daemon } = aDaemon({
      issues,
      workflow: { settings: { agent: { maxConcurrentAgents: 50 } } },
      tracker: {
        fetchIssueById: async (id: string) => {
          looking += 1;
          most = Math.max(most, looking);
          await new Promise((resolve) => setImmediate(resolve));
          looking -= 1;
          return issue(id, { state: 'Backlog' });
        },
      },
    });
    await daemon.start();
    for (let turns = 0; turns < 3; turns += 1) await rest();
    expect(most).toBe(16);
    expect(daemon.view.activity()).toEqual({ running: 0, retrying: 0, paused: '' });
  });

  it('reads a stream page by page, no further than its slots reach, and closes what it leaves', async () => {
    const read: string[] = [];
    let closed = 0;
    async function* pages(): AsyncGenerator<readonly Issue[]> {
      try {
        for (const id of ['1', '2', '3', '4']) {
          read.push(id);
          yield await Promise.resolve([issue(id)]);
        }
      } finally {
        closed += 1;
      }
    }
    const { daemon, clock } = aDaemon({
      issues: ['1', '2', '3', '4'].map((id) => issue(id)),
      workflow: { settings: { agent: { maxConcurrentAgents: 2 } } },
      tracker: { streamCandidateIssues: pages } as object,
      work: (spec) =>
        spec.issue.id === '1'
          ? Promise.resolve({ kind: 'normal', end: 'label_missing', state: 'Todo', evidence: null })
          : untilAborted(spec, () => undefined, new AbortController().signal),
    });
    await daemon.start();
    await rest();
    expect(read).toEqual(['1', '2']);
    clock.pass(30_000);
    await rest();
    expect(closed).toBe(1);
    expect(read.slice(2)).toEqual(['1']);
  });

  it('reads a stream to its end when slots are left', async () => {
    async function* pages(): AsyncGenerator<readonly Issue[]> {
      yield await Promise.resolve([issue('1', { state: 'Backlog' })]);
    }
    const { daemon, notices } = aDaemon({ tracker: { streamCandidateIssues: pages } as object });
    await daemon.start();
    await rest();
    expect(notices.at(-1)).toMatchObject({ kind: 'tick_completed', candidates: 1, nothingEligible: true });
  });

  it('removes workspaces of terminal issues at start, and says when it cannot', async () => {
    const spending = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, costUsd: 0 };
    const session = { sessionId: null, sessionAgentKind: null, sessionUsage: null, sessionsUsed: 0 };
    const known = (id: string): StoredIssue => ({
      issueId: id,
      identifier: `DEMO-${id}`,
      workspacePath: `/w/${id}`,
      ...session,
      spending,
      emptyRuns: 0,
    });
    const stored = { issues: [known('1'), known('2')] };
    const issues = [issue('1', { state: 'Done' }), issue('2')];
    const kit = aDaemon({ stored, issues, workflow: { settings: { agent: { maxConcurrentAgents: 0 } } } });
    await kit.daemon.start();
    await rest();
    expect(kit.removed).toEqual(['/w/1']);
    expect(kit.writes).toContainEqual({ kind: 'forget_workspace', issueId: '1' });
    const removeWorkspace = () => Promise.reject(new Error('busy'));
    const stuck = aDaemon({ stored, issues, parts: { removeWorkspace } });
    await stuck.daemon.start();
    await rest();
    expect(stuck.notices).toContainEqual(
      expect.objectContaining({ kind: 'workspace_not_removed', message: 'busy' }),
    );
  });

  it('comments, and copes when it cannot', async () => {
    const settings = { tracker: { comments, handoffState: 'Review' } };
    const kit = aDaemon({ issues: [issue('1')], workflow: { settings } });
    await kit.daemon.start();
    await rest();
    expect(kit.calls.at(-1)).toBe('comment 1 Sortie: finished (attempt 0, 0 turns).');
    const refused = aDaemon({
      issues: [issue('1')],
      workflow: { settings },
      tracker: { addComment: () => Promise.reject(new Error('no')) } as object,
    });
    await refused.daemon.start();
    await rest();
    expect(refused.counted).toContain('countTrackerComment completion error');
    expect(refused.daemon.view.activity()).toEqual({ running: 0, retrying: 0, paused: '' });
  });

  it('queues a run that its executor would not take', async () => {
    for (const submit of [() => Promise.resolve('busy' as const), () => Promise.reject(new Error('gone'))]) {
      const executor = {
        submit,
        cancel: () => Promise.resolve(),
        events: () => () => undefined,
        active: () => Promise.resolve([]),
      };
      const { daemon } = aDaemon({ issues: [issue('1')], parts: { executor } });
      await daemon.start();
      await rest();
      expect(daemon.view.snapshot()?.retrying).toMatchObject([
        {
          trigger: 'timer',
          error: expect.stringMatching(/^the run was not accepted: (busy|gone)$/) as string,
        },
      ]);
    }
  });

  it('counts what runs report', async () => {
    const usage = { inputTokens: 5, outputTokens: 1, cacheReadTokens: 0, model: '', costUsd: null };
    const { daemon, counted } = aDaemon({
      issues: [issue('1')],
      work: async (_spec, report) => {
        await report({ kind: 'agent_event', event: { kind: 'token_usage', ...usage } });
        return { kind: 'normal', end: 'status_blocked', state: 'Todo', evidence: null };
      },
    });
    await daemon.start();
    await rest();
    expect(counted.filter((line) => line.startsWith('countTokens'))).toHaveLength(1);
    expect(counted).toContain('countWorkerExit normal 0');
    expect(counted).toContain('countPollCycle success 0');
  });

  it('shows every step to those who watch', async () => {
    const { daemon } = aDaemon();
    const events: string[] = [];
    daemon.onStep((event) => events.push(event.kind));
    await daemon.start();
    await rest();
    expect(events).toEqual(['recovered', 'preflight_done', 'candidates_fetched']);
  });

  it('does not start on a store that cannot be read', async () => {
    const store = { load: () => Promise.reject(new Error('unreadable')), apply: () => Promise.resolve() };
    await expect(aDaemon({ parts: { store } }).daemon.start()).rejects.toThrow('unreadable');
  });
});

describe('shutdown', () => {
  it('stops runs, stores what they were at, and leaves no timer', async () => {
    const { daemon, clock, writes, executor } = aDaemon({ issues: [issue('1')], work: untilAborted });
    await daemon.start();
    await rest();
    expect(await executor.active()).toHaveLength(1);
    daemon.requestShutdown(clock.nowMs() + 10_000);
    daemon.requestShutdown(clock.nowMs() + 1);
    expect(await daemon.finished).toBe('drained');
    expect(await executor.active()).toEqual([]);
    expect(writes.slice(-2)).toMatchObject([
      { kind: 'run_ended', status: 'interrupted' },
      { kind: 'put_retry', retry: { attempt: 1 } },
    ]);
    expect(clock.armed).toBe(0);
    expect(daemon.view.refresh()).toBeNull();
  });

  it('ends at its deadline with what will not end', async () => {
    const { daemon, clock, log } = aDaemon({
      issues: [issue('1')],
      work: () => new Promise(() => undefined),
    });
    await daemon.start();
    await rest();
    daemon.requestShutdown(clock.nowMs() + 10_000);
    await rest();
    clock.pass(10_000);
    expect(await daemon.finished).toBe('drained');
    expect(log.lines.at(-1)).toMatchObject({
      message: 'shutdown deadline reached',
      fields: { left_behind: 1 },
    });
    expect(clock.armed).toBe(0);
  });

  it('ends though the store is full, and says what is lost', async () => {
    const { daemon, clock, log, store } = aDaemon({ issues: [issue('1')], work: untilAborted });
    await daemon.start();
    await rest();
    store.full = true;
    daemon.requestShutdown(clock.nowMs() + 10_000);
    expect(await daemon.finished).toBe('drained');
    await rest();
    const lost = log.lines.filter(({ message }) => message === 'the last writes were lost');
    expect(lost).toMatchObject([{ level: 'error', fields: { error: 'disk full' } }]);
    expect(clock.armed).toBe(0);
  });

  it('tries a write that had failed once more at the end', async () => {
    const { daemon, clock, store, writes } = aDaemon({ issues: [issue('1')], work: untilAborted });
    await daemon.start();
    await rest();
    store.full = true;
    clock.pass(0);
    daemon.requestShutdown(clock.nowMs() + 10_000);
    await Promise.resolve();
    store.full = false;
    expect(await daemon.finished).toBe('drained');
    expect(writes.map(({ kind }) => kind)).toContain('put_retry');
  });

  it('says that it broke when the core does, and does nothing more', async () => {
    const step = () => {
      throw new Error('core bug');
    };
    const { daemon, log, clock } = aDaemon({ parts: { step } });
    await daemon.start();
    expect(await daemon.finished).toBe('broken');
    expect(log.lines).toMatchObject([{ level: 'error', fields: { event: 'recovered', error: 'core bug' } }]);
    expect(clock.armed).toBe(0);
  });
});

it('a run that cannot be cancelled is told, and the daemon goes on', async () => {
  const executor = {
    submit: () => Promise.resolve('accepted' as const),
    cancel: () => Promise.reject(new Error('unreachable')),
    events: () => () => undefined,
    active: () => Promise.resolve([]),
  };
  const { daemon, log, issues, clock } = aDaemon({ issues: [issue('1')], parts: { executor } });
  await daemon.start();
  await rest();
  issues.set('1', issue('1', { state: 'Done' }));
  clock.pass(30_000);
  await rest();
  expect(log.lines).toContainEqual(
    expect.objectContaining({ level: 'error', message: 'cancelling a run failed' }),
  );
  expect(daemon.view.snapshot()?.lastTick?.atMs).toBe(clock.wallMs);
});
