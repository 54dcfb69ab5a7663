// One process of the agent and the conversation with it. It reads every line once, in order: first what it tells (the
// reader), then, when it is a request or an answer, what it asks (the peer). A line that is no protocol is reported
// and passed over. When the process is over, whoever waits for an answer learns it.

import { setTimeout as sleep } from 'node:timers/promises';
import type { AgentEvent, SessionRequest } from '../../../src/contract/agent.ts';
import { launchProcess } from '../../../src/process/index.ts';
import type { ProcessResult } from '../../../src/process/index.ts';
import { noteStart, readJsonLine, requireProgram, sessionVariables } from '../driver/index.ts';
import { withoutServerSecrets } from './mcp-servers.ts';
import { createPeer } from './peer.ts';
import type { Peer } from './peer.ts';
import type { AcpReader } from './reader.ts';

/** Between two pieces of a history that is told after the answer it should come before. */
const QUIET_MS = 250;
const LONGEST_HISTORY_MS = 5000;

export interface Link extends Pick<Peer, 'ask' | 'tell'> {
  /** Settles when nothing of the process is left. */
  readonly result: Promise<ProcessResult>;
  isOver(): boolean;
  /** Resolves when the agent has said nothing for a while, or has gone on for too long. */
  quiet(): Promise<void>;
  /** What asks for the end of a running turn; it has a third of the grace. null = nothing is running. */
  interrupt: (() => Promise<void>) | null;
  /** Ends it in stages: interrupt, end of its input, SIGTERM, SIGKILL. */
  end(reason: string): Promise<ProcessResult>;
}

export interface LinkParts {
  readonly request: SessionRequest;
  readonly reader: AcpReader;
  /** A promise that it returns holds the agent back. */
  readonly onEvents: (events: readonly AgentEvent[]) => Promise<void> | undefined;
}

/** Starts the agent. Rejects when its command is none, or when its start could not be recorded. */
export async function startLink({ request, reader, onEvents }: LinkParts): Promise<Link> {
  const program = requireProgram(request.command);
  const write = (line: string): Promise<void> => {
    request.onLine('input', withoutServerSecrets(line));
    return launched.write(`${line}\n`);
  };
  const peer = await createPeer(write);
  let isOver = false;
  let lastLineMs = 0;

  const takeLine = async (line: string): Promise<void> => {
    request.onLine('stdout', line);
    lastLineMs = performance.now();
    if (line.trim() === '') return;
    const message = readJsonLine(line);
    const isMessage = message !== null && message !== 'malformed';
    const events = isMessage ? reader.takeMessage(message, performance.now()) : reader.takeBadLine(line);
    if (events.length > 0) await onEvents(events);
    if (isMessage) peer.take(message);
  };

  const launched = launchProcess({
    file: program.file,
    args: program.args,
    cwd: request.workspacePath,
    env: { ...request.env, ...sessionVariables(request) },
    mark: request.runId,
    stdin: { open: true },
    onStdoutLine: takeLine,
    onStderrLine: (line) => request.onLine('stderr', line),
    graceMs: request.stopGraceMs,
    ending: {
      async interrupt() {
        await link.interrupt?.();
        launched.closeInput();
      },
    },
  });
  const result = launched.result.then((facts) => {
    isOver = true;
    peer.close(new Error('the agent is over'));
    return facts;
  });
  const link: Link = {
    ask: (method, params, timeoutMs) => peer.ask(method, params, timeoutMs),
    tell: (method, params) => peer.tell(method, params),
    result,
    isOver: () => isOver,
    async quiet() {
      const deadlineMs = performance.now() + LONGEST_HISTORY_MS;
      for (let leftMs = QUIET_MS; leftMs > 0 && !isOver; leftMs = lastLineMs + QUIET_MS - performance.now()) {
        if (performance.now() > deadlineMs) return;
        await sleep(Math.min(leftMs, QUIET_MS));
      }
    },
    interrupt: null,
    async end(reason) {
      await launched.end(reason);
      return result;
    },
  };
  await noteStart(launched, request);
  return link;
}
