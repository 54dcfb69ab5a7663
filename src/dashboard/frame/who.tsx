// Who decides here: the name of a person who signed in with their own token, or the way to do so.

import { isUser, maySignIn, me } from '../me.ts';
import { path, query } from '../router.ts';
import { Text } from '../ui/text.tsx';

export function Who() {
  const asks = me.value;
  if (asks === null) return null;
  if (maySignIn(asks)) return asks.signed_in ? null : <SignInLink />;
  if (!isUser(asks)) return null;
  const groups = asks.groups ?? [];
  const title = groups.length === 0 ? 'in no group' : `in ${groups.join(', ')}`;
  return (
    <span class="who" title={title}>
      <span class="unseen">You are </span>
      <Text text={asks.name} />
      <span class="unseen">, {title}</span>
    </span>
  );
}

/** A load and not a step of the router: everything starts anew with the session. */
export function SignInLink({ class: extra = 'small' }: { readonly class?: string }) {
  const back = path.value + query.value;
  const href = back === '/' ? '/login' : `/login?next=${encodeURIComponent(back)}`;
  return (
    <a class={`button ${extra}`} href={href}>
      Sign in
    </a>
  );
}
