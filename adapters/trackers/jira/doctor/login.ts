// Who we are, where requests go, and whether the clocks agree.
import type { DoctorFinding } from '../../../../src/contract/tracker-capabilities.ts';
import { readMyself } from '../resources/users.ts';
import { isKind, ok, problem, warning, type Visit } from './finding.ts';

/** Far below what matters to us; a machine without NTP drifts past it in weeks. */
const clockToleranceMs = 60_000;

export async function* checkLogin(visit: Visit): AsyncGenerator<DoctorFinding, void, void> {
  const { client, settings } = visit.connection;
  const base = await client.apiBase(visit.signal);
  const gateway = base !== settings.browseBase;
  yield ok(
    'site',
    gateway ? `requests go through ${base}, links to ${settings.browseBase}` : `requests go to ${base}`,
  );
  try {
    const { displayName, email, accountId, clockAheadMs } = await readMyself(client, visit.signal);
    visit.known.add('login');
    yield ok('credentials', `logged in as ${displayName} (${email === '' ? '' : `${email}, `}${accountId})`);
    if (clockAheadMs !== null) yield clock(clockAheadMs);
  } catch (error) {
    if (!isKind(error, 'tracker_auth_error')) throw error;
    yield problem('credentials', error.message, gateway ? remedyAtGateway : remedyAtSite);
  }
}

const remedy = 'check that tracker.api_key is email:token and that the token is not expired or revoked';
const remedyAtSite = `${remedy}; a scoped token or a service account works only with jira.cloud_id: auto`;
const remedyAtGateway = `${remedy}, and that its scopes include read:jira-user; a token without scopes wants no jira.cloud_id`;

function clock(aheadMs: number): DoctorFinding {
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  if (Math.abs(aheadMs) <= clockToleranceMs)
    return ok('clock', `this machine's clock agrees with Jira's within a minute`);
  const message = `this machine's clock is ${seconds} s ${aheadMs > 0 ? 'behind' : 'ahead of'} Jira's`;
  return warning(
    'clock',
    message,
    'set the clock, for example by NTP; times in history and comments are wrong until then',
  );
}
