// Who outside is told: for each fact of a step exactly one row for each destination that lists the event, in the same
// save, and none without a fact. What a restart or a repetition may bring again carries the id that it had.

import type { NotificationEvent, StoredNotification, StoredState } from '../../src/contract/index.ts';
import type { Fail, Observation } from './observation.ts';

export interface NotificationsCheck {
  take(observation: Observation): void;
  begin(stored: StoredState): void;
}

const TEXT_LIMIT = 300;

/** @param hasOpened the breaker, in the step at hand. */
export function createNotificationsCheck(fail: Fail, hasOpened: () => boolean): NotificationsCheck {
  /** Agent kind → when its limit is over. */
  const quotas = new Map<string, number>();
  let preflightFails = false;
  const seen = new Set<string>();

  /** `event:subject`; of a budget the event alone, because its subject is not in the facts. */
  function factsOf({ event, effects, before, state }: Observation): string[] {
    const facts: string[] = [];
    for (const effect of effects) {
      if (effect.kind === 'save') {
        for (const write of effect.writes) {
          if (write.kind === 'delete_quota') quotas.delete(write.agentKind);
          if (write.kind !== 'put_quota') continue;
          const { agentKind, untilMs } = write.quota;
          if (event.atMs >= (quotas.get(agentKind) ?? 0))
            facts.push(`agent_paused:${agentKind}:${event.atMs}`);
          quotas.set(agentKind, untilMs);
        }
      }
      if (effect.kind !== 'tell') continue;
      const { notice } = effect;
      if (notice.kind === 'parked' && notice.reason !== 'held' && notice.reason !== 'quota') {
        facts.push(`issue_parked:${notice.issueId}:${event.atMs}`);
        const kind = before.claims.get(notice.issueId)?.agentKind ?? '';
        if (notice.reason === 'agent_error') facts.push(`agent_paused:${kind}:${event.atMs}`);
      } else if (notice.kind === 'run_finished' && notice.status !== 'interrupted') {
        facts.push(`run_finished:${notice.runId ?? ''}`);
      } else if (notice.kind === 'dispatch_paused' && notice.reason === 'budget') {
        facts.push('budget_reached');
      } else if (notice.kind === 'operator_drained') {
        facts.push(`drained:${state.dispatch.sinceMs}`);
      }
    }
    if (hasOpened()) facts.push(`breaker_open:${event.atMs}`);
    if (event.kind === 'preflight_done' && before.mode === 'running' && before.waitsFor(event.effectId)) {
      const failsNow = event.problems.length > 0;
      if (failsNow && !preflightFails) facts.push(`preflight_failed:${event.atMs}`);
      preflightFails = failsNow;
    }
    return facts;
  }

  function checkTexts({ summary, detail, issueTitle, code }: StoredNotification): void {
    for (const text of [summary, detail, issueTitle ?? '', code]) {
      if (text.length > TEXT_LIMIT || /[\r\n]/.test(text))
        fail(`people are told more than one line: ${text}`);
    }
    if (summary === '') fail('people are told nothing');
  }

  return {
    begin(stored) {
      quotas.clear();
      seen.clear();
      preflightFails = false;
      for (const { agentKind, untilMs } of stored.quotas) quotas.set(agentKind, untilMs);
    },
    take(observation) {
      const { effects, state } = observation;
      const queued = effects
        .flatMap((effect) => (effect.kind === 'save' ? effect.writes : []))
        .flatMap((write) => (write.kind === 'queue_notification' ? [write.notification] : []));
      const expected: string[] = [];
      for (const fact of factsOf(observation)) {
        for (const { name, events } of state.settings.notifications) {
          if (events.includes(fact.split(':')[0] as NotificationEvent)) expected.push(`${fact}:${name}`);
        }
      }
      const told = queued.map(({ id, event, destination }) =>
        event === 'budget_reached' ? `${event}:${destination}` : id,
      );
      if (told.sort().join() !== expected.sort().join())
        fail(`people outside are told [${told.join()}] where [${expected.join()}] has happened`);
      for (const one of queued) {
        if (!one.id.startsWith(`${one.event}:`) || !one.id.endsWith(`:${one.destination}`))
          fail(`odd id ${one.id}`);
        if (seen.has(one.id) && one.event !== 'budget_reached') fail(`${one.id} is queued twice`);
        seen.add(one.id);
        checkTexts(one);
      }
    },
  };
}
