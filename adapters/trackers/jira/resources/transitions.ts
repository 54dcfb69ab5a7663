// Moving an issue: which transitions there are, which one leads to the wanted status, and doing it. A transition's
// name is not the status's name, so only `to.name` counts. Before and after, the status is read by id: `from` is
// compared then, and a person can still move the issue between that look and the write; Jira cannot compare and write
// in one step.
import { z } from 'zod';
import { TrackerError, type TransitionOptions } from '../../../../src/contract/tracker.ts';
import type { JiraClient } from '../client.ts';
import { issuePath, readState } from './issues.ts';

const fieldWire = z.object({
  name: z.string().nullish(),
  required: z.boolean().nullish(),
  hasDefaultValue: z.boolean().nullish(),
});

const transitionWire = z.object({
  id: z.string().min(1),
  name: z.string().nullish(),
  isAvailable: z.boolean().nullish(),
  to: z.object({ name: z.string().nullish() }).nullish(),
  fields: z.record(z.string(), fieldWire).nullish(),
});
type TransitionWire = z.infer<typeof transitionWire>;

const transitionsWire = z.object({ transitions: z.array(transitionWire) });

export interface Transition {
  readonly id: string;
  readonly name: string;
  /** The status that it leads to. */
  readonly to: string;
  /** Names of the fields that its screen wants filled in; those with a default come apart. */
  readonly required: readonly string[];
  readonly defaulted: readonly string[];
}

/** Those that our account can do now. None means that there are none, or that it may not move the issue. */
export async function readTransitions(
  client: JiraClient,
  id: string,
  signal: AbortSignal,
): Promise<Transition[]> {
  const path = `${issuePath(id)}/transitions`;
  const query = { expand: 'transitions.fields' };
  const { transitions } = await client.request({
    method: 'GET',
    path,
    query,
    schema: transitionsWire,
    signal,
  });
  return transitions.filter(({ isAvailable }) => isAvailable !== false).map(transitionOf);
}

/**
 * The best way there: without required fields if there is one, then with defaults, then any. Null: no way. `name` "" =
 * any.
 */
export function transitionTo(
  transitions: readonly Transition[],
  state: string,
  name = '',
): Transition | null {
  const all = transitions.filter(({ to }) => sameState(to, state));
  const leading = name === '' ? all : all.filter((one) => sameState(one.name, name));
  const free = leading.find(({ required, defaulted }) => required.length + defaulted.length === 0);
  return free ?? leading.find(({ required }) => required.length === 0) ?? leading[0] ?? null;
}

export interface Move {
  readonly id: string;
  readonly state: string;
  readonly from: TransitionOptions['from'];
  /** By its own name; "" = any that leads there. */
  readonly transition: string;
  /** Called once the write may have reached Jira. */
  readonly written: (id: string) => void;
}

export async function moveIssue(client: JiraClient, move: Move, signal: AbortSignal): Promise<void> {
  const { id, state, from } = move;
  const path = `${issuePath(id)}/transitions`;
  const before = from === undefined ? null : await readState(client, id, signal);
  if (from !== undefined && before !== null) {
    if (!from.some((one) => sameState(one, before))) {
      const allowed = from.map(quoted).join(', ');
      throw refused(path, `the issue is in ${quoted(before)}, not in one of: ${allowed}; not moved`);
    }
    if (sameState(before, state)) return;
  }
  const transition = await chooseTransition(client, move, signal);
  if (transition === null) return;
  try {
    // Not sent a second time on a lost answer: from the new status it could lead somewhere else.
    const body = { transition: { id: transition.id } };
    await client.send({ method: 'POST', path, body, issueId: id, signal });
  } catch (error) {
    move.written(id);
    if (!(await arrived(client, move, error, signal))) throw error;
    return;
  }
  move.written(id);
  await confirm(client, { move, before, transition }, signal);
}

/** Null: the issue is there already. */
async function chooseTransition(
  client: JiraClient,
  { id, state, transition: name }: Move,
  signal: AbortSignal,
): Promise<Transition | null> {
  const path = `${issuePath(id)}/transitions`;
  const transitions = await readTransitions(client, id, signal);
  const transition = transitionTo(transitions, state, name);
  if (transition === null && transitionTo(transitions, state) !== null) {
    const there = transitions.filter(({ to }) => sameState(to, state)).map((one) => quoted(one.name));
    const what = `no transition named ${quoted(name)} leads to ${quoted(state)}`;
    throw refused(path, `${what}; these do: ${there.join(', ')}`);
  }
  if (transition === null) {
    const current = await readState(client, id, signal);
    if (sameState(current, state)) return null;
    throw refused(path, noWay(transitions, current, state));
  }
  if (transition.required.length > 0) {
    const fields = transition.required.map(quoted).join(', ');
    const what = `transition ${quoted(transition.name)} to ${quoted(state)} wants these fields filled in: ${fields}`;
    throw refused(path, `${what}; take them off its screen, or add a transition without them`);
  }
  return transition;
}

function noWay(transitions: readonly Transition[], current: string, state: string): string {
  const start = `no transition leads from ${quoted(current)} to ${quoted(state)}`;
  if (transitions.length === 0) {
    return `${start}: Jira lists none at all; the workflow has none here, or the account lacks the permission "Transition issues"`;
  }
  const targets = [...new Set(transitions.map(({ to }) => to))].map(quoted).join(', ');
  return `${start}; it leads to: ${targets}; add one to the workflow or correct the state's name`;
}

/** Whether a write whose answer was lost took effect after all. */
async function arrived(
  client: JiraClient,
  { id, state }: Move,
  error: unknown,
  signal: AbortSignal,
): Promise<boolean> {
  if (!(error instanceof TrackerError) || error.applied === 'no') return false;
  return readState(client, id, signal).then(
    (now) => sameState(now, state),
    () => false,
  );
}

/**
 * The write was answered with 204; only an issue that demonstrably did not move is a failure. Automation may have
 * moved it on, and a look that fails says nothing.
 */
async function confirm(
  client: JiraClient,
  { move, before, transition }: { move: Move; before: string | null; transition: Transition },
  signal: AbortSignal,
): Promise<void> {
  if (before === null) return;
  const now = await readState(client, move.id, signal).catch(() => null);
  if (now === null || !sameState(now, before)) return;
  const what = `transition ${quoted(transition.name)} was accepted, but the issue is still in ${quoted(now)}`;
  throw refused(`${issuePath(move.id)}/transitions`, `${what}; look at the workflow's automation`);
}

function transitionOf({ id, name, to, fields }: TransitionWire): Transition {
  const all = Object.entries(fields ?? {}).filter(([, { required }]) => required === true);
  const nameOf = ([key, field]: (typeof all)[number]): string => field.name ?? key;
  return {
    id,
    name: name ?? '',
    to: to?.name ?? '',
    required: all.filter(([, { hasDefaultValue }]) => hasDefaultValue !== true).map(nameOf),
    defaulted: all.filter(([, { hasDefaultValue }]) => hasDefaultValue === true).map(nameOf),
  };
}

export function sameState(one: string, other: string): boolean {
  return one.trim().toLowerCase() === other.trim().toLowerCase();
}

function refused(path: string, detail: string): TrackerError {
  return new TrackerError({ kind: 'tracker_payload_error', method: 'POST', path, detail });
}

function quoted(text: string): string {
  return JSON.stringify(text);
}
