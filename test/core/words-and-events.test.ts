// Whatever operators say and whatever happens meanwhile, in any order: one claim has one stage, each word is answered
// once, a word that is offered is taken, nothing is started while dispatch is not running, and what is held stays.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ControlAnswer, ControlCommand, ControlName, IssueControl } from '../../src/contract/index.ts';
import { issueSnapshotOf } from '../../src/core/snapshot.ts';
import { aCore, failed, normalEnd, NOTHING_STORED, type Core } from './driver.ts';
import { issue, REVIEW } from './issues.ts';

const IDS = ['1', '2', '3', '4'];
const OF_ISSUE = ['dispatch', 'cancel', 'retry', 'release', 'hold', 'unhold'] as const;
const OF_DAEMON = ['pause', 'resume', 'drain'] as const;

type Move =
  | { readonly kind: 'say'; readonly control: ControlName; readonly id: string }
  | {
      readonly kind:
        'tick' | 'check' | 'refuse' | 'end' | 'fail' | 'write' | 'fire' | 'lose' | 'mend' | 'reload';
      readonly id: string;
    };

const id = fc.constantFrom(...IDS);
const move: fc.Arbitrary<Move> = fc.oneof(
  fc.record({
    kind: fc.constant('say' as const),
    control: fc.constantFrom<ControlName>(...OF_ISSUE, ...OF_DAEMON),
    id,
  }),
  fc.record({
    kind: fc.constantFrom(
      'tick',
      'check',
      'refuse',
      'end',
      'fail',
      'write',
      'fire',
      'lose',
      'mend',
      'reload',
    ),
    id,
  }),
);

class Room {
  readonly core: Core = aCore({
    settings: { ...REVIEW, agent: { maxConcurrentAgents: 2, evidence: 'off' } },
  });
  readonly answers = new Map<string, number>();
  readonly held = new Set<string>();
  private said = 0;

  play(one: Move): void {
    const { core } = this;
    const stage = core.stageOf(one.id);
    const before = core.state.dispatch.mode;
    const { last } = core;
    if (one.kind === 'say') this.say(one.control, one.id);
    else if (one.kind === 'tick' && core.state.tick === null) core.tick(IDS.map((each) => issue(each)));
    else if (one.kind === 'check' && looks(core, one.id)) core.found(one.id, issue(one.id));
    else if (one.kind === 'refuse' && looks(core, one.id)) core.found(one.id, null);
    else if (one.kind === 'end' && stage === 'running') core.ended(one.id, normalEnd);
    else if (one.kind === 'fail' && stage === 'running') core.ended(one.id, failed());
    else if (one.kind === 'write')
      for (const effect of core.opened('transition_issue').slice(0, 1)) core.wrote(effect);
    else if (one.kind === 'fire' && core.timers.has(`retry:${one.id}`)) core.fire(`retry:${one.id}`);
    else if (one.kind === 'lose' && core.last.some(({ kind }) => kind === 'save')) this.lose();
    else if (one.kind === 'mend') core.post({ kind: 'store_recovered' });
    else if (one.kind === 'reload')
      core.reload({ ...REVIEW, agent: { maxConcurrentAgents: 2, evidence: 'off' } }, true);
    if (core.last === last) return;
    this.note();
    const started = core.last.filter((effect) => effect.kind === 'start_run');
    if (before !== 'running' && core.state.dispatch.mode !== 'running') expect(started).toEqual([]);
    for (const { spec } of started) expect([...this.held]).not.toContain(spec.issue.id);
  }

  private say(control: ControlName, issueId: string): void {
    const { core } = this;
    this.said += 1;
    const controlId = `said-${this.said}`;
    this.answers.set(controlId, 0);
    const claimed = core.state.claims.has(issueId);
    const found = claimed ? null : issue(issueId);
    const named = { id: issueId, identifier: `DEMO-${issueId}` };
    const command: ControlCommand = isOfIssue(control) ? { control, issue: named, found } : { control };
    const shown = issueSnapshotOf(core.state, `DEMO-${issueId}`);
    // It was gone when it was last looked at, and the shell has found it: that look counts.
    const isBack = shown?.verdict?.verdict === 'not_found' && control === 'dispatch';
    const offered = isBack ? undefined : shown?.controls;
    core.post({ kind: 'control_requested', controlId, command, word: { by: 'alice', reason: '' } });
    const answer = core.answers().find((one) => one.controlId === controlId)?.answer;
    if (isOfIssue(control) && offered !== undefined) {
      expect(answer?.kind, `${control} ${JSON.stringify(answer)}`).toBe(
        offered.includes(control) ? 'accepted' : 'refused',
      );
    }
    if (answer?.kind !== 'accepted') return;
    if (control === 'hold' || control === 'cancel') this.held.add(issueId);
    if (control === 'unhold') this.held.delete(issueId);
  }

  /** What stood behind the write did not happen. */
  private lose(): void {
    const { core } = this;
    const index = core.last.findIndex(({ kind }) => kind === 'save');
    for (const effect of core.last.slice(index + 1)) {
      if (effect.kind === 'answer_control') this.count(effect.controlId, -1);
    }
    core.loseSave();
  }

  private note(): void {
    const { core } = this;
    for (const { controlId } of core.answers()) this.count(controlId, 1);
    for (const issueId of this.held) {
      const stage = core.state.claims.get(issueId)?.stage;
      if (stage?.kind === 'running') expect(stage.run).toMatchObject({ stopping: 'operator' });
      else expect(core.park(issueId).reason).toBe('held');
    }
  }

  private count(controlId: string, by: number): void {
    const times = (this.answers.get(controlId) ?? 0) + by;
    this.answers.set(controlId, times);
    expect(times, controlId).toBeLessThanOrEqual(1);
  }

  end(): void {
    const { core } = this;
    core.shutdown();
    this.note();
    if (core.opened('finish').length === 0) {
      core.post({ kind: 'timer_fired', timer: 'shutdown' });
      this.note();
    }
    for (const [controlId, times] of this.answers) expect(times, controlId).toBe(1);
  }
}

function isOfIssue(control: ControlName): control is IssueControl {
  return (OF_ISSUE as readonly string[]).includes(control);
}

function looks(core: Core, issueId: string): boolean {
  return core.opened('fetch_issue').some((effect) => effect.issueId === issueId);
}

describe('operators and events in any order', () => {
  it('keep what was promised', () => {
    fc.assert(
      fc.property(fc.array(move, { minLength: 5, maxLength: 60 }), (moves) => {
        const room = new Room();
        for (const one of moves) room.play(one);
        room.end();
      }),
      { numRuns: 400 },
    );
  });

  it('leave nothing behind once every answer was given', () => {
    const core = aCore();
    for (let times = 0; times < 20; times += 1) {
      for (const control of ['pause', 'resume'] as const) {
        const answer: ControlAnswer | null = core.say({ control });
        expect(answer?.kind).toBe('accepted');
        for (const { id: effectId } of core.answers()) core.post({ kind: 'effect_done', effectId });
      }
    }
    expect([...core.state.pending.values()].filter(({ kind }) => kind === 'control')).toEqual([]);
  });

  it('recover to what was said', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...OF_DAEMON), { maxLength: 12 }), (words) => {
        const core = aCore();
        let stored = NOTHING_STORED.dispatch;
        for (const control of words) {
          core.say({ control });
          for (const { dispatch } of core.saved('put_dispatch')) stored = dispatch;
        }
        expect(aCore({ stored: { dispatch: stored } }).snapshot().dispatch).toEqual(core.snapshot().dispatch);
      }),
    );
  });
});
