// What stands around every page: the top line with the navigation, the search, the daemon's mode and its
// controls, the line that says that the connection is lost, and the places of dialogs and toasts.

import { connection, outdated, state } from '../live.ts';
import type { ComponentChildren } from 'preact';
import { Question } from '../control/question.tsx';
import { pauseWords } from '../now/pause-words.ts';
import { Toasts } from '../ui/toast.tsx';
import { visibleText } from '../visible-text.ts';
import { ConnectionPill, LostBanner } from './connection.tsx';
import { DispatchControls } from './dispatch.tsx';
import { Help } from './help.tsx';
import { Navigation } from './navigation.tsx';
import { Search } from './search.tsx';
import { SignOut } from './sign-out.tsx';
import { ThemeButton } from './theme-button.tsx';
import { Who } from './who.tsx';

export function Frame({ children }: { readonly children: ComponentChildren }) {
  return (
    <>
      <a class="skip" href="#main">
        Skip to the content
      </a>
      <header class="top">
        <div class="top-line">
          <a href="/" class="brand">
            <img src="/mark.svg" alt="" width="24" height="24" />
            Sortie
          </a>
          <Navigation />
          <Search />
          <div class="top-end">
            <ConnectionPill />
            <DispatchControls />
            <ThemeButton />
            <Who />
            <SignOut />
          </div>
        </div>
      </header>
      <LostBanner />
      <OutdatedBanner />
      <main id="main" tabIndex={-1} class={connection.value.kind === 'lost' ? 'stale' : ''}>
        {children}
      </main>
      <Summary />
      <Question />
      <Help />
      <Toasts />
    </>
  );
}

function OutdatedBanner() {
  if (!outdated.value) return null;
  return (
    <aside class="banner wide" data-tone="warn" aria-label="New version">
      <p role="status">The daemon was updated while this page was open.</p>
      <button type="button" class="button small" onClick={() => location.reload()}>
        Load the new page
      </button>
    </aside>
  );
}

/** For those who listen: the counts and what stands in the way, when they change; never what merely ticks. */
function Summary() {
  const now = state.value;
  if (now === null) return <p class="unseen" aria-live="polite" />;
  const { counts, dispatch, pauses, preflight_problems, approvals_pending: waiting } = now;
  const parts = [
    `${counts.running} running, ${counts.retrying} retrying, ${counts.parked} parked`,
    ...(waiting === 0
      ? []
      : [`${waiting} ${waiting === 1 ? 'proposal waits' : 'proposals wait'} for a decision`]),
    ...(dispatch.mode === 'running' ? [] : [`Dispatch is ${dispatch.mode}`]),
    ...pauses
      .filter(({ reason }) => reason !== 'paused' && reason !== 'draining')
      .map((pause) => pauseWords(pause).title),
    ...preflight_problems.map((problem) => `Nothing new is started: ${problem}`),
  ];
  return (
    <p class="unseen" aria-live="polite">
      {visibleText(parts.join('. '))}
    </p>
  );
}
