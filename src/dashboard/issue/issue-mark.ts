// Notices in the stream of states that something has happened to one issue. What only ticks (tokens, the last message)
// is no news; what a timeline would tell is. News is passed on after a pause, because the daemon writes what it saw in
// batches, and once for many.

import { signal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { acted } from '../control/acted.ts';
import { daemonStarts, state } from '../live.ts';
import type { State } from '../wire.ts';

/** A word that is another one when something happened; "" = the state does not know the issue. Pure. */
export function markOf(shown: State | null, identifier: string): string {
  if (shown === null) return '';
  const name = identifier.toLowerCase();
  const isIt = (one: { readonly issue_identifier: string }): boolean =>
    one.issue_identifier.toLowerCase() === name;
  const running = shown.running.find(isIt);
  const retry = shown.retrying.find(isIt);
  const park = shown.parked.find(isIt);
  const waits = shown.waiting.find(isIt);
  return [
    running && [running.run_id, running.phase, running.state, running.turn_count, ...running.tools].join(' '),
    running && lastingEvent(running.last_event, running.last_event_at),
    retry && `${retry.due_at} ${retry.attempt}`,
    park && `${park.reason} ${park.parked_at}`,
    waits && `${waits.verdict} ${waits.detail}`,
  ]
    .map((part) => part ?? '')
    .join('|');
}

/** Of agents that say only that a tool has ended. */
function lastingEvent(event: string | null, at: string | null): string {
  return event === 'tool_result' || event === 'turn_completed' ? `${event} ${at ?? ''}` : '';
}

const PAUSE_MS = 1_300;

/** Rises after something has happened, and at once after a word of this page or a restart of the daemon. */
export function useIssueNews(identifier: string): number {
  const news = useMemo(() => signal(0), []);
  const mark = markOf(state.value, identifier);
  const words = `${acted.value} ${daemonStarts.value}`;
  useEffect(() => {
    if (news.peek() === 0 && mark === '') return undefined;
    const timer = setTimeout(() => (news.value += 1), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [mark]);
  useEffect(() => {
    news.value += 1;
  }, [words]);
  return news.value;
}
