// An operator's word on its way to the core and back: finds the issue that is meant, reads it where the core must see
// it fresh, posts the event, and waits for the core's one answer. Decides nothing; asks the tracker only for issues
// that nobody here knows.

import {
  canFindIssue,
  canTestCandidates,
  ISSUE_CONTROLS,
  TrackerError,
  type ControlAnswer,
  type ControlRequest,
  type EventBody,
  type ExplainAnswer,
  type Issue,
  type IssueControl,
  type IssueRef,
  type Store,
  type TrackerAdapter,
} from '../contract/index.ts';
import { explainKnown, explainUnknown } from '../core/explain.ts';
import { isActive } from '../core/eligibility.ts';
import { issueSnapshotOf } from '../core/snapshot.ts';
import type { CoreState } from '../core/state.ts';
import { messageOf } from './failures.ts';
import type { Clock } from './ports.ts';

export interface Operators {
  control(request: ControlRequest, signal: AbortSignal): Promise<ControlAnswer>;
  explain(identifier: string, signal: AbortSignal): Promise<ExplainAnswer>;
  /** The core's answer has come. */
  answered(controlId: string, answer: ControlAnswer): void;
  /** Nobody will answer any more. */
  close(): void;
}

export interface OperatorsParts {
  readonly state: CoreState;
  readonly clock: Clock;
  readonly newUuid: () => string;
  readonly tracker: TrackerAdapter;
  readonly store: Partial<Pick<Store, 'findIssue'>>;
  readonly post: (body: EventBody) => void;
}

const RECOVERING = 'the daemon is still recovering';
const SHUTTING_DOWN = 'the daemon is shutting down';
const NOT_DURABLE_YET: ControlAnswer = {
  kind: 'refused',
  code: 'store_failed',
  message: 'it was taken, but the store has not kept it yet: look at the state before you say it again',
};

export function createOperators(parts: OperatorsParts): Operators {
  const { state, clock, tracker } = parts;
  const waiting = new Map<string, (answer: ControlAnswer) => void>();
  let closed = false;

  /** null = neither the core, nor the store, nor the tracker knows it. */
  async function findRef(identifier: string, signal: AbortSignal): Promise<IssueRef | Issue | null> {
    const known = issueSnapshotOf(state, identifier);
    if (known !== null) return { id: known.issueId, identifier: known.issueIdentifier };
    if (canFindIssue(tracker)) return orNull(tracker.fetchIssueByIdentifier(identifier, signal));
    const stored = (await parts.store.findIssue?.(identifier)) ?? null;
    return stored === null ? null : { id: stored.issueId, identifier: stored.identifier };
  }

  /** As the tracker has it now; null = it has no such issue. */
  async function read(found: IssueRef | Issue, signal: AbortSignal): Promise<Issue | null> {
    return 'state' in found ? found : orNull(tracker.fetchIssueById(found.id, signal));
  }

  /** Whether a candidate read would bring it; undefined where the tracker cannot tell, or its state says no already. */
  async function isCandidate(issue: Issue, signal: AbortSignal): Promise<boolean | undefined> {
    if (!isActive(issue.state, state.settings) || !canTestCandidates(tracker)) return undefined;
    return tracker.isCandidate(issue, signal);
  }

  /** A tracker may find a moved issue by its old identifier: what we know it by; "" = we do not. */
  function knownAs(issueId: string): string {
    return state.claims.get(issueId)?.identifier ?? state.verdicts.get(issueId)?.identifier ?? '';
  }

  function refusedNow(): ControlAnswer | null {
    if (state.mode === 'recovering') {
      return { kind: 'refused', code: 'snapshot_unavailable', message: RECOVERING };
    }
    if (closed || state.mode !== 'running')
      return { kind: 'refused', code: 'draining', message: SHUTTING_DOWN };
    return null;
  }

  function put(
    command: Extract<EventBody, { kind: 'control_requested' }>['command'],
    word: ControlRequest['word'],
    signal: AbortSignal,
  ) {
    const controlId = parts.newUuid();
    return new Promise<ControlAnswer>((resolve) => {
      const settle = (answer: ControlAnswer): void => {
        signal.removeEventListener('abort', late);
        resolve(answer);
      };
      const late = (): void => settle(NOT_DURABLE_YET);
      waiting.set(controlId, settle);
      signal.addEventListener('abort', late, { once: true });
      parts.post({ kind: 'control_requested', controlId, command, word });
    });
  }

  return {
    async control({ control, identifier, word }, signal) {
      const refused = refusedNow();
      if (refused !== null) return refused;
      if (!isIssueControl(control)) return put({ control }, word, signal);
      const asked = identifier ?? '';
      let found: IssueRef | Issue | null;
      let fresh: Issue | null = null;
      let candidate: boolean | undefined;
      try {
        found = await findRef(asked, signal);
        const claimed = found !== null && state.claims.has(found.id);
        if (found !== null && !claimed && (control === 'dispatch' || control === 'hold')) {
          fresh = await read(found, signal);
          if (fresh === null) found = null;
          else if (control === 'dispatch') candidate = await isCandidate(fresh, signal);
        }
      } catch (error) {
        signal.throwIfAborted();
        return { kind: 'refused', code: 'tracker_failed', message: messageOf(error) };
      }
      if (found === null) {
        const message = `no issue ${JSON.stringify(asked.slice(0, 200))} is known here or to the tracker`;
        return { kind: 'refused', code: 'issue_not_found', message };
      }
      // What was read took a while: whoever has been told that no answer came must not have acted all the same.
      signal.throwIfAborted();
      const issue = { id: found.id, identifier: found.identifier };
      return refusedNow() ?? put({ control, issue, found: fresh, isCandidate: candidate }, word, signal);
    },
    async explain(identifier, signal) {
      if (state.mode === 'recovering') {
        return { kind: 'failed', code: 'snapshot_unavailable', message: RECOVERING };
      }
      const explained = explainKnown(state, identifier, clock.nowMs());
      if (explained !== null) return { kind: 'explained', explanation: explained };
      try {
        const found = await findRef(identifier, signal);
        const known = found === null ? '' : knownAs(found.id);
        const moved = known === '' ? null : explainKnown(state, known, clock.nowMs());
        if (moved !== null) return { kind: 'explained', explanation: moved };
        const issue = found === null ? null : await read(found, signal);
        const candidate = issue === null ? undefined : await isCandidate(issue, signal);
        const asked = { identifier, issue, isCandidate: candidate ?? null };
        const explanation = explainUnknown(state, asked, clock.nowMs());
        return { kind: 'explained', explanation };
      } catch (error) {
        signal.throwIfAborted();
        return { kind: 'failed', code: 'tracker_failed', message: messageOf(error) };
      }
    },
    answered(controlId, answer) {
      waiting.get(controlId)?.(answer);
      waiting.delete(controlId);
    },
    close() {
      closed = true;
      for (const resolve of waiting.values()) {
        resolve({ kind: 'refused', code: 'draining', message: SHUTTING_DOWN });
      }
      waiting.clear();
    },
  };
}

function isIssueControl(control: string): control is IssueControl {
  return (ISSUE_CONTROLS as readonly string[]).includes(control);
}

async function orNull(asking: Promise<Issue>): Promise<Issue | null> {
  try {
    return await asking;
  } catch (error) {
    if (error instanceof TrackerError && error.kind === 'tracker_not_found') return null;
    throw error;
  }
}
