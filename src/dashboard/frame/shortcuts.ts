// The few keys of the page. None works while something is typed or asked, and none takes a key with a modifier
// from the browser.

import { pages } from '../pages.ts';
import { navigate } from '../router.ts';
import { helpOpen } from './help.tsx';

/** `g` waits so long for its second key. */
const SEQUENCE_MS = 1_500;

export function startShortcuts(): void {
  let goUntilMs = 0;
  document.addEventListener('keydown', (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.repeat || isTyping(event.target)) return;
    if (document.querySelector('dialog[open]') !== null) return;
    const going = event.timeStamp < goUntilMs;
    goUntilMs = 0;
    const page = going ? pages.find(({ key }) => key === event.key) : undefined;
    if (page?.href !== undefined) navigate(page.href);
    else if (event.key === '/') document.getElementById('search')?.focus();
    else if (event.key === '?') helpOpen.value = true;
    else {
      if (event.key === 'g') goUntilMs = event.timeStamp + SEQUENCE_MS;
      return;
    }
    event.preventDefault();
  });
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && target.closest('input, textarea, select, [contenteditable]') !== null
  );
}
