// Requests that the listener turned away before they became calls: too many at once, too large, no JSON, or the token of
// a run that has ended. They come in thousands when something runs wild, so those of a second share one audit entry for
// each run, tool and kind. Holds on to nothing of a run but its name.

import type { ToolsParts, ToAuditFacts, TurnedAway } from '../ports.ts';
import type { CallLog } from './call-log.ts';

const TOGETHER_MS = 1_000;
/** Of runs, tools and kinds; when there are so many they are written at once. */
const DIFFERENT = 1_000;

export interface Refusals {
  of(run: RefusedRun): TurnedAway;
  /** Notes what has come in up to now. */
  close(): void;
}

export interface RefusedRun {
  readonly runId: string;
  readonly issueIdentifier: string;
  readonly agentKind: string;
}

interface Refused {
  readonly run: RefusedRun;
  readonly tool: string;
  readonly kind: string;
  count: number;
}

export function refusals(
  parts: Pick<ToolsParts, 'clock' | 'log' | 'counters'> & {
    readonly note: ToAuditFacts;
    readonly callLog: CallLog;
    readonly isTool: (name: string) => boolean;
  },
): Refusals {
  const { clock, counters, log } = parts;
  const waiting = new Map<string, Refused>();
  let cancel: (() => void) | null = null;

  function write(): void {
    cancel?.();
    cancel = null;
    for (const one of waiting.values()) {
      parts.callLog.add(factsOf(one)).catch((error: unknown) =>
        log.error('requests that were turned away could not be audited', {
          run_id: one.run.runId,
          error: String(error),
        }),
      );
    }
    waiting.clear();
  }

  function factsOf({ run, tool, kind, count }: Refused): ReturnType<ToAuditFacts> {
    return parts.note({
      kind: 'tool_call',
      actor: 'agent',
      name: run.agentKind,
      runId: run.runId,
      issueIdentifier: run.issueIdentifier,
      tool,
      details: { count },
      answer: kind,
      message: count === 1 ? 'turned away unread' : `${count} requests of one second, turned away unread`,
    });
  }

  return {
    of: (run) => (name, kind) => {
      const tool = parts.isTool(name) ? name : '';
      counters.countToolCall(tool === '' ? 'unknown' : tool, 'error');
      const key = `${run.runId} ${tool} ${kind}`;
      const known = waiting.get(key);
      if (known !== undefined) known.count += 1;
      else waiting.set(key, { run, tool, kind, count: 1 });
      if (waiting.size >= DIFFERENT) write();
      else cancel ??= clock.after(TOGETHER_MS, write);
    },
    close: write,
  };
}
