// Puts together what the model says or thinks: agents send it in pieces of a few characters, and one event for each
// would drown everything else. The first piece is said at once, then a line or a few hundred characters at a time.

import type { AgentEvent } from '../../../src/contract/agent.ts';
import { cleanText } from './clean-text.ts';

const ENOUGH_CHARACTERS = 300;

/** Text that is waiting to be said. */
export interface Speech {
  add(piece: string): readonly AgentEvent[];
  flush(): readonly AgentEvent[];
}

/** Nothing is waiting yet. @param kind of the events that it comes to. */
export function createSpeech(kind: 'notification' | 'other_message'): Speech {
  let waiting = '';
  let hasBegun = false;
  const say = (text: string): readonly AgentEvent[] => {
    const message = cleanText(text);
    return message === '' ? [] : [{ kind, message }];
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
