// The runs that may call tools: each has a token and a session from its opening to its end, and nothing after. A run that
// is cancelled takes back what was recorded for it and not sent; what a person must decide outlives it.

import { hasEnded } from '../../contract/outbox.ts';
import { TOOL_SERVER_NAME } from '../../contract/agent-tools.ts';
import type { RunTools, ToolHost, ToolRunRequest } from '../../contract/agent-tools.ts';
import type { CallParts } from '../calls/call-parts.ts';
import type { RunState } from '../calls/run-state.ts';
import type { Refusals } from '../calls/turned-away.ts';
import { takeCall } from '../calls/take-call.ts';
import { isSettled } from '../approvals/book.ts';
import { offeredTool } from '../generic/offered.ts';
import { handOver } from '../mcp/index.ts';
import type { CreateToolsParts } from '../parts.ts';
import type { ToolListener, ToolSession } from '../ports.ts';
import { briefing } from './briefing.ts';
import { CallRate } from './call-rate.ts';
import { heard } from './heard.ts';

const WAITING_LISTED = 10;
/** Well below any stall limit that makes sense. */
const ACTIVITY_MS = 30_000;

export interface RunRegistry {
  readonly host: ToolHost;
  /** "" = no such run is open. */
  issueIdOf(runId: string | null): string;
  /** Ends all: their tokens are dead when it resolves. */
  close(): Promise<void>;
}

interface OpenRun {
  readonly state: RunState;
  readonly connects: boolean;
  end(why: string): void;
  wasAsked(): boolean;
  revoke(): Promise<void>;
}

export function runRegistry(
  parts: CallParts &
    Pick<CreateToolsParts, 'bridge' | 'keepSecret'> & {
      readonly listener: () => ToolListener | null;
      readonly refusals: Refusals;
    },
): RunRegistry {
  const { clock, log, outbox, approvals, ledger } = parts;
  const runs = new Map<string, OpenRun>();
  let closed = false;

  outbox.onChange((row) => {
    if (row.runId !== null && hasEnded(row)) runs.get(row.runId)?.state.openWrites.delete(row.id);
  });

  async function open(request: ToolRunRequest): Promise<RunTools | null> {
    const { tools } = parts.settings();
    const listener = parts.listener();
    if (!tools.enabled || listener === null || closed || request.signal.aborted) return null;
    const run = admit(request, listener);
    try {
      const server = await handOver(
        { url: listener.url, token: run.token, wasAsked: run.wasAsked },
        { privateDirectory: request.privateDirectory, bridge: parts.bridge, waitMs: tools.approval.waitMs },
      );
      const briefing = await brief(request, run.state);
      return { server, briefing, heard: () => heard(run.state, approvals), close: run.close };
    } catch (error) {
      log.error('tools could not be opened: the run goes on without', {
        issue_id: request.issue.id,
        issue_identifier: request.issue.identifier,
        run_id: request.runId,
        error: error instanceof Error ? error.message : String(error),
      });
      await run.close();
      return null;
    }
  }

  function admit(
    request: ToolRunRequest,
    listener: ToolListener,
  ): Pick<OpenRun, 'state' | 'wasAsked'> & { readonly token: string; readonly close: () => Promise<void> } {
    const ended = new AbortController();
    const state: RunState = {
      runId: request.runId,
      issue: request.issue,
      attempt: request.attempt,
      agentKind: request.agentKind,
      maxTurns: request.maxTurns,
      openedMonotonicMs: clock.monotonicMs(),
      ended: ended.signal,
      rate: new CallRate(),
      messages: 0,
      openWrites: new Set(),
      briefedOf: new Set(),
    };
    const { token, wasAsked, revoke } = listener.admit(sessionOf(state, request.onActivity));
    const forgetToken = parts.keepSecret(token);
    const onCancel = (): void => {
      end('the run was cancelled');
      for (const id of state.openWrites) void takeBack(id);
    };
    const end = (why: string): void => {
      request.signal.removeEventListener('abort', onCancel);
      ended.abort(new Error(why));
    };
    request.signal.addEventListener('abort', onCancel, { once: true });
    const endAll = async (): Promise<void> => {
      await revoke();
      forgetToken();
    };
    runs.set(state.runId, { state, connects: request.connects, end, wasAsked, revoke: endAll });
    return { state, token, wasAsked, close: () => close(state.runId) };
  }

  async function close(runId: string): Promise<void> {
    const run = runs.get(runId);
    if (run === undefined) return;
    runs.delete(runId);
    const { issue, ended } = run.state;
    if (run.connects && !ended.aborted && !run.wasAsked()) {
      log.warn('the agent never asked for its tools: look for its own messages about MCP servers', {
        issue_id: issue.id,
        issue_identifier: issue.identifier,
        run_id: runId,
      });
    }
    run.end('the run has ended');
    parts.uses.forgetRun(runId);
    try {
      await run.revoke();
    } catch (error) {
      log.error('the token of a run could not be revoked', { run_id: runId, error: String(error) });
    }
  }

  async function whileAtWork<T>(
    name: string,
    onActivity: ToolRunRequest['onActivity'],
    work: () => Promise<T>,
  ): Promise<T> {
    // Whatever an agent calls it: a name of ours, or none.
    const tool = parts.tools.has(name) ? name : 'an unknown tool';
    let again = (): void => undefined;
    const say = (): void => {
      onActivity(`${TOOL_SERVER_NAME}: ${tool} is at work`);
      again = clock.after(ACTIVITY_MS, say);
    };
    say();
    try {
      return await work();
    } finally {
      again();
      onActivity(`${TOOL_SERVER_NAME}: ${tool} has answered`);
    }
  }

  async function takeBack(id: string): Promise<void> {
    try {
      await outbox.cancel(id, 'its run was cancelled');
    } catch (error) {
      log.warn('a write of a cancelled run could not be taken back', { write_id: id, error: String(error) });
    }
  }

  function sessionOf(run: RunState, onActivity: ToolRunRequest['onActivity']): ToolSession {
    return {
      runId: run.runId,
      tools: () => [...parts.tools.values()].map((tool) => offeredTool(tool, parts.schema.known())),
      call: (name, args, signal) =>
        whileAtWork(name, onActivity, () => takeCall({ name, args, run, signal }, parts)),
      turnedAway: parts.refusals.of({
        runId: run.runId,
        issueIdentifier: run.issue.identifier,
        agentKind: run.agentKind,
      }),
    };
  }

  async function brief({ issue, connects }: ToolRunRequest, { briefedOf }: RunState): Promise<string> {
    const decided = await ledger.untold(issue.id);
    const { approvals: waiting } = await ledger.approvals({
      status: 'pending',
      identifier: issue.identifier,
      limit: WAITING_LISTED,
    });
    // What is still being applied has an end that is owed as well.
    for (const approval of decided) if (isSettled(approval)) briefedOf.add(approval.id);
    // Known before the agent lists its tools, if the site is quick; asked for nobody who may never look.
    if (connects) parts.schema.known();
    return briefing({ tools: parts.tools.values(), settings: parts.settings().tools, decided, waiting });
  }

  return {
    host: { open },
    issueIdOf: (runId) => (runId === null ? '' : (runs.get(runId)?.state.issue.id ?? '')),
    async close() {
      closed = true;
      await Promise.all([...runs.keys()].map(close));
    },
  };
}
