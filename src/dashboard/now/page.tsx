// What is going on: the figures, what stands in the way, who runs, waits and is set aside, and what has just ended. One
// look should do; every row leads to its issue's page.

import './now.css';
import { state } from '../live.ts';
import { Empty } from '../ui/section.tsx';
import { AgentLimits } from './agent-limits.tsx';
import { Banners } from './banners.tsx';
import { Figures } from './figures.tsx';
import { RecentSection } from './recent.tsx';
import { ParkedSection, RetryingSection, RunningSection, WaitingSection } from './sections.tsx';

export function Page() {
  const now = state.value;
  return (
    <>
      <h1 class="unseen">Now</h1>
      {now === null ? (
        <Empty>Waiting for the daemon’s first word…</Empty>
      ) : (
        <>
          <Banners state={now} />
          <Figures state={now} />
          <RunningSection rows={now.running} paused={now.dispatch.mode !== 'running'} />
          <RetryingSection rows={now.retrying} />
          <ParkedSection rows={now.parked} />
          <WaitingSection rows={now.waiting} total={now.waiting_total} />
          <RecentSection ended={now.runs_ended} />
          <AgentLimits limits={now.rate_limits} />
        </>
      )}
    </>
  );
}
