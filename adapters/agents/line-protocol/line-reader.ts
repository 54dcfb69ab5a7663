// Turns lines into events, in order. A line that starts like JSON but is none is held until it is known whether
// the output ended there: in the middle of the output it is text like any other, at a cut end it is an event that
// got lost, and says so. Nothing else is held back.

import type { AgentEvent } from '../../../src/contract/agent.ts';
import { cleanText } from '../driver/index.ts';
import { readLine } from './events.ts';

const SHOWN_OF_CUT_LINE = 120;

/** A reader of one turn's stdout. */
export interface LineReader {
  /** The events that are certain now, oldest first; mostly one, none for a blank line. */
  take(line: string): readonly AgentEvent[];
  /** The output is over. `unterminated`: its last line had no line end. */
  end(unterminated: boolean): readonly AgentEvent[];
  /** What the program said last, "" when nothing: the question behind an "input required". */
  lastMessage(): string;
}

/** A reader in its first state. */
export function createLineReader(): LineReader {
  let held: string | null = null;
  let lastMessage = '';

  const say = (message: string): AgentEvent[] => {
    if (message === '') return [];
    lastMessage = message;
    return [{ kind: 'notification', message }];
  };
  const release = (): AgentEvent[] => {
    const message = held ?? '';
    held = null;
    return say(message);
  };

  return {
    take(line) {
      const events = release();
      const meaning = readLine(line);
      if (meaning.kind === 'doubtful') {
        held = meaning.message;
      } else if (meaning.kind === 'text') {
        events.push(...say(meaning.message));
      } else {
        if (meaning.event.kind === 'notification') lastMessage = meaning.event.message;
        events.push(meaning.event);
      }
      return events;
    },
    end(unterminated) {
      if (held === null || !unterminated) return release();
      const shown = cleanText(held, SHOWN_OF_CUT_LINE);
      held = null;
      return [{ kind: 'malformed', message: `output ended in the middle of a JSON line: ${shown}` }];
    },
    lastMessage: () => lastMessage,
  };
}
