// The page's line to the daemon: server-sent events that come back by themselves, and the two plain calls.
// Says at every moment whether what is shown is current.

import type { HistoryRun, State } from './wire.ts';

export type Connection = 'waiting' | 'live' | 'lost';

export interface LiveListener {
  readonly onState: (state: State) => void;
  readonly onConnection: (connection: Connection) => void;
}

/** The browser reconnects by itself after a break, but gives up for good after an error answer. */
const RETRY_MS = 4_000;

export function followState(listener: LiveListener): void {
  const source = new EventSource('/api/v1/events');
  source.addEventListener('state', (event: MessageEvent<string>) => {
    listener.onConnection('live');
    listener.onState(JSON.parse(event.data) as State);
  });
  source.addEventListener('error', () => {
    listener.onConnection('lost');
    if (source.readyState !== EventSource.CLOSED) return;
    setTimeout(() => followState(listener), RETRY_MS);
  });
}

const HISTORY_ROWS = 25;

/** null when it could not be read; what is shown stays. */
export async function readHistory(): Promise<readonly HistoryRun[] | null> {
  try {
    const answer = await fetch(`/api/v1/history?limit=${HISTORY_ROWS}`);
    return answer.ok ? ((await answer.json()) as { runs: HistoryRun[] }).runs : null;
  } catch {
    return null;
  }
}

export async function readVersion(): Promise<string> {
  try {
    const answer = await fetch('/readyz');
    return ((await answer.json()) as { version?: string }).version ?? '';
  } catch {
    return '';
  }
}

export async function askForRefresh(): Promise<boolean> {
  try {
    const answer = await fetch('/api/v1/refresh', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
    });
    return answer.ok;
  } catch {
    return false;
  }
}
