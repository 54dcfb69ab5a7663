// Where the reader is: real paths with history. Links are plain <a>; a plain click on one of ours changes the
// path without a load, every other click is the browser's. Says nothing about what is shown there.

import { signal } from '@preact/signals';

export const path = signal(location.pathname);
/** With its `?`, or "". */
export const query = signal(location.search);

export interface NavigateOptions {
  /** Takes the place of the current entry, e.g. when a filter changes while typing. */
  readonly replace?: boolean;
}

export function navigate(url: string, { replace = false }: NavigateOptions = {}): void {
  const target = new URL(url, location.href);
  if (target.origin !== location.origin) return;
  const to = target.pathname + target.search + target.hash;
  if (replace) history.replaceState(null, '', to);
  else history.pushState(null, '', to);
  const moved = target.pathname !== path.value;
  read();
  if (moved) scrollTo(0, 0);
}

export function issuePath(identifier: string): string {
  return `/issues/${encodeURIComponent(identifier)}`;
}

export function proposalPath(id: string): string {
  return `/approvals/${encodeURIComponent(id)}`;
}

/** `sortie.example/issues/SHOP-1` → `SHOP-1`; null when the path is another or cannot be read. */
export function identifierOf(pathname: string): string | null {
  return decoded(/^\/issues\/([^/]+)\/?$/.exec(pathname)?.[1]);
}

/** `/approvals/0b4f…` → `0b4f…`; null when the path is another or cannot be read. */
export function proposalIdOf(pathname: string): string | null {
  return decoded(/^\/approvals\/([^/]+)\/?$/.exec(pathname)?.[1]);
}

function decoded(found: string | undefined): string | null {
  if (found === undefined) return null;
  try {
    return decodeURIComponent(found);
  } catch {
    return null;
  }
}

/** Started once by main.tsx. `owns`: whether a path is one of our pages; all others are loaded by the browser. */
export function startRouter(owns: (pathname: string) => boolean): void {
  addEventListener('popstate', read);
  document.addEventListener('click', (event) => {
    if (event.defaultPrevented || event.button !== 0) return;
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (link === null || link.target !== '' || link.hasAttribute('download')) return;
    if (link.origin !== location.origin || !owns(link.pathname)) return;
    if (link.hash !== '' && link.pathname === location.pathname) return;
    event.preventDefault();
    navigate(link.href);
  });
}

function read(): void {
  path.value = location.pathname;
  query.value = location.search;
}
