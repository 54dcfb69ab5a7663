// "What would change it" offers no word that is refused: for every verdict, and in whatever state things are, the core
// takes exactly what the explanation names. Each word is tried on a copy.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ISSUE_CONTROLS,
  VERDICTS,
  type ControlCommand,
  type Explanation,
  type Issue,
  type IssueControl,
  type StoredPark,
  type StoredRetry,
  type Verdict,
} from '../../src/contract/index.ts';
import { explainKnown, explainUnknown } from '../../src/core/explain.ts';
import { step } from '../../src/core/step.ts';
import { aCore, failed, normalEnd, type Core } from './driver.ts';
import { issue, NO_BUDGET, REVIEW, storedPark, storedRetry } from './issues.ts';

const blockedBy = [{ id: '9', identifier: 'DEMO-9', state: 'Todo' }];
const ONE_SLOT = { agent: { maxConcurrentAgents: 1 } };

/** Who asks, what is answered, and what the shell finds in the tracker when a word is said of it. */
interface Scene {
  readonly core: Core;
  readonly explanation: Explanation;
  readonly found: Issue | null;
  readonly isCandidate?: boolean;
}

function known(core: Core, found: Issue | null = issue('1')): Scene {
  const explanation = explainKnown(core.state, `DEMO-${found?.id ?? '1'}`, core.atMs);
  expect(explanation).not.toBeNull();
  return { core, explanation: explanation as Explanation, found };
}

function read(facts: Partial<Issue>, settings = {}): Scene {
  const core = aCore({ settings });
  core.tick([issue('1', facts)]);
  return known(core, issue('1', facts));
}

function unknown(issueRead: Issue | null, isCandidate: boolean): Scene {
  const core = aCore();
  const asked = { identifier: 'DEMO-1', issue: issueRead, isCandidate };
  return { core, explanation: explainUnknown(core.state, asked, core.atMs), found: issueRead, isCandidate };
}

/** What the core answers, by a copy of it: null = the shell knows of no issue and asks nobody. */
function isTaken(
  { core, explanation, found, isCandidate }: Scene,
  control: IssueControl | 'resume',
): boolean {
  const state = structuredClone(core.state);
  const id = explanation.issueId;
  if (control !== 'resume' && id === null) return false;
  const fresh = id !== null && state.claims.has(id) ? null : found;
  const command: ControlCommand =
    control === 'resume'
      ? { control }
      : {
          control,
          issue: { id: id ?? '', identifier: explanation.issueIdentifier },
          found: fresh,
          isCandidate,
        };
  const effects = step(state, {
    ...{ kind: 'control_requested', controlId: 'w', command, word: { by: 'alice', reason: '' } },
    ...{ atMs: core.atMs, monotonicMs: core.monotonicMs, uuid: 'run-w' },
  });
  const answers = effects.flatMap((effect) => (effect.kind === 'answer_control' ? [effect.answer.kind] : []));
  expect(answers).toHaveLength(1);
  return answers[0] === 'accepted';
}

function expectTruth(scene: Scene): void {
  const { explanation } = scene;
  const { endsOn, controls, verdict, detail } = explanation;
  const taken = ISSUE_CONTROLS.filter((control) => isTaken(scene, control));
  expect([...controls].sort(), `${verdict}: ${detail}`).toEqual([...taken].sort());
  if (endsOn.includes('operator')) expect(taken.filter((control) => control !== 'hold')).not.toEqual([]);
  if (endsOn.includes('unhold')) expect(taken).toContain('unhold');
  if (endsOn.includes('resume')) expect(isTaken(scene, 'resume')).toBe(true);
  // A sentence may name a word about another issue.
  const [, other] = /sortie retry DEMO-(\w+)/.exec(detail) ?? [];
  if (other === undefined) return;
  const about = { ...explanation, issueId: other, issueIdentifier: `DEMO-${other}` };
  expect(isTaken({ ...scene, explanation: about }, 'retry')).toBe(true);
}

function spent(): Scene {
  const core = aCore({ settings: { agent: { budget: { ...NO_BUDGET, maxTokensPerDay: 100 } } } });
  core.start(issue('2'));
  const usage = { inputTokens: 120, outputTokens: 0, cacheReadTokens: 0, costUsd: null, model: '' };
  core.progress('2', { kind: 'agent_event', event: { kind: 'token_usage', ...usage } });
  core.tick([issue('1')]);
  return known(core);
}

function broken(): Scene {
  const core = aCore({ settings: { agent: { breakerFailures: 1 } } });
  core.start(issue('2'));
  core.ended('2', failed('hook_failed'));
  core.tick([issue('1')]);
  return known(core);
}

function paused(control: 'pause' | 'drain'): Scene {
  const core = aCore();
  core.say({ control });
  core.tick([issue('1')]);
  return known(core);
}

function full(byState: boolean): Scene {
  const agent = byState ? { maxConcurrentAgentsByState: { todo: 1 } } : ONE_SLOT.agent;
  const core = aCore({ settings: { agent } });
  core.tick([issue('2'), issue('3')]);
  return known(core, issue('3'));
}

function inReview(): Scene {
  const settings = { tracker: { handoffState: 'Review', maxInHandoff: 2 } };
  const core = aCore({ settings, inFirstTick: true });
  core.preflight();
  core.counted(2);
  core.candidates([issue('1')]);
  return known(core);
}

function stored(what: { parks?: StoredPark[]; retries?: StoredRetry[] }): Scene {
  return known(aCore({ settings: REVIEW, stored: what }));
}

function running(): Core {
  const core = aCore({ settings: { ...REVIEW, agent: { evidence: 'off' } } });
  core.start(issue('1'));
  return core;
}

/** Each verdict has one: a new one does not compile without. */
const SCENES: Readonly<Record<Verdict, () => Scene>> = {
  eligible: () => unknown(issue('1'), true),
  missing_field: () => read({ title: ' ' }),
  state_not_active: () => read({ state: 'Backlog' }),
  state_terminal: () => read({ state: 'Done' }),
  missing_label: () => read({ labels: ['ui'] }, { tracker: { requiredLabels: ['agent'] } }),
  blocked_by: () => read({ blockedBy }),
  no_global_slot: () => full(false),
  no_state_slot: () => full(true),
  checking: () => read({}),
  running: () => known(running()),
  retry_queued: () => stored({ retries: [storedRetry('1', { dueAtMs: 1e15 })] }),
  parked: () => stored({ parks: [storedPark('1', { reason: 'blocked' })] }),
  held: () => stored({ parks: [storedPark('1', { reason: 'held' })] }),
  paused: () => paused('pause'),
  draining: () => paused('drain'),
  handoff_limit: inReview,
  budget_paused: spent,
  breaker_open: broken,
  not_found: () => unknown(null, false),
  filtered_out: () => unknown(issue('1'), false),
};

describe('every verdict', () => {
  it.each(VERDICTS)('offers exactly what is taken: %s', (verdict) => {
    const scene = SCENES[verdict]();
    expect(scene.explanation.verdict).toBe(verdict);
    expectTruth(scene);
  });

  it('of which some are ended by an operator’s word about the issue', () => {
    const offers = VERDICTS.filter((verdict) => SCENES[verdict]().explanation.endsOn.includes('operator'));
    expect(offers).toEqual([
      ...['eligible', 'missing_label', 'blocked_by', 'checking', 'running', 'retry_queued', 'parked'],
      'handoff_limit',
    ]);
    expect(SCENES.blocked_by().explanation.controls).toEqual(['dispatch', 'hold']);
  });

  it.each(['agent', 'ordered', 'handoff', 'review'] as const)('queued for %s, due or not', (part) => {
    for (const dueAtMs of [1, 1e15]) {
      const scene = stored({ retries: [storedRetry('1', { step: part, dueAtMs })] });
      expectTruth(scene);
      scene.core.say({ control: 'pause' });
      expectTruth(known(scene.core));
    }
  });

  it('of a run that is being stopped, handed off or cleaned up: no word is taken', () => {
    const stopping = running();
    stopping.sayOf('cancel', '1');
    expectTruth(known(stopping));
    const handing = running();
    handing.ended('1', normalEnd);
    expectTruth(known(handing));
    expect(known(handing).explanation).toMatchObject({ controls: [], endsOn: ['run_end'] });
  });

  it('behind an agent that refuses to work, or is over its limit, names the issue that is parked for it', () => {
    for (const exit of [
      failed('agent_not_found'),
      failed('turn_failed', { reason: 'quota', resetAtMs: 1e15 }),
    ]) {
      const core = aCore();
      core.start(issue('2'));
      core.ended('2', exit);
      core.tick([issue('1')]);
      const scene = known(core);
      expect(scene.explanation).toMatchObject({
        verdict: 'paused',
        detail: expect.stringContaining('DEMO-2 is parked for it') as string,
      });
      expectTruth(scene);
      core.sayOf('retry', '2');
      expect(known(core).explanation.verdict).not.toBe('paused');
    }
  });

  it('takes none while the store cannot be written, or the daemon ends', () => {
    const core = aCore({ settings: ONE_SLOT });
    core.tick([issue('1', { blockedBy }), issue('2')]);
    core.found('2', issue('2'));
    core.loseSave();
    expect(known(core).explanation).toMatchObject({ controls: [], endsOn: ['blocker_closed'] });
    const ending = aCore();
    ending.tick([issue('1', { blockedBy })]);
    ending.shutdown();
    expect(known(ending).explanation.controls).toEqual([]);
  });
});

describe('whatever happens', () => {
  const about = fc.record({
    id: fc.integer({ min: 1, max: 4 }).map(String),
    what: fc.constantFrom(
      ...['blocked', 'eligible', 'backlog', 'fails', 'refuses', 'quota', 'ends', 'pause', 'resume', 'drain'],
      ...ISSUE_CONTROLS,
    ),
  });

  it('exactly what is taken is offered', () => {
    const seen = new Set<Verdict>();
    const settings = {
      tracker: { handoffState: 'Review', maxInHandoff: 3 },
      agent: { maxConcurrentAgents: 2, breakerFailures: 2, evidence: 'off' as const },
    };
    fc.assert(
      fc.property(fc.array(fc.array(about, { maxLength: 4 }), { maxLength: 8 }), (rounds) => {
        const core = aCore({ settings, inFirstTick: true });
        const latest = new Map<string, Issue>();
        turn(core, [], latest);
        for (const round of rounds) {
          const ids = new Map(round.map(({ id, what }) => [id, what]));
          turn(
            core,
            [...ids].map(([id, what]) => asRead(id, what)),
            latest,
          );
          for (const { id, what } of round) act(core, id, what, latest);
          for (const [id, found] of latest) {
            const explanation = explainKnown(core.state, `DEMO-${id}`, core.atMs);
            if (explanation === null) continue;
            seen.add(explanation.verdict);
            expectTruth({ core, explanation, found });
          }
        }
      }),
      { numRuns: 60 },
    );
    expect(seen.size).toBeGreaterThan(8);
  });
});

function asRead(id: string, what: string): Issue {
  return issue(id, {
    blockedBy: what === 'blocked' ? blockedBy : [],
    state: what === 'backlog' ? 'Backlog' : 'Todo',
  });
}

function turn(core: Core, issues: readonly Issue[], latest: Map<string, Issue>): void {
  for (const one of issues) latest.set(one.id, one);
  if (core.timers.has('tick')) core.fire('tick');
  if (core.opened('fetch_states').length > 0) {
    const { issueIds } = core.one('fetch_states');
    core.states(Object.fromEntries(issueIds.map((id) => [id, 'Todo'])));
  }
  if (core.opened('run_preflight').length > 0) core.preflight();
  if (core.opened('count_handoff').length > 0) core.counted(issues.length);
  if (core.opened('fetch_candidates').length > 0) core.candidates(issues);
}

function act(core: Core, id: string, what: string, latest: ReadonlyMap<string, Issue>): void {
  const found = latest.get(id) ?? issue(id);
  if (core.stageOf(id) === 'checking') core.found(id, found);
  if (what === 'pause' || what === 'resume' || what === 'drain') core.say({ control: what });
  else if ((ISSUE_CONTROLS as readonly string[]).includes(what)) {
    core.sayOf(what as IssueControl, id, core.state.claims.has(id) ? null : found);
  }
  if (core.stageOf(id) !== 'running') return;
  if (what === 'fails') core.ended(id, failed());
  if (what === 'refuses') core.ended(id, failed('agent_not_found'));
  if (what === 'quota') core.ended(id, failed('turn_failed', { reason: 'quota' }));
  if (what === 'ends') core.ended(id, normalEnd);
}
