// Puts together what the model says: the CLI prints it in pieces of a few characters, and one event for each would
// drown everything else. A line, or a few hundred characters, at a time shows soon enough that the agent is alive.

import type { AgentEvent } from '../../../src/contract/agent.ts';
import { cleanText } from '../driver/index.ts';

const ENOUGH_CHARACTERS = 300;

/** Text that is waiting to be said. */
export interface Speech {
  add(piece: string): readonly AgentEvent[];
  flush(): readonly AgentEvent[];
}

/** Nothing is waiting yet. */
export function createSpeech(): Speech {
  let waiting = '';
  let hasBegun = false;
  const say = (text: string): readonly AgentEvent[] => {
    const message = cleanText(text);
    return message === '' ? [] : [{ kind: 'notification', message }];
  };
  return {
    add(piece) {
      waiting += piece;
      const isEnough = !hasBegun || waiting.length >= ENOUGH_CHARACTERS;
      const end = isEnough ? waiting.length : waiting.lastIndexOf('\n') + 1;
      const complete = waiting.slice(0, end);
      waiting = waiting.slice(end);
      hasBegun ||= complete.trim() !== '';
      return say(complete);
    },
    flush() {
      const rest = waiting;
      waiting = '';
      hasBegun = false;
      return say(rest);
    },
  };
}
