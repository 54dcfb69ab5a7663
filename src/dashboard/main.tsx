// The page for people: what the daemon does, did and will do, live. Decides nothing and stores nothing but the
// choice of a theme. Here it is put together.

import { effect } from '@preact/signals';
import { render } from 'preact';
import { App } from './app.tsx';
import { startClock } from './clock.ts';
import { startShortcuts } from './frame/shortcuts.ts';
import { closeLive, openLive, watchBrowser } from './live.ts';
import { watchMe } from './me.ts';
import { pageAt } from './pages.ts';
import { path, startRouter } from './router.ts';

const root = document.getElementById('app');
if (root === null) throw new Error('index.html has no #app');

startClock();
startRouter((pathname) => pageAt(pathname) !== undefined);
startShortcuts();

let live = false;
effect(() => {
  // Nobody is asked for the state before he has signed in.
  const wanted = path.value !== '/login';
  if (wanted === live) return;
  live = wanted;
  if (!wanted) closeLive();
  else openLive();
});
watchBrowser();
watchMe();
render(<App />, root);
