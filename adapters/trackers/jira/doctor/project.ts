// Whether the project is there and visible to the account, under the key that the workflow gives.
import type { DoctorFinding } from '../../../../src/contract/tracker-capabilities.ts';
import { readProject } from '../resources/projects.ts';
import { isKind, ok, problem, warning, type Visit } from './finding.ts';

export async function* checkProject(visit: Visit): AsyncGenerator<DoctorFinding, void, void> {
  const { client, settings } = visit.connection;
  try {
    const { key, name } = await readProject(client, settings.project, visit.signal);
    visit.known.add('project');
    const title = `project ${key}${name ? ` ("${name}")` : ''}`;
    if (key.toUpperCase() === settings.project.toUpperCase()) {
      yield ok('project', `${title} found`);
      return;
    }
    const message = `${title} found under ${JSON.stringify(settings.project)}, which is not its key`;
    yield warning('project', message, `write tracker.project: ${key}`);
  } catch (error) {
    if (!isKind(error, 'tracker_not_found')) throw error;
    const message = `there is no project ${JSON.stringify(settings.project)}, or the account may not see it`;
    const remedy =
      'write the key of the project (PROJ of PROJ-42), and give the account "Browse projects" in it';
    yield problem('project', message, remedy);
  }
}
