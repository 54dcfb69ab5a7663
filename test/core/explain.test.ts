// "Why not?": which gate stops an issue, since when, and what would change it, in a sentence that holds the particulars.

import { describe, expect, it } from 'vitest';
import type { Explanation } from '../../src/contract/index.ts';
import { explainKnown, explainUnknown } from '../../src/core/explain.ts';
import { aCore, failed, normalEnd, STARTED_AT_MS, type Core } from './driver.ts';
import { issue, NO_BUDGET, REVIEW, storedPark, storedRetry } from './issues.ts';

const AT = '2027-01-15 08:00 UTC';

function why(core: Core, identifier = 'demo-1'): Explanation {
  const explanation = explainKnown(core.state, identifier, core.atMs);
  expect(explanation, `an explanation of ${identifier}`).not.toBeNull();
  return explanation as Explanation;
}

function usedTokens(core: Core, id: string, inputTokens: number): void {
  const usage = { inputTokens, outputTokens: 0, cacheReadTokens: 0, costUsd: null, model: '' };
  core.progress(id, { kind: 'agent_event', event: { kind: 'token_usage', ...usage } });
}

describe('what we have a claim on', () => {
  it('is explained by its stage, since it has begun', () => {
    const core = aCore({ settings: { ...REVIEW, agent: { evidence: 'off' } } });
    core.tick([issue('1')]);
    const { atMs } = core;
    expect(why(core)).toMatchObject({
      verdict: 'checking',
      sinceMs: atMs,
      issueId: '1',
      issueIdentifier: 'DEMO-1',
    });
    core.found('1', issue('1'));
    core.inTurn('1');
    core.pass(5_000);
    expect(why(core)).toMatchObject({
      verdict: 'running',
      detail: 'Attempt 0 is running (mock, about to begin, turn 1).',
      endsOn: ['run_end', 'operator'],
      sinceMs: atMs,
      asOfMs: core.atMs,
    });
    core.sayOf('cancel', '1');
    expect(why(core).detail).toBe('Attempt 0 is being stopped: cancelled by alice.');
  });

  it('says that only the handoff is owed, now and later', () => {
    const core = aCore({ settings: { ...REVIEW, agent: { evidence: 'off' } } });
    core.start(issue('1'));
    core.ended('1', normalEnd);
    expect(why(core)).toMatchObject({
      verdict: 'running',
      detail: 'Its work is done, and it is being moved to Review.',
    });
    core.fail(core.one('transition_issue'));
    expect(why(core)).toMatchObject({
      verdict: 'retry_queued',
      detail: expect.stringMatching(
        /^Its work is done; the move to Review is tried again at .* \(in 10 s\) after: the tracker is away\.$/,
      ) as string,
      endsOn: ['retry_due', 'operator'],
    });
  });

  it('says when a retry is due, and after what', () => {
    const core = aCore({ stored: { retries: [storedRetry('1', { dueAtMs: STARTED_AT_MS + 42_000 })] } });
    expect(why(core).detail).toBe(`Attempt 1 is due at ${AT} (in 42 s) after: it broke.`);
  });

  it('says what a due retry waits for: a slot, an operator', () => {
    const core = aCore({
      settings: { agent: { maxConcurrentAgents: 1 } },
      stored: { retries: [storedRetry('1')] },
      inFirstTick: true,
    });
    core.answerTick([issue('3')]);
    core.fire('retry:1');
    expect(why(core)).toMatchObject({
      verdict: 'retry_queued',
      detail:
        'Attempt 1 is due and waits, after: it broke. It waits for a slot: 1 of 1 are used (agent.max_concurrent_agents).',
      endsOn: ['slot_free', 'raised_limit'],
    });
    core.say({ control: 'pause' }, { reason: 'deploy' });
    expect(why(core)).toMatchObject({
      detail: `Attempt 1 is due and waits, after: it broke. Dispatch was paused at ${AT} by alice: deploy.`,
      endsOn: ['resume'],
    });
  });

  it('says of a park its reason, its detail and what ends it', () => {
    const until = STARTED_AT_MS + 1;
    const quota = storedPark('1', {
      reason: 'quota',
      detail: 'limit',
      untilMs: until,
      parkedAtMs: STARTED_AT_MS,
    });
    const held = storedPark('2', { reason: 'held', detail: 'held by bob', parkedAtMs: STARTED_AT_MS });
    const core = aCore({ stored: { parks: [quota, held] } });
    expect(why(core)).toMatchObject({
      verdict: 'parked',
      detail: `It was parked at ${AT}, until 2027-01-15 08:01 UTC (quota): limit.`,
      endsOn: ['until', 'operator'],
    });
    expect(why(core, 'DEMO-2')).toMatchObject({
      verdict: 'held',
      detail: `An operator holds it since ${AT}: held by bob.`,
      endsOn: ['unhold'],
      sinceMs: STARTED_AT_MS,
    });
  });
});

describe('what was read and is not started', () => {
  const blockedBy = [{ id: '9', identifier: 'DEMO-9', state: 'Todo' }];
  it.each([
    [
      issue('1', { blockedBy }),
      'blocked_by',
      'It is blocked by DEMO-9 (Todo).',
      ['blocker_closed', 'operator'],
    ],
    [
      issue('1', { labels: ['ui'] }),
      'missing_label',
      'It lacks the label agent; tracker.required_labels asks for agent.',
      ['label_added', 'workflow_change', 'operator'],
    ],
    [
      issue('1', { state: 'Backlog' }),
      'state_not_active',
      'Its state, Backlog, is none of tracker.active_states (Todo, In Progress).',
      ['state_change', 'workflow_change'],
    ],
    [
      issue('1', { title: ' ' }),
      'missing_field',
      'The tracker gives no title for it, and nothing is started without one.',
      ['issue_change'],
    ],
    [
      issue('1', { state: 'Done' }),
      'state_terminal',
      'Its state, Done, is one of tracker.terminal_states.',
      ['state_change', 'workflow_change'],
    ],
  ])('is explained by its own verdict, as it was read: %#', (read, verdict, detail, endsOn) => {
    const requiredLabels = verdict === 'missing_label' ? ['agent'] : [];
    const core = aCore({ settings: { tracker: { requiredLabels } } });
    core.tick([read]);
    const readAtMs = core.atMs;
    core.tick([read]);
    core.pass(5_000);
    const asOfMs = core.atMs - 5_000;
    const controls = endsOn.includes('operator') ? ['dispatch', 'hold'] : ['hold'];
    const own = { issueId: '1', issueIdentifier: 'DEMO-1', sinceMs: readAtMs, asOfMs, verdict, detail };
    expect(why(core)).toEqual({ ...own, endsOn, controls });
    const asked = { identifier: 'x', issue: read, isCandidate: true };
    expect(explainUnknown(core.state, asked, core.atMs)).toMatchObject({
      ...{ verdict, detail, endsOn, controls, sinceMs: null, asOfMs: core.atMs, issueIdentifier: 'DEMO-1' },
    });
    core.say({ control: 'pause' });
    const notNow = { endsOn: endsOn.filter((end) => end !== 'operator'), controls: ['hold'] };
    expect(why(core)).toEqual({ ...own, ...notNow });
    expect(explainUnknown(core.state, asked, core.atMs)).toMatchObject({ verdict, ...notNow });
  });

  it('is explained by what keeps every run back, when it could run otherwise', () => {
    const core = aCore();
    core.say({ control: 'drain' });
    const { atMs } = core;
    core.tick([issue('1')]);
    expect(why(core)).toMatchObject({
      verdict: 'draining',
      detail: `Dispatch is draining since ${AT} by alice: nothing is started.`,
      endsOn: ['resume'],
      sinceMs: atMs,
    });
    core.post({
      kind: 'control_requested',
      controlId: 'x',
      command: { control: 'resume' },
      word: { by: 'bob', reason: '' },
    });
    expect(why(core)).toMatchObject({ verdict: 'eligible', endsOn: ['next_tick', 'operator'] });
  });

  it('names the budget, the agent and the store', () => {
    const budget = { ...NO_BUDGET, maxTokensPerDay: 100 };
    const core = aCore({ settings: { agent: { budget } } });
    core.start(issue('2'));
    usedTokens(core, '2', 120);
    core.tick([issue('1')]);
    expect(why(core)).toMatchObject({
      verdict: 'budget_paused',
      detail: expect.stringContaining('agent.budget.max_tokens_per_day: 120 of 100 tokens') as string,
      endsOn: ['until', 'raised_limit'],
    });
    const refused = aCore();
    refused.start(issue('2'));
    refused.ended('2', failed('agent_not_found', { message: 'no claude' }));
    refused.tick([issue('1')]);
    expect(why(refused)).toMatchObject({
      verdict: 'paused',
      detail:
        'The agent mock refuses to work: no claude. ' +
        'DEMO-2 is parked for it: sortie retry DEMO-2 lets all of them try again.',
      endsOn: ['workflow_change', 'restart'],
    });
    refused.post({ kind: 'issue_touched', issueId: '2' });
    const broken = aCore({ settings: { agent: { maxConcurrentAgents: 1 } } });
    broken.tick([issue('1'), issue('2')]);
    broken.found('1', issue('1'));
    broken.loseSave();
    expect(why(broken, 'DEMO-2').detail).toContain('while the store cannot be written');
  });

  it('says which slots are used, and when they are free that the next tick comes', () => {
    const core = aCore({
      settings: { agent: { maxConcurrentAgents: 2, maxConcurrentAgentsByState: { todo: 1 } } },
    });
    core.tick([issue('1'), issue('2')]);
    expect(why(core, 'DEMO-2')).toMatchObject({
      verdict: 'no_state_slot',
      detail:
        'It waits for a slot of its state: 1 of 1 are used by Todo (agent.max_concurrent_agents_by_state).',
      endsOn: ['slot_free', 'raised_limit'],
      sinceMs: core.atMs,
    });
    core.found('1', null);
    expect(why(core, 'DEMO-2')).toMatchObject({ verdict: 'eligible', endsOn: ['next_tick', 'operator'] });
  });

  it('says what the preflight finds', () => {
    const core = aCore({ settings: { agent: { maxConcurrentAgents: 1 } } });
    core.tick([issue('1'), issue('2')]);
    core.found('1', null);
    core.fire('tick');
    core.preflight(['the agent command is missing']);
    expect(why(core, 'DEMO-2')).toMatchObject({
      verdict: 'eligible',
      detail: 'Nothing is started while the preflight fails: the agent command is missing.',
      endsOn: ['preflight_passes'],
    });
  });

  it('remembers what the check just before the start found, since then, while the list says otherwise', () => {
    const core = aCore();
    const listed = issue('1');
    const found = issue('1', { blockedBy });
    core.tick([listed]);
    core.found('1', found);
    const { atMs } = core;
    expect(why(core)).toMatchObject({ verdict: 'blocked_by', sinceMs: atMs, asOfMs: atMs });
    core.tick([listed]);
    core.found('1', found);
    expect(why(core)).toMatchObject({ verdict: 'blocked_by', sinceMs: atMs, asOfMs: core.atMs });
    core.tick([listed]);
    core.found('1', null);
    expect(why(core)).toMatchObject({ verdict: 'not_found', sinceMs: core.atMs });
    expect(core.snapshot().waiting).toEqual([]);
  });
});

describe('what we have never read', () => {
  it('is nobody’s as long as the tracker was not asked', () => {
    expect(explainKnown(aCore().state, 'DEMO-1', 0)).toBeNull();
  });

  it('is not found, filtered out, or about to be taken', () => {
    const core = aCore({ settings: { tracker: { queryFilter: 'team = core' } } });
    const ask = (found: ReturnType<typeof issue> | null, isCandidate: boolean | null): Explanation =>
      explainUnknown(core.state, { identifier: 'DEMO-1', issue: found, isCandidate }, core.atMs);
    expect(ask(null, null)).toMatchObject({
      issueId: null,
      issueIdentifier: 'DEMO-1',
      verdict: 'not_found',
      endsOn: [],
    });
    expect(ask(issue('1'), false)).toMatchObject({
      issueId: '1',
      verdict: 'filtered_out',
      detail: expect.stringContaining('tracker.query_filter (team = core) leaves it out') as string,
      endsOn: ['filter_match', 'workflow_change'],
    });
    for (const candidate of [true, null]) {
      expect(ask(issue('1'), candidate)).toMatchObject({
        verdict: 'eligible',
        sinceMs: null,
        endsOn: ['next_tick', 'operator'],
      });
    }
    core.say({ control: 'pause' });
    expect(ask(issue('1'), true)).toMatchObject({ verdict: 'paused', sinceMs: core.atMs });
    expect(ask(issue('1', { state: 'Done' }), false)).toMatchObject({ verdict: 'state_terminal' });
  });
});

describe('the review limit and the breaker', () => {
  it('are named with what ends them', () => {
    const core = aCore({ settings: { tracker: { handoffState: 'Review', maxInHandoff: 2 } } });
    core.state.handoff = { count: 2, asOfMs: core.atMs };
    const ask = (): Explanation =>
      explainUnknown(core.state, { identifier: 'DEMO-1', issue: issue('1'), isCandidate: true }, core.atMs);
    expect(ask()).toMatchObject({
      verdict: 'handoff_limit',
      detail: expect.stringContaining('2 issues wait in Review') as string,
      endsOn: ['review_done', 'raised_limit', 'operator'],
    });
    const failing = aCore({ settings: { agent: { breakerFailures: 1 } } });
    failing.start(issue('2'));
    failing.ended('2', failed('hook_failed', { message: 'no space left' }));
    const explained = explainUnknown(
      failing.state,
      { identifier: 'DEMO-1', issue: issue('1'), isCandidate: true },
      failing.atMs,
    );
    expect(explained).toMatchObject({
      verdict: 'breaker_open',
      detail: expect.stringContaining('no space left') as string,
      endsOn: ['until', 'workflow_change', 'restart'],
    });
  });

  it('name no time that has passed: behind the breaker, the end of the run that tries', () => {
    const core = aCore({ settings: { agent: { breakerFailures: 1 } } });
    core.start(issue('2'));
    core.ended('2', failed('hook_failed', { message: 'no space left' }));
    expect(why(core, 'DEMO-2').detail).not.toContain('Dispatch waits');
    core.pass(60_000);
    core.fire('retry:2');
    core.found('2', issue('2'));
    expect(core.stageOf('2')).toBe('running');
    core.tick([issue('1')]);
    expect(why(core)).toMatchObject({
      verdict: 'breaker_open',
      detail:
        'Dispatch waits: an issue failed (hook_failed); the last: no space left; ' +
        'one run at a time is let through to see whether it is over.',
      endsOn: ['run_end', 'workflow_change', 'restart'],
    });
  });
});
