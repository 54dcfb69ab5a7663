// The effects of one step, in the order in which they must be carried out: first what depends on nothing,
// then one `save` with every durable write of the step, then what may only happen once that is durable.

import type { Effect, EffectId, IssueNotice, Notice, Stamp, StoreWrite } from '../contract/index.ts';
import type { Claim, CoreState, Pending } from './state.ts';

/** An effect without its id. */
export type Order = Effect extends infer E ? (E extends Effect ? Omit<E, 'id'> : never) : never;

const RECENT_EVENTS_PER_ISSUE = 50;
const RECENT_ISSUES = 1_000;
/** A hook's output may stand in a message; the log and the store have the whole of it. */
const RECENT_MESSAGE_LIMIT = 1_000;

/** What is remembered otherwise, or says nothing by itself. */
const NOT_REMEMBERED: ReadonlySet<Notice['kind']> = new Set<Notice['kind']>([
  'reconciled',
  'phase_ended',
  'turn_ended',
  'tool_ended',
]);

export interface Orders {
  readonly state: CoreState;
  readonly now: Stamp;
  readonly free: Effect[];
  readonly writes: StoreWrite[];
  readonly afterSave: Effect[];
  /** Notices of changed verdicts so far. */
  verdictsTold: number;
}

export function openOrders(state: CoreState, now: Stamp): Orders {
  return { state, now, free: [], writes: [], afterSave: [], verdictsTold: 0 };
}

export function closeOrders(orders: Orders): Effect[] {
  const { state, free, writes, afterSave } = orders;
  if (writes.length === 0) return afterSave.length === 0 ? free : [...free, ...afterSave];
  // A `save` that succeeds says nothing: what follows it is the proof. A failed one is `store_failed`.
  const id = state.nextEffectId++;
  return [...free, { id, kind: 'save', writes }, ...afterSave];
}

/** Orders an effect that depends on nothing; `pending` says what its answer will be for. */
export function order(orders: Orders, effect: Order, pending: Pending | null): EffectId {
  return place(orders, orders.free, effect, pending);
}

/** Orders an effect that must not happen unless this step's writes are durable. */
export function orderAfterSave(orders: Orders, effect: Order, pending: Pending | null): EffectId {
  return place(orders, orders.afterSave, effect, pending);
}

export function write(orders: Orders, ...writes: readonly StoreWrite[]): void {
  orders.writes.push(...writes);
  orders.state.runsEnded += writes.filter(({ kind }) => kind === 'run_ended').length;
}

export function tell(orders: Orders, notice: Notice): void {
  order(orders, { kind: 'tell', notice }, null);
}

type WithoutSubject<N> = N extends IssueNotice
  ? Omit<N, 'issueId' | 'issueIdentifier' | 'runId' | 'sessionId' | 'attempt'>
  : never;

/** Tells something about a claim's issue, and remembers it for the issue's page. */
export function tellOf(orders: Orders, claim: Claim, notice: WithoutSubject<IssueNotice>): void {
  const stage = claim.stage;
  const run = 'run' in stage ? stage.run : null;
  tell(orders, {
    ...notice,
    issueId: claim.issueId,
    issueIdentifier: claim.identifier,
    runId: run?.runId ?? null,
    sessionId: run?.sessionId ?? null,
    attempt: claim.attempt,
  } as IssueNotice);
  if (!NOT_REMEMBERED.has(notice.kind)) remember(orders, claim.issueId, notice.kind, describe(notice));
}

export function remember(orders: Orders, issueId: string, event: string, message: string): void {
  const { recent } = orders.state;
  const events = recent.get(issueId) ?? [];
  // Re-inserting keeps the map in order of last use, so that the first key is the one to forget.
  recent.delete(issueId);
  recent.set(issueId, events);
  events.push({ atMs: orders.now.atMs, event, message: message.slice(0, RECENT_MESSAGE_LIMIT) });
  if (events.length > RECENT_EVENTS_PER_ISSUE) events.shift();
  if (recent.size > RECENT_ISSUES) {
    const oldest = recent.keys().next();
    if (!oldest.done) recent.delete(oldest.value);
  }
}

const TOLD_FIELDS = ['status', 'reason', 'toState', 'why', 'message', 'detail', 'error'] as const;

function describe(notice: object): string {
  const fields = notice as Readonly<Record<string, unknown>>;
  return TOLD_FIELDS.map((name) => fields[name])
    .filter((part): part is string => typeof part === 'string' && part !== '')
    .join(': ');
}

function place(orders: Orders, into: Effect[], effect: Order, pending: Pending | null): EffectId {
  const id = orders.state.nextEffectId++;
  if (pending !== null) orders.state.pending.set(id, pending);
  into.push({ ...effect, id } as Effect);
  return id;
}
