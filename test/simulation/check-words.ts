// Operators' words, kept a second time: each is answered exactly once, what was accepted is durable by then and holds
// after every restart, nothing is started while dispatch is paused or draining, and a held issue stays where it is
// until somebody lets go of it.

import type { ControlAnswer, ControlName, DispatchMode, Effect, EffectId } from '../../src/contract/index.ts';
import type { MemoryStore } from './memory-store.ts';
import type { Fail, Observation } from './observation.ts';

export interface WordsCheck {
  take(observation: Observation): void;
  /** An operator has an answer; `issueId` null = of the daemon as a whole. */
  heard(control: ControlName, issueId: string | null, answer: ControlAnswer): void;
  /** A daemon has ended in good order: nobody waits for an answer. */
  ended(): void;
  /** Another daemon begins with what the store says. */
  begin(): void;
  readonly held: ReadonlySet<string>;
}

const MODE_OF: Readonly<Record<string, DispatchMode>> = {
  pause: 'paused',
  resume: 'running',
  drain: 'draining',
};
const HOLDS: ReadonlySet<string> = new Set<ControlName>(['hold', 'cancel']);
const LETS_GO: ReadonlySet<string> = new Set<ControlName>(['unhold', 'release']);

export function createWordsCheck(fail: Fail, store: MemoryStore): WordsCheck {
  /** In force in this life. */
  let mode: DispatchMode = 'running';
  const held = new Set<string>();
  /** What operators believe, from accepted answers; what was said since and not answered may hold as well. */
  const believed = new Map<string, string>();
  const unsure = new Map<string, Set<string>>();
  /** Control id → how often it was answered. */
  const answers = new Map<string, number>();
  const given = new Map<EffectId, string>();

  function inForce(what: string, value: string): void {
    unsure.set(what, (unsure.get(what) ?? new Set()).add(value));
  }

  function stored(what: string): string {
    if (what === 'mode') return store.load().dispatch?.mode ?? 'running';
    return store.parks.get(what)?.reason === 'held' ? 'held' : 'free';
  }

  function follow({ event, effects }: Observation): void {
    if (event.kind === 'control_requested') answers.set(event.controlId, 0);
    if (event.kind === 'store_failed') for (const id of event.cancelled) count(given.get(id), -1);
    for (const effect of effects) {
      if (effect.kind === 'answer_control') {
        given.set(effect.id, effect.controlId);
        count(effect.controlId, 1);
      }
      if (effect.kind !== 'tell' || effect.notice.kind !== 'operator_acted') continue;
      const { control, issue } = effect.notice;
      if (issue === null) {
        mode = MODE_OF[control] ?? mode;
        inForce('mode', mode);
      } else if (HOLDS.has(control)) {
        held.add(issue.id);
        inForce(issue.id, 'held');
      } else if (LETS_GO.has(control)) {
        held.delete(issue.id);
        inForce(issue.id, 'free');
      }
    }
  }

  function count(controlId: string | undefined, by: number): void {
    if (controlId === undefined) return;
    const times = (answers.get(controlId) ?? 0) + by;
    answers.set(controlId, times);
    if (times > 1) fail(`the word ${controlId} was answered twice`);
  }

  function checkStart(effect: Extract<Effect, { kind: 'start_run' }>): void {
    const { id, identifier } = effect.spec.issue;
    if (mode !== 'running') fail(`${identifier} was started while dispatch is ${mode}`);
    if (held.has(id)) fail(`${identifier} was started though an operator holds it`);
  }

  function checkHeld({ state }: Observation): void {
    if (state.mode !== 'running' && state.mode !== 'draining') return;
    for (const issueId of held) {
      const stage = state.claims.get(issueId)?.stage;
      const isHeld = stage?.kind === 'parked' && stage.park.reason === 'held';
      const isEnding = stage?.kind === 'running' && stage.run.held !== null && stage.run.stopping !== null;
      if (!isHeld && !isEnding) fail(`${issueId} is held, but is ${stage?.kind ?? 'let go'}`);
    }
  }

  function checkDrained({ effects, state }: Observation): void {
    const told = effects.some(({ kind, ...rest }) => kind === 'tell' && isDrained(rest));
    if (!told) return;
    if (mode !== 'draining') fail(`a drain has ended while dispatch is ${mode}`);
    for (const { identifier, stage } of state.claims.values()) {
      const busy = stage.kind === 'running' || stage.kind === 'handing_off' || stage.kind === 'checking';
      if (busy) fail(`a drain has ended though ${identifier} is ${stage.kind}`);
    }
  }

  return {
    held,
    take(observation) {
      follow(observation);
      for (const effect of observation.effects) if (effect.kind === 'start_run') checkStart(effect);
      if (observation.event.kind !== 'recovered' || held.size > 0) checkHeld(observation);
      checkDrained(observation);
    },
    heard(control, issueId, answer) {
      if (answer.kind !== 'accepted') return;
      const what = issueId ?? 'mode';
      const value = MODE_OF[control] ?? (HOLDS.has(control) ? 'held' : LETS_GO.has(control) ? 'free' : null);
      if (value === null) return;
      if (stored(what) !== value) fail(`${control} of ${what} was accepted, but ${stored(what)} is stored`);
      believed.set(what, value);
      unsure.delete(what);
    },
    ended() {
      for (const [controlId, times] of answers) {
        if (times !== 1) fail(`the word ${controlId} was answered ${times} times`);
      }
    },
    begin() {
      answers.clear();
      given.clear();
      for (const [what, value] of believed) {
        const found = stored(what);
        if (found !== value && unsure.get(what)?.has(found) !== true) {
          fail(`an operator was told that ${what} is ${value}, but ${found} is stored`);
        }
      }
      unsure.clear();
      believed.clear();
      mode = store.load().dispatch?.mode ?? 'running';
      believed.set('mode', mode);
      held.clear();
      for (const { issueId, reason } of store.parks.values()) {
        if (reason !== 'held') continue;
        held.add(issueId);
        believed.set(issueId, 'held');
      }
    },
  };
}

function isDrained(effect: object): boolean {
  return 'notice' in effect && (effect.notice as { kind: string }).kind === 'operator_drained';
}
