// Every event and every effect of a world, as one hash for comparing two runs of the same seed, and the last few
// as text for whoever has to find out what went wrong. Also plays each event to a second core, from JSON, which
// must say the same: so a recorded journal is worth something.

import { createHash } from 'node:crypto';
import type { CoreSettings, Effect, Event } from '../../src/contract/index.ts';
import { createState } from '../../src/core/create-state.ts';
import type { CoreState } from '../../src/core/state.ts';
import type { step as coreStep } from '../../src/core/step.ts';
import type { Fail } from './observation.ts';

export interface Journal {
  begin(settings: CoreSettings): void;
  take(event: Event, effects: readonly Effect[]): void;
  note(what: string): void;
  hash(): string;
  tail(): readonly string[];
}

const TAIL = 400;
const LINE = 600;

export function createJournal(fail: Fail, step: typeof coreStep): Journal {
  const hash = createHash('sha256');
  const tail: { event: string; effects: string }[] = [];
  let second: CoreState | null = null;

  function keep(event: string, effects: string): void {
    hash.update(event).update(effects);
    tail.push({ event, effects });
    if (tail.length > TAIL) tail.shift();
  }

  return {
    begin(settings) {
      second = createState(JSON.parse(JSON.stringify(settings)) as CoreSettings);
    },
    take(event, effects) {
      const eventText = JSON.stringify(event);
      const effectsText = JSON.stringify(effects);
      keep(eventText, effectsText);
      if (second === null) return;
      const replayed = JSON.stringify(step(second, JSON.parse(eventText) as Event));
      if (replayed !== effectsText) fail(`replayed ${eventText.slice(0, LINE)}: ${replayed.slice(0, LINE)}`);
    },
    note(what) {
      keep(what, '');
    },
    hash: () => hash.copy().digest('hex'),
    tail: () => tail.map(({ event, effects }) => `${event.slice(0, LINE)}\n    → ${effects.slice(0, LINE)}`),
  };
}
