// Telling people outside: one row for each destination that lists the event, in the same save as the fact, or in one
// of its own where the fact has no row. Ids are made of what the entry is about, so that the store, which never takes
// an id twice, lets each entry be told once, whatever is repeated after a crash. Delivers nothing.
//
// What has no durable beginning begins anew with the daemon, and is told anew when it is met again: an agent that
// refuses to work, the breaker (both begin closed), and a preflight that still fails after a restart.

import type {
  NotificationEvent,
  NotificationFacts,
  ParkReason,
  RunStatus,
  StoredPark,
} from '../contract/index.ts';
import { dayLimitReached, describeLimit, settingOf } from './budgets.ts';
import { dayAt } from './days.ts';
import { minuteAfter } from './minutes.ts';
import { write, type Orders } from './orders.ts';
import { describePark } from './park-label.ts';
import type { Claim, Run } from './state.ts';

/** Of each text. */
const TEXT_LIMIT = 300;

const NO_ISSUE = {
  issueId: null,
  issueIdentifier: null,
  issueTitle: null,
  issueUrl: '',
  runId: null,
} as const;

const ENDED: Readonly<Record<RunStatus, string>> = {
  succeeded: 'succeeded',
  failed: 'failed',
  timed_out: 'timed out',
  stalled: 'stalled',
  cancelled: 'was cancelled',
  interrupted: 'was interrupted',
  blocked: 'ended blocked',
  needs_human_review: 'asks for a person',
};

/** A hold is no news to whoever said it; that an agent is over its limit is told once, however many issues wait for it. */
const TOLD_OTHERWISE: ReadonlySet<ParkReason> = new Set<ParkReason>(['held', 'quota']);

export function queueParked(orders: Orders, claim: Claim, park: StoredPark, run: Run | null): void {
  const { reason, detail, parkedAtMs, untilMs } = park;
  if (TOLD_OTHERWISE.has(reason)) return;
  const until = untilMs === null ? '' : ` until ${minuteAfter(untilMs)}`;
  const summary = `${claim.identifier} is parked${until}: ${describePark(park)}`;
  const facts = { ...factsOf(claim, run), summary, detail, code: reason };
  queue(orders, 'issue_parked', `${claim.issueId}:${parkedAtMs}`, facts);
}

/** An interrupted run goes on as another one: the end of that one is told. */
export function queueRunFinished(
  orders: Orders,
  claim: Claim,
  run: Run,
  { status, error }: { readonly status: RunStatus; readonly error: string },
): void {
  if (status === 'interrupted') return;
  const why = error === '' ? '' : `: ${error}`;
  const summary = `The run of ${claim.identifier} ${ENDED[status]}${why}`;
  queue(orders, 'run_finished', run.runId, { ...factsOf(claim, run), summary, detail: error, code: status });
}

/** By day, limit and figure, which a restart knows as well. One that was raised and is used up again is another. */
export function queueBudgetReached(orders: Orders): void {
  const { state, now } = orders;
  const crossed = dayLimitReached(state, now.atMs);
  if (crossed === null) return;
  const { day } = dayAt(state.day, now.atMs);
  const detail = describeLimit(crossed);
  const summary = `The budget of ${day} is used up: ${detail}`;
  const facts = { ...NO_ISSUE, summary, detail, code: settingOf(crossed.limit) };
  queue(orders, 'budget_reached', `${day}:${crossed.limit}:${crossed.allowed}`, facts);
}

/** With the write that holds it, or with the park of the issue that met the refusal. */
export function queueAgentPaused(
  orders: Orders,
  agentKind: string,
  { why, detail }: { readonly why: string; readonly detail: string },
): void {
  const facts = { ...NO_ISSUE, summary: `Agent ${agentKind} ${why}: ${detail}`, detail, code: agentKind };
  queue(orders, 'agent_paused', `${agentKind}:${orders.now.atMs}`, facts);
}

export function queueBreakerOpen(
  orders: Orders,
  facts: Pick<NotificationFacts, 'summary' | 'detail' | 'code'> & { readonly sinceMs: number },
): void {
  const { sinceMs, summary, detail, code } = facts;
  const said = { ...NO_ISSUE, summary: `Dispatch is paused: ${summary}: ${detail}`, detail, code };
  queue(orders, 'breaker_open', String(sinceMs), said);
}

/** When it begins to fail; what else is found wrong until it passes is part of the same entry. */
export function queuePreflightFailed(orders: Orders, problems: readonly string[]): void {
  const detail = problems.join('; ');
  const facts = { ...NO_ISSUE, summary: `Nothing is started: ${detail}`, detail, code: '' };
  queue(orders, 'preflight_failed', String(orders.now.atMs), facts);
}

/** When the operator said so is durable: a restart while it goes on sends nothing again. */
export function queueDrained(orders: Orders): void {
  const summary = 'Drained: nothing runs any more, and nothing is started until dispatch is resumed';
  queue(orders, 'drained', String(orders.state.dispatch.sinceMs), {
    ...NO_ISSUE,
    summary,
    detail: '',
    code: '',
  });
}

function queue(
  orders: Orders,
  event: NotificationEvent,
  subject: string,
  facts: Omit<NotificationFacts, 'event' | 'atMs'>,
): void {
  for (const { name, events } of orders.state.settings.notifications) {
    if (!events.includes(event)) continue;
    const notification = {
      ...facts,
      id: `${event}:${subject}:${name}`,
      destination: name,
      event,
      atMs: orders.now.atMs,
      summary: oneLine(facts.summary),
      detail: oneLine(facts.detail),
      code: oneLine(facts.code),
      issueIdentifier: facts.issueIdentifier === null ? null : oneLine(facts.issueIdentifier),
      issueTitle: facts.issueTitle === null ? null : oneLine(facts.issueTitle),
    };
    write(orders, { kind: 'queue_notification', notification });
  }
}

function factsOf(
  { issueId, identifier, title, issue }: Claim,
  run: Run | null,
): Pick<NotificationFacts, 'issueId' | 'issueIdentifier' | 'issueTitle' | 'issueUrl' | 'runId'> {
  return {
    issueId,
    issueIdentifier: identifier,
    issueTitle: title,
    issueUrl: issue?.url ?? '',
    runId: run?.runId ?? null,
  };
}

/** Never half a character. */
function oneLine(text: string): string {
  const line = text.replace(/[\p{Cc}\s]+/gu, ' ').trim();
  return line.length <= TEXT_LIMIT ? line : `${line.slice(0, TEXT_LIMIT - 1).replace(/\p{Cs}$/u, '')}…`;
}
