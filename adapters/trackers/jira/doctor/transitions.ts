// Whether issues can be moved to the states that the workflow moves them to. Jira tells the transitions of an issue,
// not of a workflow, so one issue of each active state is looked at; other issue types may have other workflows.
import { z } from 'zod';
import type { DoctorFinding } from '../../../../src/contract/tracker-capabilities.ts';
import { quoteJql } from '../jql.ts';
import { searchPage, searchPageOf } from '../resources/search.ts';
import { readTransitions, sameState, transitionTo, type Transition } from '../resources/transitions.ts';
import { ok, problem, quotedList, warning, type Visit } from './finding.ts';

const sampleWire = searchPageOf(z.object({ id: z.string().min(1), key: z.string().min(1) }));
type Sample = { readonly id: string; readonly key: string };

export async function* checkTransitions(visit: Visit): AsyncGenerator<DoctorFinding, void, void> {
  const { handoffState, inProgressState, writes } = visit.request;
  const targets = [inProgressState, handoffState].filter((state) => state !== '');
  if (targets.length === 0 || !writes.includes('transition')) {
    yield ok(
      'transitions',
      'neither tracker.in_progress_state nor tracker.handoff_state is set: no issue is moved',
    );
    return;
  }
  for (const state of visit.connection.settings.activeStates) {
    const wanted = targets.filter((target) => !sameState(target, state));
    if (wanted.length > 0) yield* checkFrom(visit, state, wanted);
  }
}

async function* checkFrom(
  visit: Visit,
  state: string,
  targets: readonly string[],
): AsyncGenerator<DoctorFinding, void, void> {
  const { connection, signal } = visit;
  const sample = await sampleIn(visit, state);
  const from = JSON.stringify(state);
  if (sample === null) {
    const message = `no issue is in ${from}, so its transitions could not be looked at`;
    yield warning('transitions', message, 'put one issue there and run the doctor again');
    return;
  }
  const transitions = await readTransitions(connection.client, sample.id, signal);
  if (transitions.length === 0) {
    const message = `${sample.key} in ${from} has no transition at all`;
    const remedy =
      'give the account "Transition issues" in the project, or the workflow a transition from there';
    yield problem('transitions', message, remedy);
    return;
  }
  for (const target of targets) {
    const way = `from ${from} to ${JSON.stringify(target)} (seen on ${sample.key})`;
    const transition = transitionTo(transitions, target);
    if (transition === null) {
      const reached = quotedList([...new Set(transitions.map(({ to }) => to))]);
      const remedy = `add one to the workflow; it leads to: ${reached}`;
      if (await leadsByInProgress(visit, transitions, target)) {
        const message = `no transition ${way}, but one by way of ${JSON.stringify(visit.request.inProgressState)}`;
        yield warning('transitions', message, `if issues are not handed off, ${remedy}`);
      } else yield problem('transitions', `no transition ${way}`, remedy);
    } else if (transition.required.length > 0) {
      const message = `transition "${transition.name}" ${way} wants fields: ${quotedList(transition.required)}`;
      yield problem('required_fields', message, 'take them off its screen, or add a transition without them');
    } else if (transition.defaulted.length > 0) {
      const message = `transition "${transition.name}" ${way} has required fields with a default: ${quotedList(transition.defaulted)}`;
      yield warning('required_fields', message, 'if issues do not move, take them off its screen');
    } else {
      yield ok('transitions', `"${transition.name}" leads ${way}`);
    }
  }
}

/** A handoff starts from the in-progress state: many workflows have no way around it, and need none. */
async function leadsByInProgress(
  visit: Visit,
  transitions: readonly Transition[],
  target: string,
): Promise<boolean> {
  const { handoffState, inProgressState } = visit.request;
  if (inProgressState === '' || !sameState(target, handoffState)) return false;
  if (!isFree(transitionTo(transitions, inProgressState))) return false;
  const sample = await sampleIn(visit, inProgressState);
  if (sample === null) return false;
  const further = await readTransitions(visit.connection.client, sample.id, visit.signal);
  return isFree(transitionTo(further, target));
}

function isFree(transition: Transition | null): boolean {
  return transition?.required.length === 0;
}

/** One that we would work on; else any of the project. */
async function sampleIn(visit: Visit, state: string): Promise<Sample | null> {
  const { client, settings } = visit.connection;
  const base = `project = ${quoteJql(settings.project)} AND status = ${quoteJql(state)}`;
  const filters = settings.queryFilter === '' ? [''] : [` AND (${settings.queryFilter})`, ''];
  for (const filter of filters) {
    const search = { jql: `${base}${filter} ORDER BY created ASC`, fields: ['status'], schema: sampleWire };
    const { issues } = await searchPage<Sample>(client, search, undefined, 1, visit.signal);
    const [first] = issues;
    if (first !== undefined) return first;
  }
  return null;
}
