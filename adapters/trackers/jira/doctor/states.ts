// Whether every state that the workflow names is a status of the project.
import type { DoctorFinding } from '../../../../src/contract/tracker-capabilities.ts';
import { readProjectStatuses } from '../resources/schema.ts';
import { sameState } from '../resources/transitions.ts';
import { ok, problem, quotedList, warning, type Visit } from './finding.ts';

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

/** Needs no site: `validate` says the same. */
export async function* checkTerminalStates(visit: Visit): AsyncGenerator<DoctorFinding, void, void> {
  const [message] = terminalStatesWarning(visit.connection.settings.terminalStates);
  if (message !== undefined) yield warning('terminal_states', message.message, message.remedy);
}

/** For `sortie validate` too. */
export function terminalStatesWarning(states: readonly string[]): { message: string; remedy: string }[] {
  if (states.length > 0) return [];
  const message =
    'tracker.terminal_states is empty: every blocked issue waits for ever, and no workspace is ever cleaned';
  return [{ message, remedy: 'name the states that mean finished, such as Done' }];
}

function given(state: string): string[] {
  return state === '' ? [] : [state];
}
