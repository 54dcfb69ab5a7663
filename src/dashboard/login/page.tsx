// Signing in with the daemon's token or one's own. The token goes to the daemon once and is kept nowhere by the page; the
// session is a cookie that scripts cannot read.

import './login.css';
import { useSignal } from '@preact/signals';
import { useId } from 'preact/hooks';
import { ApiFailure, post } from '../api.ts';
import { query } from '../router.ts';

export function Page() {
  const token = useSignal('');
  const error = useSignal('');
  const sending = useSignal(false);
  const id = useId();
  const signIn = async (): Promise<void> => {
    if (sending.value) return;
    sending.value = true;
    error.value = '';
    try {
      await post('/login', { token: token.value });
      // A load, not a step of the router: everything starts anew with the session.
      location.assign(wayBack(query.value));
    } catch (failure) {
      error.value = failure instanceof Error ? sentence(failure) : String(failure);
      token.value = '';
    } finally {
      sending.value = false;
    }
  };
  return (
    <main class="login" id="main">
      <form
        class="card"
        onSubmit={(event) => {
          event.preventDefault();
          void signIn();
        }}
      >
        <h1>
          <img src="/mark.svg" alt="" width="32" height="32" />
          Sign in to Sortie
        </h1>
        <label class="field" for={id}>
          <span>Token</span>
          <input
            id={id}
            class="input"
            type="password"
            autoComplete="current-password"
            autoFocus
            required
            value={token.value}
            onInput={(event) => (token.value = event.currentTarget.value)}
          />
        </label>
        <p class="login-error" role="alert">
          {error.value}
        </p>
        <button type="submit" class="button primary" aria-disabled={sending.value}>
          {sending.value ? 'Signing in…' : 'Sign in'}
        </button>
        <p class="soft">
          With a token of your own, if you are one of <code>server.users</code>; else it is{' '}
          <code>server.token</code> of the daemon’s settings. Whoever runs the daemon can tell it.
        </p>
      </form>
    </main>
  );
}

function sentence(failure: Error): string {
  if (!(failure instanceof ApiFailure) || failure.status !== 401) return failure.message;
  return 'This is not the daemon’s token. It is nobody’s own, either.';
}

/** Only ever to one of our own pages. */
function wayBack(search: string): string {
  const next = new URLSearchParams(search).get('next') ?? '/';
  if (!URL.canParse(next, location.origin)) return '/';
  const target = new URL(next, location.origin);
  // The whole address: the path of `/.//evil.example` alone would name another host.
  return target.origin === location.origin && target.pathname !== '/login' ? target.href : '/';
}
