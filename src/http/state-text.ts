// The state as JSON text, made once and shared: by everybody who asks for it and by the event stream. Checked against
// its schema on the way, like every other answer.

import type { ToolsView } from '../contract/agent-tools.ts';
import type { DaemonView, Readiness, Snapshot } from '../contract/snapshot.ts';
import { ApiError } from './error-codes.ts';
import { redactAnswer, type Redact } from './redact-answer.ts';
import { stateSchema } from './schemas.ts';
import { toState, type ToolCounts } from './wire.ts';

export interface StateTextOptions {
  readonly view: DaemonView;
  readonly tools?: ToolsView | undefined;
  readonly redact: Redact;
  readonly monotonicMs: () => number;
}

/** One line of JSON. Throws ApiError `snapshot_unavailable` before recovery has finished. */
export type StateText = () => string;

/** A secret that was learnt meanwhile is taken out after so long, however quiet the daemon is. */
const LONGEST_USE_MS = 1_000;

interface Made {
  readonly snapshot: Snapshot;
  readonly beside: string;
  readonly atMs: number;
  readonly text: string;
}

export function createStateText({ view, tools, redact, monotonicMs }: StateTextOptions): StateText {
  let made: Made | null = null;
  return () => {
    const snapshot = view.snapshot();
    if (snapshot === null) throw notYet();
    const readiness = view.readiness();
    const counts = { approvalsPending: tools?.pendingApprovals() ?? 0, outboxOpen: tools?.openWrites() ?? 0 };
    const beside = besideSnapshot(readiness, counts);
    const atMs = monotonicMs();
    if (made?.snapshot !== snapshot || made.beside !== beside || atMs - made.atMs > LONGEST_USE_MS) {
      const state = stateSchema.parse(redactAnswer(toState(snapshot, readiness, counts), redact));
      made = { snapshot, beside, atMs, text: JSON.stringify(state) };
    }
    return made.text;
  };
}

/** What the state shows besides the snapshot; short, so that comparing costs nothing beside rendering. */
function besideSnapshot(readiness: Readiness, counts: ToolCounts): string {
  const { reloadError, throttles, trackerError, workflowLoadedAtMs } = readiness;
  return JSON.stringify([reloadError, throttles, trackerError, workflowLoadedAtMs, counts]);
}

export function notYet(): ApiError {
  return new ApiError('snapshot_unavailable', 'the daemon is still recovering', { 'retry-after': '1' });
}
