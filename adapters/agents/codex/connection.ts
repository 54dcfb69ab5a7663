// One `codex app-server` process and the conversation with it. Lines go to the session in order and one at a time;
// requests of Codex are answered here, before anybody is told of them. When the process is over, so is every request
// that waits. It is asked kindly to end (interrupt, end of input) before it is made to.

import { AgentError } from '../../../src/contract/agent.ts';
import type { SessionRequest } from '../../../src/contract/agent.ts';
import { launchProcess } from '../../../src/process/index.ts';
import type { ProcessResult } from '../../../src/process/index.ts';
import { judgeOutput, noteStart, readJsonLine } from '../driver/index.ts';
import type { JsonObject, Program } from '../driver/index.ts';
import { SERVER_ARGS } from './params.ts';
import { createRpcPeer } from './rpc-peer.ts';
import type { RpcPeer } from './rpc-peer.ts';
import { judgeRequest, requestId } from './server-requests.ts';

/** How one gets Codex. */
export const INSTALL = 'npm install -g @openai/codex';

export interface ConnectionOptions {
  readonly request: SessionRequest;
  readonly program: Program;
  /** After our own. */
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** See `judgeRequest`. */
  readonly grantsAll: boolean;
  /** Not shown in the transcript of what we write; null = there is none. */
  readonly secret: string | null;
  /** A message of the protocol, or a line that is none. A returned promise holds the output back. */
  take(message: JsonObject | string): void | Promise<void>;
  /** Asks Codex to stop its turn; resolves when it has. */
  interrupt(): Promise<void>;
}

export interface Connection {
  readonly pid: number | undefined;
  readonly peer: RpcPeer;
  /** Never rejects; settles when nothing of the process is left. */
  readonly over: Promise<ProcessResult>;
  isOver(): boolean;
  end(reason: string): Promise<ProcessResult>;
}

/** Throws only what `request.onProcess` throws; a program that cannot be started is told by `over`. */
export async function openConnection(options: ConnectionOptions): Promise<Connection> {
  const { request, program, secret } = options;
  const write = (line: string): Promise<void> => {
    const shown = secret === null ? line : line.replaceAll(secret, '***');
    request.onLine('input', shown.trimEnd());
    return launched.write(line);
  };
  const peer = createRpcPeer({ write, timeoutMs: request.readTimeoutMs });

  const takeLine = (line: string): void | Promise<void> => {
    request.onLine('stdout', line);
    const message = readJsonLine(line);
    if (message === null || message === 'malformed') return options.take(line);
    const id = requestId(message);
    if (id !== null) return answer(id, message);
    const taken = options.take(message);
    // Whoever waits for an answer finds that the session knows it already.
    peer.take(message);
    return taken;
  };
  const answer = async (id: string | number, message: JsonObject): Promise<void> => {
    await peer.answer(id, judgeRequest(message, options.grantsAll).answer);
    await options.take(message);
  };

  const launched = launchProcess({
    file: program.file,
    args: [...program.args, ...SERVER_ARGS, ...options.args],
    cwd: request.workspacePath,
    env: options.env,
    mark: request.runId,
    stdin: { open: true },
    onStdoutLine: takeLine,
    onStderrLine: (line) => request.onLine('stderr', line),
    graceMs: request.stopGraceMs,
    ending: {
      async interrupt() {
        await options.interrupt();
        launched.closeInput();
      },
      cleanSignal: 'SIGINT',
    },
  });
  let isOver = false;
  const over = launched.result.then((result) => {
    isOver = true;
    peer.close(judgeEarlyEnd(result));
    return result;
  });
  const end = async (reason: string): Promise<ProcessResult> => {
    await launched.end(reason);
    return over;
  };
  await noteStart(launched, request);
  return { pid: launched.pid, peer, over, isOver: () => isOver, end };
}

/** The program ended before it had answered. */
function judgeEarlyEnd(result: ProcessResult): AgentError {
  const facts = { exitCode: result.exitCode, stderrTail: result.stderrText.slice(-4000) };
  if (/unrecognized subcommand|unexpected argument/.test(result.stderrText)) {
    const detail = `this Codex has no such app-server; install a newer one (${INSTALL})`;
    return new AgentError('agent_config_error', detail, facts);
  }
  const failure = judgeOutput(result, null, { install: INSTALL });
  if (failure !== null && failure.kind !== 'turn_failed') return failure;
  const detail = `codex app-server ended before it had answered (exit code ${result.exitCode ?? 'unknown'})`;
  return new AgentError('port_exit', detail, { ...facts, reason: 'crash' });
}
