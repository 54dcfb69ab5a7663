// Who calls, and what they may do. Wrong credentials do not fail on Jira Cloud: they make the caller anonymous,
// with a header that says so. Scoped tokens and OAuth work only through the gateway.
import { JiraError } from './answer.ts';
import { message } from './messages.ts';
import type { IssueRecord, ProjectRecord } from './model.ts';
import type { Settings } from './settings.ts';

export const permissionNames = [
  'create',
  'edit',
  'assign',
  'transition',
  'comment',
  'editAllComments',
  'deleteComments',
  'link',
  'worklog',
  'watch',
  'delete',
] as const;

export type Permission = (typeof permissionNames)[number];

export interface Account {
  readonly accountId: string;
  readonly email: string;
  token: string;
  /** `classic` on the site and the gateway by Basic; `scoped` only on the gateway; `oauth` there as Bearer. */
  kind: 'classic' | 'scoped' | 'oauth';
  /** Of scoped tokens and OAuth. */
  scopes: readonly string[];
  permissions: ReadonlySet<Permission>;
  /** Keys of the projects that it may browse. */
  projects: 'all' | readonly string[];
  /** An expired or revoked token behaves like a wrong one. */
  expired: boolean;
}

export const everyPermission: ReadonlySet<Permission> = new Set(permissionNames);
export const readOnly: ReadonlySet<Permission> = new Set();

export function account(parts: Partial<Account> & Pick<Account, 'accountId'>): Account {
  return {
    email: 'bot@example.com',
    token: 'secret-token',
    kind: 'classic',
    scopes: ['read:jira-work', 'read:jira-user', 'write:jira-work'],
    permissions: everyPermission,
    projects: 'all',
    expired: false,
    ...parts,
  };
}

/** Null account: anonymous. */
export interface Caller {
  readonly account: Account | null;
  /** Sent as X-Seraph-LoginReason; null when nobody tried to log in, or it worked. */
  readonly loginReason: 'AUTHENTICATED_FAILED' | null;
}

const anonymous: Caller = { account: null, loginReason: null };
const failed: Caller = { account: null, loginReason: 'AUTHENTICATED_FAILED' };

export function may(caller: Caller, permission: Permission): boolean {
  return caller.account?.permissions.has(permission) ?? false;
}

export function browses(caller: Caller, project: ProjectRecord): boolean {
  if (!caller.account) return false;
  return caller.account.projects === 'all' || caller.account.projects.includes(project.key);
}

export function sees(
  caller: Caller,
  issue: IssueRecord,
  projects: ReadonlyMap<string, ProjectRecord>,
): boolean {
  const project = projects.get(issue.projectId);
  return project !== undefined && browses(caller, project);
}

/** Throws the answers that end a request at the door; returns an anonymous caller where Jira lets it in. */
export function login(
  authorization: string | undefined,
  base: 'site' | 'gateway',
  accounts: readonly Account[],
  settings: Settings,
): Caller {
  const [scheme = '', secret = ''] = (authorization ?? '').split(' ');
  if (scheme.toLowerCase() === 'bearer') return bearer(secret, base, accounts);
  if (settings.captcha && authorization !== undefined) {
    throw new JiraError(401, {
      messages: [message('captcha')],
      headers: {
        'X-Seraph-LoginReason': 'AUTHENTICATION_DENIED',
        'WWW-Authenticate': 'OAuth realm="loopback"',
      },
    });
  }
  if (authorization === undefined) return base === 'gateway' ? unauthorized('Unauthorized') : anonymous;
  const found = scheme.toLowerCase() === 'basic' ? basicAccount(secret, accounts) : undefined;
  if (base === 'gateway') return found ? { account: found, loginReason: null } : unauthorized('Unauthorized');
  if (!found) return failed;
  if (found.kind === 'classic') return { account: found, loginReason: null };
  if (settings.scopedTokenOnSite === 'unauthorized')
    throw new JiraError(401, { messages: [message('login')] });
  return anonymous;
}

/** A scoped token without the scope of the operation: the gateway says so itself. */
export function requireScope({ account: who }: Caller, writes: boolean): void {
  if (!who || who.kind === 'classic') return;
  const wanted = writes ? 'write:' : 'read:';
  if (!who.scopes.some((scope) => scope.startsWith(wanted)))
    unauthorized('Unauthorized; scope does not match');
}

function bearer(secret: string, base: 'site' | 'gateway', accounts: readonly Account[]): Caller {
  if (base === 'site') {
    throw new JiraError(403, { body: { error: 'Failed to parse Connect Session Auth Token' } });
  }
  const found = accounts.find(
    ({ kind, token, expired }) => kind !== 'classic' && token === secret && !expired,
  );
  return found ? { account: found, loginReason: null } : unauthorized('Unauthorized');
}

function basicAccount(secret: string, accounts: readonly Account[]): Account | undefined {
  const plain = Buffer.from(secret, 'base64').toString('utf8');
  return accounts.find(
    ({ kind, email, token, expired }) => kind !== 'oauth' && !expired && plain === `${email}:${token}`,
  );
}

function unauthorized(text: string): never {
  throw new JiraError(401, { body: { code: 401, message: text } });
}
