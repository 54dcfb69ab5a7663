// Each notice of the core as one log line and the counters that belong to it. Messages are static; facts are
// fields. WARN = we coped, ERROR = a person must act.

import type { DaemonNotice, IssueNotice, Notice, OperatorNotice, ParkReason } from '../contract/index.ts';
import type { Counters } from '../contract/counters.ts';
import type { Log, LogFields } from './ports.ts';

/** Parks that a person in charge of the host, not of the issue, has to cure. */
const NEEDS_OPERATOR: ReadonlySet<ParkReason> = new Set<ParkReason>([
  'agent_error',
  'workspace_refused',
  'handoff_failed',
]);

export function createTeller(log: Log, counters: Counters): (notice: Notice) => void {
  const repeats = createRepeats();
  return (notice) => {
    if ('issueId' in notice) tellOfIssue(log, counters, notice);
    else if (notice.kind === 'operator_acted') tellOfOperator(log, counters, notice);
    else tellOfDaemon(log, counters, repeats, notice);
  };
}

/** A tracker that is down fails at each tick in the same words: a person reads them once. */
interface Repeats {
  isRepeat(operation: string, error: string): boolean;
  tickEnded(): void;
}

function createRepeats(): Repeats {
  const known = new Map<string, string>();
  const failedThisTick = new Set<string>();
  return {
    isRepeat(operation, error) {
      failedThisTick.add(operation);
      if (known.get(operation) === error) return true;
      known.set(operation, error);
      return false;
    },
    tickEnded() {
      for (const operation of known.keys()) if (!failedThisTick.has(operation)) known.delete(operation);
      failedThisTick.clear();
    },
  };
}

function tellOfIssue(log: Log, counters: Counters, notice: IssueNotice): void {
  const subject: LogFields = {
    issue_id: notice.issueId,
    issue_identifier: notice.issueIdentifier,
    ...(notice.runId === null ? {} : { run_id: notice.runId }),
    ...(notice.sessionId === null ? {} : { session_id: notice.sessionId }),
    attempt: notice.attempt,
  };
  switch (notice.kind) {
    case 'dispatched':
      counters.countDispatch('success');
      return log.info('run dispatched', { ...subject, state: notice.state });
    case 'dispatch_refused':
      return log.info('dispatch refused by the check', {
        ...subject,
        verdict: notice.verdict,
        detail: notice.detail,
      });
    case 'dispatch_failed':
      counters.countDispatch('error');
      return log.warn('dispatch failed', { ...subject, error: notice.message });
    case 'run_stopping':
      return log.info('run told to stop', { ...subject, reason: notice.reason });
    case 'run_finished': {
      counters.countWorkerExit(notice.exitType, notice.secondsRunning);
      const fields = { ...subject, status: notice.status, seconds: round(notice.secondsRunning) };
      if (notice.exitType === 'error') return log.warn('run failed', { ...fields, error: notice.error });
      return log.info('run finished', fields);
    }
    case 'run_warned':
      return log.warn(notice.message, { ...subject, detail: notice.detail });
    case 'retry_queued':
      counters.countRetry(notice.trigger);
      return log.info('retry queued', {
        ...subject,
        trigger: notice.trigger,
        due_at: new Date(notice.dueAtMs).toISOString(),
        ...(notice.error === '' ? {} : { error: notice.error }),
      });
    case 'handed_off':
      counters.countHandoffTransition('success');
      return log.info('issue handed off', { ...subject, state: notice.toState });
    case 'handoff_failed':
      counters.countHandoffTransition('error');
      return log.warn('handoff failed', { ...subject, error: notice.message });
    case 'handoff_skipped':
      counters.countHandoffTransition('skipped');
      return log.debug('no handoff state is set', subject);
    case 'parked': {
      const fields = { ...subject, reason: notice.reason, detail: notice.detail };
      if (NEEDS_OPERATOR.has(notice.reason)) return log.error('issue parked', fields);
      return log.warn('issue parked', fields);
    }
    case 'park_ended':
      return log.info('park ended', { ...subject, reason: notice.reason, by: notice.by });
    case 'released':
      return log.info('issue released', { ...subject, why: notice.why });
    case 'verdict_changed':
      return log.debug('verdict changed', { ...subject, verdict: notice.verdict, detail: notice.detail });
    case 'phase_ended':
      return log.debug('phase ended', {
        ...subject,
        phase: notice.phase,
        duration_ms: Math.round(notice.durationMs),
      });
    case 'turn_ended':
      return log.debug('turn ended', {
        ...subject,
        turn: notice.turn,
        duration_ms: Math.round(notice.durationMs),
      });
    case 'tool_ended':
      return log.debug('tool ended', { ...subject, tool: notice.tool, ok: notice.ok });
    case 'reconciled':
      counters.countReconciliation(notice.action);
      return log.debug('reconciled', { ...subject, action: notice.action });
    case 'workspace_removed':
      return log.info('workspace removed', { ...subject, path: notice.path });
    case 'workspace_not_removed':
      return log.warn('workspace not removed', { ...subject, path: notice.path, error: notice.message });
  }
}

function tellOfOperator(log: Log, counters: Counters, notice: OperatorNotice): void {
  counters.countOperatorAction(notice.control);
  log.info('operator acted', {
    control: notice.control,
    ...(notice.issue === null
      ? {}
      : { issue_id: notice.issue.id, issue_identifier: notice.issue.identifier }),
    by: notice.by,
    reason: notice.reason,
  });
}

function tellOfDaemon(log: Log, counters: Counters, repeats: Repeats, notice: DaemonNotice): void {
  switch (notice.kind) {
    case 'tick_completed': {
      repeats.tickEnded();
      counters.countPollCycle(notice.result, notice.durationMs / 1000);
      const fields = {
        result: notice.result,
        duration_ms: Math.round(notice.durationMs),
        candidates: notice.candidates,
        dispatched: notice.dispatched,
        ...(notice.error === '' ? {} : { error: notice.error }),
      };
      return notice.dispatched > 0 ? log.info('tick completed', fields) : log.debug('tick completed', fields);
    }
    case 'fetch_failed': {
      const fields = { operation: notice.what, error: notice.message };
      if (repeats.isRepeat(notice.what, notice.message))
        return log.debug('reading the tracker failed', fields);
      return log.warn('reading the tracker failed', fields);
    }
    case 'preflight_failed':
      return log.error('preflight failed, nothing is dispatched', { problems: notice.problems.join('; ') });
    case 'preflight_recovered':
      return log.info('preflight passes again');
    case 'dispatch_paused': {
      const fields = {
        reason: notice.reason,
        ...(notice.agentKind === null ? {} : { agent_kind: notice.agentKind }),
        ...(notice.untilMs === null ? {} : { until: new Date(notice.untilMs).toISOString() }),
        detail: notice.detail,
      };
      if (notice.reason === 'agent_error') return log.error('dispatch paused', fields);
      return log.warn('dispatch paused', fields);
    }
    case 'dispatch_resumed':
      return log.info('dispatch resumed', {
        reason: notice.reason,
        ...(notice.agentKind === null ? {} : { agent_kind: notice.agentKind }),
      });
    case 'store_paused':
      return log.error('the store cannot be written, nothing is dispatched', { error: notice.message });
    case 'store_resumed':
      return log.info('the store can be written again');
    case 'recovered':
      return log.info('recovered', {
        retries: notice.retries,
        parks: notice.parks,
        interrupted: notice.interrupted,
      });
    case 'operator_drained':
      return log.info('drained: nothing runs any more, nothing is started until resume');
    case 'draining':
      return log.info('shutting down', { running: notice.running });
    case 'drained':
      if (notice.leftBehind === 0) return log.info('everything has ended');
      return log.warn('shutdown deadline reached', { left_behind: notice.leftBehind });
  }
}

function round(seconds: number): number {
  return Math.round(seconds * 1000) / 1000;
}
