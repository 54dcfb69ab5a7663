// One run as a worker and its agent might live it: writes to the tracker, a workspace, turns with events, a look
// after each turn, and every way to end. It hangs, floods, fails and ignores its cancellation as told.

import type {
  AgentEvent,
  AgentFailureReason,
  CancelReason,
  CommentFacts,
  Evidence,
  NormalEnd,
  RunErrorKind,
  RunEvent,
  RunExit,
  RunSpec,
  TrackerAdapter,
  TrackerWriter,
} from '../../src/contract/index.ts';
import type { AgentWriting } from './agent-writing.ts';
import { sameText } from './contract-rules.ts';
import type { Dice } from './dice.ts';
import type { Faults } from './faults.ts';
import type { IssueBook } from './issue-book.ts';
import { ALL_STATES } from './random-workflow.ts';

export interface SimulatedRunParts {
  readonly spec: RunSpec;
  readonly dice: Dice;
  readonly faults: Faults;
  readonly book: IssueBook;
  readonly tracker: TrackerAdapter;
  readonly writer: TrackerWriter;
  readonly agentWriting: Pick<AgentWriting, 'useTool'>;
  readonly after: (delayMs: number, fire: () => void) => () => void;
  readonly wallMs: () => number;
  readonly report: (event: RunEvent) => void;
  /** Aborted once the run really heeds its cancellation; the reason is a CancelReason. */
  readonly signal: AbortSignal;
}

const FAILURES: readonly RunErrorKind[] = [
  'agent_not_found',
  'agent_config_error',
  'invalid_workspace_cwd',
  'turn_input_required',
  'turn_timeout',
  'response_timeout',
  'port_exit',
  'response_error',
  'turn_failed',
  'turn_cancelled',
  'workspace_refused',
  'workspace_error',
  'hook_failed',
  'hook_timeout',
  'template_render_error',
  'worker_crashed',
  'executor_busy',
  'tracker_transport_error',
  'tracker_api_error',
  'missing_tracker_api_key',
];

const REASONS: readonly AgentFailureReason[] = [
  'budget',
  'turn_limit',
  'authentication',
  'context_overflow',
  'permission_refused',
  'session_unknown',
  'service_error',
  'crash',
];

const FLOOD = 150;

/** Never rejects. */
export async function simulateRun(parts: SimulatedRunParts): Promise<RunExit> {
  const { signal, report, dice } = parts;
  let exit: RunExit;
  try {
    exit = await attempt(parts);
  } catch (error) {
    if (!signal.aborted) throw error;
    // The last words of an agent that was told to stop.
    for (let left = dice.int(0, 3); left > 0; left -= 1) report(message('stopping'));
    exit = { kind: 'cancelled', reason: signal.reason as CancelReason };
  }
  report({ kind: 'phase_entered', phase: 'finishing' });
  return exit;
}

async function attempt(parts: SimulatedRunParts): Promise<RunExit> {
  const { spec, dice, faults, report } = parts;
  const fails = dice.chance(faults.runFails);
  const meetsLimit = dice.chance(faults.quota);
  await pause(parts, dice.int(0, 500));
  await announce(parts);
  report({ kind: 'phase_entered', phase: 'preparing_workspace' });
  await pause(parts, dice.int(0, 2_000));
  if (fails && dice.chance(0.4)) return failure(dice, faults);
  const path = spec.recordedWorkspacePath ?? `/simulated/workspaces/${spec.issue.identifier}`;
  report({ kind: 'workspace_ready', path, created: spec.recordedWorkspacePath === null });
  await pause(parts, dice.int(0, 3_000));
  const identity = { pid: dice.int(2, 99_999), processGroup: 1, startTime: spec.runId };
  report({ kind: 'process_started', identity });
  beginSession(parts);
  for (let turn = 1; ; turn += 1) {
    report({ kind: 'phase_entered', phase: 'streaming_turn' });
    report({ kind: 'turn_started', turn });
    await playTurn(parts);
    if (meetsLimit) return usageLimit(parts);
    if (fails) return failure(dice, faults);
    report({ kind: 'turn_finished', turn });
    const ended = await lookAfterTurn(parts, turn);
    if (ended !== null) return ended;
  }
}

async function announce(parts: SimulatedRunParts): Promise<void> {
  const { spec, writer, report, signal } = parts;
  const { issue, runId, settings } = spec;
  const { inProgressState: toState, activeStates, comments } = settings.tracker;
  const attempts: [string | null, () => Promise<void>][] = [];
  if (toState !== '' && !sameText(toState, issue.state)) {
    attempts.push([toState, () => writer.transition({ issue, runId, toState, from: activeStates }, signal)]);
  }
  if (comments.onDispatch) {
    const body = 'Work has begun.';
    const facts: CommentFacts = {
      standing: 'working',
      detail: '',
      attempt: spec.attempt,
      agentKind: 'simulated',
      turns: 0,
      secondsRunning: 0,
      tokens: { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0 },
      costUsd: null,
      costEstimated: false,
    };
    const request = { issue, runId, lifecycle: 'dispatch', body, style: comments.style, facts } as const;
    attempts.push([null, () => writer.comment(request, signal)]);
  }
  for (const [state, write] of attempts) {
    report({ kind: 'phase_entered', phase: state === null ? 'dispatch_comment' : 'dispatch_transition' });
    try {
      await write();
      report({ kind: 'tracker_write_confirmed', state });
    } catch (error) {
      if (signal.aborted) throw error;
      report({ kind: 'warning', message: 'write failed', detail: String(error) });
    }
  }
}

async function playTurn(parts: SimulatedRunParts): Promise<void> {
  const { dice, faults, report } = parts;
  if (dice.chance(faults.runHangs)) await pause(parts, Infinity);
  if (dice.chance(faults.runFloods)) for (let n = 0; n < FLOOD; n += 1) report(message(`line ${n}`));
  for (let left = dice.int(0, 3); left > 0; left -= 1) {
    await pause(parts, dice.int(0, dice.chance(0.1) ? 400_000 : 20_000));
    report(dice.chance(0.5) ? message('working') : usage(dice));
    if (dice.chance(0.3)) await useTool(parts);
    await writeToTracker(parts);
  }
  if (dice.chance(0.3)) report(agentSays({ kind: 'turn_completed' }));
  // The agent itself may move its issue on.
  if (dice.chance(0.1)) parts.book.change(parts.spec.issue.id, 'others', { state: dice.pick(ALL_STATES) });
}

async function lookAfterTurn(parts: SimulatedRunParts, turn: number): Promise<RunExit | null> {
  const { spec, dice, tracker, signal, report, faults } = parts;
  const { activeStates, terminalStates, requiredLabels } = spec.settings.tracker;
  if (faults.runFails > 0 && dice.chance(0.15)) {
    const end: NormalEnd = dice.chance(0.5) ? 'status_blocked' : 'status_needs_human_review';
    return { kind: 'normal', end, state: spec.issue.state, evidence: null };
  }
  for (let tries = 0; tries < 3; tries += 1) {
    try {
      const { state, labels } = await tracker.fetchIssueById(spec.issue.id, signal);
      report({ kind: 'state_observed', state });
      const has = (list: readonly string[], text: string): boolean => list.some((one) => sameText(one, text));
      if (!has(activeStates, state) || has(terminalStates, state)) {
        return { kind: 'normal', end: 'not_active', state, evidence: null };
      }
      if (spec.labelsOverruled !== true && !requiredLabels.every((label) => has(labels, label))) {
        return { kind: 'normal', end: 'label_missing', state, evidence: null };
      }
      if (turn < spec.settings.agent.maxTurns) return null;
      return { kind: 'normal', end: 'turns_used_up', state, evidence: lookForEvidence(parts) };
    } catch (error) {
      if (signal.aborted) throw error;
      if (error instanceof Error && error.message.includes('tracker_not_found')) {
        return { kind: 'normal', end: 'not_active', state: null, evidence: null };
      }
    }
  }
  return { kind: 'normal', end: 'state_unknown', state: null, evidence: null };
}

function failure(dice: Dice, { sharedFailure }: Faults): RunExit {
  if (dice.chance(sharedFailure)) {
    const message = 'ENOSPC: no space left on device';
    return { kind: 'failed', failure: { kind: 'workspace_error', message, reason: null } };
  }
  const kind = dice.chance(0.4) ? 'turn_failed' : dice.pick(FAILURES);
  const retryAfterMs = kind === 'tracker_api_error' && dice.chance(0.5) ? 45_000 : undefined;
  const reason = kind === 'turn_failed' && dice.chance(0.5) ? dice.pick(REASONS) : null;
  return { kind: 'failed', failure: { kind, message: `${kind}: told to fail`, retryAfterMs, reason } };
}

/** The agent says when it may go on, or it does not; its clock may be wrong. */
function usageLimit({ dice, wallMs }: SimulatedRunParts): RunExit {
  const resetAtMs = dice.chance(0.4) ? null : wallMs() + dice.int(-600_000, 6 * 3_600_000);
  const failure = {
    kind: 'turn_failed',
    message: 'usage limit reached',
    reason: 'quota',
    resetAtMs,
  } as const;
  return { kind: 'failed', failure };
}

/** Some agents use something before they have a name, some do not know theirs any more, some take another. */
function beginSession({ spec, dice, faults, report }: SimulatedRunParts): void {
  const fresh = `session-of-${spec.runId}`;
  if (dice.chance(0.2)) report(usage(dice));
  if (spec.resumeSessionId !== null && dice.chance(faults.sessionLost)) {
    if (dice.chance(0.5)) report({ kind: 'session_lost', sessionId: spec.resumeSessionId });
    if (dice.chance(0.3)) report(usage(dice));
    report(agentSays({ kind: 'session_started', sessionId: fresh }));
    return;
  }
  report(agentSays({ kind: 'session_started', sessionId: spec.resumeSessionId ?? fresh }));
}

async function useTool(parts: SimulatedRunParts): Promise<void> {
  const { dice, faults, report } = parts;
  const callId = `call-${dice.int(1, 3)}`;
  report(agentSays({ kind: 'tool_started', callId, name: 'Bash' }));
  if (dice.chance(faults.toolHangs)) await pause(parts, Infinity);
  const durationMs = dice.int(0, dice.chance(0.2) ? 600_000 : 10_000);
  await pause(parts, durationMs);
  // A result that never comes is made up for by the end of the turn.
  if (dice.chance(0.9))
    report(agentSays({ kind: 'tool_result', callId, name: 'Bash', durationMs, ok: true }));
  if (dice.chance(0.2)) {
    const window = { name: 'primary', usedPercent: dice.int(0, 100), resetsAtMs: null };
    report(agentSays({ kind: 'rate_limits', windows: [window] }));
  }
}

/** An agent that is told to stop does not wait for its answer; the write goes its way all the same. */
async function writeToTracker({ spec, agentWriting, signal }: SimulatedRunParts): Promise<void> {
  const done = agentWriting.useTool({ runId: spec.runId, issueId: spec.issue.id });
  await new Promise<void>((resolve, reject) => {
    const onAbort = (): void => reject(new Error('cancelled'));
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    void done.then(() => {
      signal.removeEventListener('abort', onAbort);
      resolve();
    });
  });
}

function lookForEvidence({ spec, dice, faults }: SimulatedRunParts): Evidence | null {
  if (spec.settings.agent.evidence === 'off') return null;
  const nothing = { commit: false, changes: false, toolWrites: 0, declared: false, unknown: false };
  if (dice.chance(faults.runEmpty)) return { ...nothing, summary: 'nothing' };
  if (faults.runEmpty > 0 && dice.chance(0.5))
    return { ...nothing, changes: true, summary: '2 files changed' };
  return { ...nothing, commit: true, summary: 'commit on main' };
}

function agentSays(event: AgentEvent): RunEvent {
  return { kind: 'agent_event', event };
}

function message(text: string): RunEvent {
  return agentSays({ kind: 'notification', message: text });
}

function usage(dice: Dice): RunEvent {
  const inputTokens = dice.int(0, 1_000);
  const tokens = { inputTokens, outputTokens: dice.int(0, 500), cacheReadTokens: dice.int(0, 9) };
  return {
    kind: 'agent_event',
    event: {
      kind: 'token_usage',
      ...tokens,
      model: 'simulated',
      costUsd: dice.chance(0.3) ? dice.next() * 2 : null,
    },
  };
}

/** Waits, unless the run is cancelled first. Infinity = until it is. */
function pause({ after, signal }: SimulatedRunParts, delayMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const onAbort = (): void => {
      stop();
      reject(new Error('cancelled'));
    };
    const stop =
      delayMs === Infinity
        ? () => undefined
        : after(delayMs, () => {
            signal.removeEventListener('abort', onAbort);
            resolve();
          });
    if (signal.aborted) onAbort();
    else signal.addEventListener('abort', onAbort, { once: true });
  });
}
