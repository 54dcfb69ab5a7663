// Whether Jira accepts the candidate query, and how much it finds.
import type { DoctorFinding } from '../../../../src/contract/tracker-capabilities.ts';
import { countJql } from '../jql.ts';
import { countIssues } from '../resources/count.ts';
import { isKind, ok, problem, warning, type Visit } from './finding.ts';

export async function* checkFilter(visit: Visit): AsyncGenerator<DoctorFinding, void, void> {
  const { client, settings } = visit.connection;
  const { project, activeStates: states, queryFilter: filter } = settings;
  const jql = countJql({ project, states, filter });
  if (jql === null) return;
  const what =
    filter === ''
      ? 'issues are in an active state'
      : 'issues are in an active state and fit tracker.query_filter';
  try {
    const count = await countIssues(client, jql, visit.signal);
    if (count > 0) yield ok('filter', `about ${count} ${what}`);
    else
      yield warning(
        'filter',
        `no ${what}`,
        'nothing will be dispatched until one is; check states and filter',
      );
  } catch (error) {
    if (!isKind(error, 'tracker_payload_error')) throw error;
    const culprit =
      filter === '' ? 'tracker.active_states' : 'tracker.active_states and tracker.query_filter';
    yield problem(
      'filter',
      error.message,
      `Jira refuses the query: try ${culprit} in its issue search: ${jql}`,
    );
  }
}
