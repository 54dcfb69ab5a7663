// Whether every state that the workflow names is a status of the project.
import type { DoctorFinding } from '../../../../src/contract/tracker-capabilities.ts';
import { readProjectStatuses } from '../resources/schema.ts';
import { sameState } from '../resources/transitions.ts';
import { ok, problem, quotedList, type Visit } from './finding.ts';

export async function* checkStates(visit: Visit): AsyncGenerator<DoctorFinding, void, void> {
  const { connection, request, signal } = visit;
  const { client, settings } = connection;
  const { statuses } = await readProjectStatuses(client, settings.project, signal);
  const names = statuses.map(({ name }) => name);
  const wanted: readonly [string, readonly string[]][] = [
    ['tracker.active_states', settings.activeStates],
    ['tracker.terminal_states', settings.terminalStates],
    ['tracker.handoff_state', given(request.handoffState)],
    ['tracker.in_progress_state', given(request.inProgressState)],
  ];
  for (const [key, states] of wanted) {
    const missing = states.filter((state) => !names.some((name) => sameState(name, state)));
    if (missing.length > 0) {
      const message = `${key} names what no issue type of ${settings.project} has: ${quotedList(missing)}`;
      yield problem(
        'states',
        message,
        `the project's statuses are, in the account's language: ${quotedList(names)}`,
      );
    } else if (states.length > 0) {
      yield ok('states', `${key}: ${quotedList(states)}`);
    }
  }
}

function given(state: string): string[] {
  return state === '' ? [] : [state];
}
