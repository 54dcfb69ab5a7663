// Whether what is shown is current: a small sign at all times, and a line across the page when it is not.

import { connection, retryNow, state } from '../live.ts';
import { AgoHere, CountdownHere } from '../ui/time.tsx';

const modes = { recovering: 'Recovering', running: 'Live', draining: 'Shutting down' } as const;

export function ConnectionPill() {
  const { kind } = connection.value;
  const mode = state.value?.mode ?? 'running';
  const word = kind === 'live' ? modes[mode] : kind === 'lost' ? 'Connection lost' : 'Connecting…';
  const tone = kind === 'lost' ? 'bad' : kind === 'live' && mode === 'running' ? 'good' : 'calm';
  return (
    <span class="pill" data-tone={tone} role="status" aria-label="Connection">
      <span class="dot" aria-hidden="true" />
      {word}
    </span>
  );
}

export function LostBanner() {
  const lost = connection.value;
  if (lost.kind !== 'lost') return null;
  const since = new Date(lost.sinceMs).toISOString().slice(11, 16);
  return (
    <aside class="banner wide" data-tone="bad" aria-label="Lost connection">
      <p role="alert">Connection lost since {since} UTC. What is shown is as it was then.</p>
      <p class="banner-aside">
        <AgoHere atMs={lost.sinceMs} /> · next try <CountdownHere atMs={lost.nextTryMs} />
      </p>
      <button type="button" class="button small" onClick={retryNow}>
        Try now
      </button>
    </aside>
  );
}
