// Why the reader cannot decide a proposal that waits, and what can be done about it.

import { SignInLink } from '../frame/who.tsx';
import { isUser, maySignIn, me } from '../me.ts';
import { Section } from '../ui/section.tsx';
import { Text } from '../ui/text.tsx';
import type { Approval } from '../wire-tools.ts';

export function MayNot({ approval: { group } }: { readonly approval: Approval }) {
  const asks = me.value;
  const isIn = group === '' || asks?.groups === null || asks?.groups.includes(group) === true;
  return (
    <Section title="Your decision">
      {asks === null ? (
        <p class="soft">Finding out who you are…</p>
      ) : isIn ? (
        <p>Its time has run out: it is about to expire.</p>
      ) : (
        <>
          <p>
            Only people of the group <Text text={group} lines={0} class="strong" /> decide this.{' '}
            {isUser(asks) ? (
              <>
                You are <Text text={asks.name} lines={0} class="strong" />,{' '}
                {asks.groups.length === 0 ? 'who is in no group' : `who is in ${asks.groups.join(', ')}`}.
              </>
            ) : (
              'You have not said who you are.'
            )}
          </p>
          <p class="may-not-doing">
            {maySignIn(asks) ? (
              <SignInLink class="primary" />
            ) : (
              <>
                Somebody of that group can, or <SignInLink /> as another.
              </>
            )}
          </p>
        </>
      )}
    </Section>
  );
}
