// Whether the account may do what the workflow will make it do. It asks for permissions, never tries a write.
import { z } from 'zod';
import type { DoctorFinding } from '../../../../src/contract/tracker-capabilities.ts';
import { isKind, ok, problem, warning, type Visit } from './finding.ts';

const permissionsWire = z.object({
  permissions: z.record(
    z.string(),
    z.object({ name: z.string().nullish(), havePermission: z.boolean().nullish() }),
  ),
});

type Write = Visit['request']['writes'][number];

/** Jira's name of a permission, what people call it, and for which of our writes. */
const needed: readonly { key: string; name: string; writes: readonly Write[] }[] = [
  { key: 'TRANSITION_ISSUES', name: 'Transition issues', writes: ['transition'] },
  { key: 'ADD_COMMENTS', name: 'Add comments', writes: ['comment'] },
  { key: 'EDIT_OWN_COMMENTS', name: 'Edit own comments', writes: ['comment_edit'] },
  { key: 'EDIT_ISSUES', name: 'Edit issues', writes: ['label'] },
];

export async function* checkPermissions(visit: Visit): AsyncGenerator<DoctorFinding, void, void> {
  const { client, settings } = visit.connection;
  const wanted = needed.filter(({ writes }) => writes.some((write) => visit.request.writes.includes(write)));
  if (wanted.length === 0) {
    yield ok('permissions', 'nothing will be written: reading is all that the account needs');
    return;
  }
  const query = { projectKey: settings.project, permissions: wanted.map(({ key }) => key).join(',') };
  const call = { method: 'GET', path: '/rest/api/3/mypermissions', query, signal: visit.signal } as const;
  try {
    const { permissions } = await client.request({ ...call, schema: permissionsWire });
    for (const { key, name, writes } of wanted) {
      if (permissions[key]?.havePermission === true) yield ok('permissions', `"${name}": yes`);
      else {
        const message = `the account lacks "${name}" in ${settings.project}, which ${writes.join(', ').replaceAll('_', ' ')} writes need`;
        const remedy =
          "give it in the project's permission scheme; a scoped token also needs write:jira-work";
        yield problem('permissions', message, remedy);
      }
    }
  } catch (error) {
    if (!isKind(error, 'tracker_auth_error') && !isKind(error, 'tracker_not_found')) throw error;
    const message = `Jira does not say what the account may do: ${error.message}`;
    const names = wanted.map(({ name }) => `"${name}"`).join(', ');
    yield warning(
      'permissions',
      message,
      `make sure that it has ${names}, and a scoped token write:jira-work`,
    );
  }
}
