// Signing out, where somebody had to sign in: not on loopback.

import { ApiFailure, post } from '../api.ts';
import { toast } from '../ui/toast.tsx';

const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;

export function SignOut() {
  if (LOOPBACK.test(location.hostname)) return null;
  return (
    <button type="button" class="button small" onClick={() => void signOut()}>
      Sign out
    </button>
  );
}

async function signOut(): Promise<void> {
  try {
    await post('/logout', {});
    location.assign('/login');
  } catch (error) {
    toast(error instanceof ApiFailure ? error.message : String(error), 'bad');
  }
}
