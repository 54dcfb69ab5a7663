// What a pause means and what to do about it. Pure.

import { visibleText } from '../visible-text.ts';
import type { Pause } from '../wire.ts';

export interface PauseWords {
  readonly tone: 'warn' | 'bad';
  readonly title: string;
  /** After the detail and the time: what happens then, and what a person can do. */
  readonly then: string;
  /** Its time has come and it goes on all the same: no time is shown, and this instead of `then`. */
  readonly over?: string;
}

export function pauseWords({ reason, agent_kind, until }: Pause): PauseWords {
  const agent = agent_kind === null ? 'Every agent' : visibleText(agent_kind);
  switch (reason) {
    case 'budget':
      return {
        tone: 'warn',
        title: 'Today’s budget is used up',
        then: 'New runs start again then, or when the day’s limit is raised in WORKFLOW.md.',
      };
    case 'quota':
      return {
        tone: 'warn',
        title: `${agent} is at its usage limit`,
        then: 'It is tried again by itself; nothing has to be done.',
      };
    case 'agent_error':
      return {
        tone: 'bad',
        title: `${agent} refuses to work`,
        then: 'Check its credentials and its command, then change WORKFLOW.md or restart the daemon.',
      };
    case 'breaker':
      return {
        tone: 'bad',
        title: 'Many issues failed in the same way',
        then:
          until === null
            ? 'One run is let through to see whether it is mended.'
            : 'Then one run is let through to see whether it is mended.',
        over: 'One run is trying, to see whether it is mended.',
      };
    case 'handoff_limit':
      return {
        tone: 'warn',
        title: 'Enough issues wait for review',
        then: 'New ones start when people have reviewed some. Retries go on.',
      };
    default:
      return { tone: 'warn', title: `Paused: ${reason.replaceAll('_', ' ')}`, then: '' };
  }
}
