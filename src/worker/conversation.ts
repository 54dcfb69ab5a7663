// What a run says to its agent, turn by turn. The session is opened at the first turn and stays open; one that the
// agent does not know (any more) is replaced once by a fresh one, which gets the whole first prompt because it knows
// nothing. A second loss fails the run. Keeps count of what tools have written, and feeds the transcript.

import type { AgentEvent } from '../contract/agent.ts';
import { AgentError } from '../contract/agent.ts';
import type { RunTools } from '../contract/agent-tools.ts';
import type { Issue } from '../contract/issue.ts';
import type { TranscriptWriter } from '../contract/transcript.ts';
import { announceSession, closeSession, openSession, runTurn } from './agent-session.ts';
import type { OpenSession } from './agent-session.ts';
import type { WorkerAgent } from './dependencies.ts';
import { buildPrompt } from './prompt-text.ts';
import type { RunContext } from './run-context.ts';
import { makeRunFolders } from './run-folders.ts';
import type { RunFolders } from './run-folders.ts';
import { openTools } from './run-tools.ts';

export interface ConversationParts {
  readonly agent: WorkerAgent;
  readonly workspacePath: string;
  readonly transcript: TranscriptWriter;
}

export interface Conversation {
  /** One turn, from its prompt to its end. Rejects as the adapter does, or with RunProblem. */
  take(turn: number, issue: Issue): Promise<void>;
  /** Ends the session and removes the folders that were the run's own. Never rejects. */
  close(): Promise<void>;
  /** Successful calls of tools that write, so far. */
  toolWrites(): number;
}

export function createConversation(run: RunContext, parts: ConversationParts): Conversation {
  const { spec, signal } = run;
  let folders: RunFolders | null = null;
  let session: OpenSession | null = null;
  /** null = not opened yet, or there are none. */
  let tools: RunTools | null = null;
  let resume = { resumeSessionId: spec.resumeSessionId, sessionUsage: spec.sessionUsage };
  let lostBefore = false;
  let currentTurn = 0;
  let toolWrites = 0;

  function onEvent(event: AgentEvent): Promise<void> {
    if (event.kind === 'tool_result' && event.ok && event.writes === true) toolWrites += 1;
    return run.emit({ kind: 'agent_event', event });
  }

  /** What the first prompt must know of: it names the tools. */
  async function prepare(): Promise<RunFolders> {
    if (folders !== null) return folders;
    folders = await makeRunFolders(run);
    tools = await openTools(run, parts.agent, folders);
    return folders;
  }

  async function open(): Promise<OpenSession> {
    await run.enter('launching_agent');
    const made = await prepare();
    session = await openSession(run, parts.agent, {
      workspacePath: parts.workspacePath,
      folders: made,
      tools: tools?.server ?? null,
      ...resume,
      onLine: (stream, line) => parts.transcript.write(currentTurn, stream, line),
    });
    await announceSession(run, session);
    return session;
  }

  async function say(prompt: string, turn: number): Promise<void> {
    signal.throwIfAborted();
    const opened = session ?? (await open());
    currentTurn = turn;
    parts.transcript.prompt(turn, prompt);
    await runTurn(run, opened, { prompt, turn }, onEvent);
  }

  async function forget(): Promise<void> {
    lostBefore = true;
    const lost = session;
    session = null;
    const sessionId = lost?.session.sessionId ?? resume.resumeSessionId ?? '';
    resume = { resumeSessionId: null, sessionUsage: null };
    await run.reported();
    await run.emit({ kind: 'session_lost', sessionId });
    if (lost !== null) await closeSession(run, lost);
  }

  return {
    async take(turn, issue) {
      await run.enter('building_prompt');
      signal.throwIfAborted();
      await prepare();
      const briefing = tools?.briefing ?? '';
      const prompt = await buildPrompt(run, issue, { turn, knowsNothing: turn === 1, briefing });
      try {
        await say(prompt, turn);
        if (turn === 1) await tools?.heard();
        return;
      } catch (error) {
        if (!isSessionUnknown(error) || lostBefore || signal.aborted) throw error;
      }
      await forget();
      await say(await buildPrompt(run, issue, { turn, knowsNothing: true, briefing }), turn);
      await tools?.heard();
    },
    async close() {
      const open = session;
      session = null;
      // First of all: whatever the agent still does, it may ask for nothing more.
      await tools?.close();
      if (open !== null) await closeSession(run, open);
      await folders?.remove();
    },
    toolWrites: () => toolWrites,
  };
}

function isSessionUnknown(error: unknown): boolean {
  return error instanceof AgentError && error.reason === 'session_unknown';
}
