// Who the reader is to the daemon: read once, and again when another daemon answers. Nobody needs to sign in to look on
// loopback; who wants to decide what a group decides does.

import { effect, signal } from '@preact/signals';
import { request } from './api.ts';
import { daemonStarts } from './live.ts';
import { path } from './router.ts';
import type { Me } from './wire-tools.ts';

/** null until it was read. */
export const me = signal<Me | null>(null);

/** As the daemon calls whoever has not said who they are. */
const OPERATOR = 'operator';

let askedOfStart = -1;

/** Started once by main.tsx. */
export function watchMe(): void {
  effect(() => {
    const start = daemonStarts.value;
    if (path.value === '/login' || askedOfStart === start) return;
    askedOfStart = start;
    void readMe();
  });
}

async function readMe(): Promise<void> {
  try {
    me.value = await request<Me>('/api/v1/me');
  } catch {
    // Asked again with the next page: who is not known is told nothing of it, and every word is judged by the daemon.
    askedOfStart = -1;
  }
}

/** A person with a name and a token of their own. */
export function isUser(asks: Me): boolean {
  return asks.groups !== null && asks.name !== OPERATOR;
}

/** There are users, and the reader is none of them: signing in makes a difference. */
export function maySignIn(asks: Me | null): boolean {
  return asks !== null && asks.groups !== null && !isUser(asks);
}
