// `sortie doctor` for Jira: asks the site, check by check, whether what the workflow wants will work, and says what to
// do about what will not. It writes nothing. What it finds wrong is a finding, never an exception; only an abort ends
// it early. Without a login or a project the checks that need them are not made, since each would say the same.
import type { DoctorFinding, DoctorRequest } from '../../../src/contract/tracker-capabilities.ts';
import type { JiraConnection } from './connection.ts';
import { checkFilter } from './doctor/filter.ts';
import { guarded, type NamedCheck, type Visit } from './doctor/finding.ts';
import { checkLogin } from './doctor/login.ts';
import { checkPermissions } from './doctor/permissions.ts';
import { checkLinkTypes, checkPriorities } from './doctor/scheme.ts';
import { checkProject } from './doctor/project.ts';
import { checkStates } from './doctor/states.ts';
import { checkTransitions } from './doctor/transitions.ts';
import { checkWebhook } from './doctor/webhook.ts';

const checks: readonly NamedCheck[] = [
  { name: 'credentials', needs: [], run: checkLogin },
  { name: 'project', needs: ['login'], run: checkProject },
  { name: 'states', needs: ['login', 'project'], run: checkStates, onlyLooks: true },
  { name: 'filter', needs: ['login', 'project'], run: checkFilter },
  { name: 'permissions', needs: ['login', 'project'], run: checkPermissions },
  { name: 'transitions', needs: ['login', 'project'], run: checkTransitions },
  { name: 'link_types', needs: ['login'], run: checkLinkTypes, onlyLooks: true },
  { name: 'priorities', needs: ['login'], run: checkPriorities, onlyLooks: true },
  { name: 'webhook', needs: [], run: checkWebhook },
];

export async function* diagnose(
  connection: JiraConnection,
  request: DoctorRequest,
  signal: AbortSignal,
): AsyncGenerator<DoctorFinding, void, void> {
  const visit: Visit = { connection, request, signal, known: new Set() };
  for (const check of checks) {
    signal.throwIfAborted();
    if (check.needs.every((need) => visit.known.has(need))) yield* guarded(check, visit);
  }
}
