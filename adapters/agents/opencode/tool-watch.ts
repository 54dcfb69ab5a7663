// opencode says that a tool ran only once it has ended, so a long shell command looks like a model that hangs. But the
// command runs in a session of its own and carries the run's mark: while the output is silent, those sessions are
// looked for, and reported as tools in flight. A session that outlives the model call in which it was seen is
// something that a tool left behind, and counts no more; one that nobody saw in time may count once, wrongly.

import type { AgentEvent, SessionRequest } from '../../../src/contract/agent.ts';
import { toolSessions } from '../../../src/process/index.ts';
import type { CliTurn } from '../driver/index.ts';
import type { Pulse } from './reader.ts';

/** Much less than anybody's stall limit; long enough that a busy agent costs no look at all. */
const SILENT_MS = 5000;
const LOOK_EVERY_MS = 5000;

/** Real time and real processes, unless a test brings its own. */
export interface ToolWatchParts {
  /** Monotonic, of the same origin as the reader's lines. */
  nowMs(): number;
  /** Calls again and again; the answer stops it. */
  every(intervalMs: number, look: () => void): () => void;
  sessionsOf(mark: string, rootPid: number): Promise<readonly number[]>;
}

const REAL: ToolWatchParts = {
  nowMs: () => performance.now(),
  every(intervalMs, look) {
    const timer = setInterval(look, intervalMs);
    return () => clearInterval(timer);
  },
  sessionsOf: toolSessions,
};

export interface ToolWatch {
  /** The pulse of a session, to be kept by its reader. */
  pulseOf(request: SessionRequest): Pulse;
  /** The driver's `watch`. */
  watch(turn: CliTurn, pid: number, report: (events: readonly AgentEvent[]) => void): () => void;
}

/** One for each adapter. */
export function createToolWatch({ nowMs, every, sessionsOf }: ToolWatchParts = REAL): ToolWatch {
  const pulses = new WeakMap<SessionRequest, Pulse>();

  const pulseOf = (request: SessionRequest): Pulse => {
    const pulse = pulses.get(request) ?? { lineAtMs: nowMs(), steps: 0 };
    pulses.set(request, pulse);
    return pulse;
  };

  const watch: ToolWatch['watch'] = ({ request }, pid, report) => {
    const pulse = pulseOf(request);
    pulse.lineAtMs = nowMs();
    const inFlight = new Map<number, number>();
    const leftBehind = new Set<number>();
    let { steps } = pulse;
    let isLooking = false;
    let isOver = false;

    const end = (session: number): AgentEvent => {
      const durationMs = Math.max(0, Math.round(nowMs() - (inFlight.get(session) ?? nowMs())));
      inFlight.delete(session);
      return { kind: 'tool_result', callId: `process:${session}`, name: 'shell', durationMs, ok: true };
    };
    const endStep = (): AgentEvent[] => {
      if (pulse.steps === steps) return [];
      steps = pulse.steps;
      for (const session of inFlight.keys()) leftBehind.add(session);
      return [...inFlight.keys()].map(end);
    };
    const look = async (): Promise<readonly AgentEvent[]> => {
      const events = endStep();
      const isSilent = nowMs() - pulse.lineAtMs >= SILENT_MS;
      if (!isSilent && inFlight.size === 0) return events;
      const stepsBefore = steps;
      const sessions = await sessionsOf(request.runId, pid);
      events.push(...endStep());
      events.push(...[...inFlight.keys()].filter((session) => !sessions.includes(session)).map(end));
      // It spoke meanwhile: what was seen may have ended with that.
      if (steps !== stepsBefore || nowMs() - pulse.lineAtMs < SILENT_MS) return events;
      for (const session of sessions) {
        if (inFlight.has(session) || leftBehind.has(session)) continue;
        inFlight.set(session, nowMs());
        events.push({ kind: 'tool_started', callId: `process:${session}`, name: 'shell' });
      }
      return events;
    };

    const stop = every(LOOK_EVERY_MS, () => {
      if (isLooking) return;
      isLooking = true;
      void look()
        .then((events) => {
          if (!isOver && events.length > 0) report(events);
        })
        .catch(() => undefined)
        .finally(() => {
          isLooking = false;
        });
    });
    return () => {
      isOver = true;
      stop();
    };
  };

  return { pulseOf, watch };
}
