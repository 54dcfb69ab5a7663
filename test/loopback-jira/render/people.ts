// People as answers show them: by account id, never by name or key, and with an address only when its owner
// shows it to everybody or asks for himself.
import type { Caller } from '../accounts.ts';
import type { UserRecord } from '../model.ts';
import type { Site } from '../site.ts';
import { api, avatars } from './links.ts';

export function person(site: Site, caller: Caller, user: UserRecord): Record<string, unknown> {
  const showsEmail = user.emailVisible || user.accountId === caller.account?.accountId;
  return {
    self: api(site, `/user?accountId=${encodeURIComponent(user.accountId)}`),
    accountId: user.accountId,
    accountType: user.accountType,
    active: user.active,
    displayName: user.displayName,
    ...(showsEmail ? { emailAddress: user.email } : {}),
    timeZone: user.timeZone,
    avatarUrls: avatars(site),
  };
}

export function personById(site: Site, caller: Caller, id: string | null): Record<string, unknown> | null {
  const user = id === null ? undefined : site.state.users.get(id);
  return user ? person(site, caller, user) : null;
}
