// Signing out, where somebody had to sign in, or did it to be known: on loopback only the latter.

import { ApiFailure, post } from '../api.ts';
import { me } from '../me.ts';
import { toast } from '../ui/toast.tsx';

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

export function SignOut() {
  if (LOOPBACK.test(location.hostname) && me.value?.signed_in !== true) return null;
  return (
    <button type="button" class="button small" onClick={() => void signOut()}>
      Sign out
    </button>
  );
}

async function signOut(): Promise<void> {
  try {
    await post('/logout', {});
    // On loopback nobody has to sign in: the page goes on without a name.
    location.assign(LOOPBACK.test(location.hostname) ? '/' : '/login');
  } catch (error) {
    toast(error instanceof ApiFailure ? error.message : String(error), 'bad');
  }
}
