// Operators who talk to the daemon: pause, resume, drain, and words about single issues, whenever they like and without
// regard for what makes sense. They listen to the answer, if the daemon lives to give one.

import { DAEMON_CONTROLS, type ControlName } from '../../src/contract/index.ts';
import type { World } from './world.ts';

export interface Speaker {
  /** One word of somebody. */
  speak(): void;
  /** Nobody keeps anything back any more. */
  letGo(): void;
}

/** Who has paused it comes back; most of the rest is about issues. */
const WORDS: readonly ControlName[] = [
  ...(['pause', 'drain', 'resume', 'resume', 'resume', 'resume'] as const),
  ...(['dispatch', 'dispatch', 'dispatch', 'cancel', 'cancel', 'retry', 'retry', 'retry'] as const),
  ...(['release', 'release', 'hold', 'unhold', 'unhold', 'unhold'] as const),
];

export function createSpeaker(world: World): Speaker {
  const { dice, checks, book } = world;
  const never = new AbortController();

  function say(control: ControlName, issueId: string | null): void {
    const { life } = world;
    if (life?.alive !== true) return;
    const identifier = issueId === null ? null : (nameOf(issueId) ?? 'SIM-0');
    const word = { by: 'somebody', reason: dice.pick(['', 'because']) };
    world.census.count(`said ${control}`);
    void life.daemon.control({ control, identifier, word }, never.signal).then((answer) => {
      if (!life.alive) return;
      world.census.count(answer.kind === 'accepted' ? `accepted ${control}` : `refused ${answer.code}`);
      checks.words.heard(control, issueId, answer);
    });
  }

  function nameOf(issueId: string): string | null {
    return world.life?.state?.claims.get(issueId)?.identifier ?? book.read(issueId)?.identifier ?? null;
  }

  function isOfDaemon(control: ControlName): boolean {
    return (DAEMON_CONTROLS as readonly string[]).includes(control);
  }

  return {
    speak() {
      const control = dice.pick(WORDS);
      if (isOfDaemon(control)) return say(control, null);
      const held = [...checks.words.held];
      const claimed = [...(world.life?.state?.claims.keys() ?? [])];
      const known = claimed.length > 0 && dice.chance(0.6) ? claimed : book.ids();
      const ids = control === 'unhold' && held.length > 0 ? held : known;
      if (ids.length > 0) say(control, dice.pick(ids));
    },
    letGo() {
      if (world.life?.state?.dispatch.mode !== 'running') say('resume', null);
      for (const issueId of checks.words.held) say('unhold', issueId);
    },
  };
}
