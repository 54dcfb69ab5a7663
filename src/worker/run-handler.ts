// One attempt at one issue, from the first tracker write to the last hook. The steps are the contract's, in its
// order; whatever happens in them, `finish` ends the agent, runs `after_run` and removes private files before
// the run is said to be over. Never rejects. It reports facts; what follows from the exit is the core's.

import { AgentError } from '../contract/agent.ts';
import type { NormalEnd, RunExit, RunHandler } from '../contract/run.ts';
import type { TranscriptWriter } from '../contract/transcript.ts';
import { prepareWorkspace, readStatus, resetStatusFolder } from '../workspace/index.ts';
import type { AgentStatus } from '../workspace/index.ts';
import { findAgent } from './agent-session.ts';
import { announceDispatch } from './announce-dispatch.ts';
import { createConversation } from './conversation.ts';
import type { Conversation } from './conversation.ts';
import type { WorkerDependencies } from './dependencies.ts';
import { lookAtWork } from './look-for-evidence.ts';
import type { EvidenceLook } from './look-for-evidence.ts';
import { lookAfterTurn } from './look-after-turn.ts';
import { createRunContext } from './run-context.ts';
import type { RunContext } from './run-context.ts';
import { runAfterRun, runRequiredHook } from './run-hooks.ts';
import { cancelReason, exitOf, messageOf } from './run-problem.ts';
import { settleAfterAbort } from './time-limit.ts';

/** What waits is at most a few MiB. */
const TRANSCRIPT_LIMIT_MS = 10_000;

/** What has been opened so far and has to be ended. */
interface Held {
  workspacePath: string | null;
  transcript: TranscriptWriter | null;
  conversation: Conversation | null;
  look: EvidenceLook | null;
}

/** The worker's side of the executor port. */
export function createRunHandler(dependencies: WorkerDependencies): RunHandler {
  return async (spec, report, signal) => {
    const run = createRunContext(spec, report, signal, dependencies);
    const held: Held = { workspacePath: null, transcript: null, conversation: null, look: null };
    let exit: RunExit;
    try {
      exit = await attempt(run, held);
    } catch (error) {
      await showStderr(run, error);
      exit = exitOf(error, signal);
    }
    await finish(run, held);
    run.close();
    // A run that ended by itself keeps its end when an abort comes late; a lost one has nothing to say.
    return cancelReason(signal) === 'lost' ? { kind: 'cancelled', reason: 'lost' } : exit;
  };
}

async function attempt(run: RunContext, held: Held): Promise<RunExit> {
  const { spec, signal } = run;
  signal.throwIfAborted();
  const agent = findAgent(run);
  const { runId, agentKind, attempt } = spec;
  const { id: issueId, identifier: issueIdentifier } = spec.issue;
  held.transcript = run.dependencies.transcripts.open({
    runId,
    issueId,
    issueIdentifier,
    agentKind,
    attempt,
  });
  let issue = await announceDispatch(run);
  const { workspacePath, look } = await openWorkspace(run, held);
  await look.begin();
  const { transcript } = held;
  const conversation = createConversation(run, { agent, workspacePath, transcript });
  held.conversation = conversation;

  const normalExit = async (end: NormalEnd, state: string | null, declared: boolean): Promise<RunExit> => {
    const toolWrites = conversation.toolWrites();
    const evidence = await look.judge({ end, toolWrites, declared });
    return { kind: 'normal', end, state, evidence };
  };
  for (let turn = 1; ; turn += 1) {
    await conversation.take(turn, issue);
    const status = await readStatusOf(run, workspacePath);
    signal.throwIfAborted();
    if (status === 'blocked') return normalExit('status_blocked', issue.state, false);
    if (status === 'needs-human-review') return normalExit('status_needs_human_review', issue.state, false);
    const declared = status === 'no-change-needed';
    const seen = await lookAfterTurn(run, issue);
    if (seen.kind === 'end') return normalExit(seen.end, seen.state, declared);
    issue = seen.issue;
    // Who says that nothing is to be done has nothing to do in another turn either.
    if (declared || turn >= spec.settings.agent.maxTurns) {
      return normalExit('turns_used_up', issue.state, declared);
    }
  }
}

/** Steps 2 and 3. `.sortie` is written after the scripts: `git clone … .` wants an empty folder. */
async function openWorkspace(
  run: RunContext,
  held: Held,
): Promise<{ workspacePath: string; look: EvidenceLook }> {
  const { issue, recordedWorkspacePath, settings } = run.spec;
  await run.enter('preparing_workspace');
  run.signal.throwIfAborted();
  const { path, created } = await prepareWorkspace({
    root: settings.workspaceRoot,
    identifier: issue.identifier,
    issueId: issue.id,
    recordedPath: recordedWorkspacePath,
    onCreated: (made) => runRequiredHook(run, 'after_create', made),
  });
  held.workspacePath = path;
  await run.emit({ kind: 'workspace_ready', path, created });
  const look = await lookAtWork(run, path, created);
  held.look = look;
  await runRequiredHook(run, 'before_run', path);
  await resetStatusFolder(path);
  return { workspacePath: path, look };
}

async function readStatusOf(run: RunContext, workspacePath: string): Promise<AgentStatus> {
  const { status, warning } = await readStatus(workspacePath);
  if (warning !== null) await run.warn('status file ignored', warning);
  return status;
}

/** Never rejects: each part is tried whatever became of the others. */
async function finish(run: RunContext, held: Held): Promise<void> {
  await quietly(run.enter('finishing'));
  if (held.conversation !== null) await quietly(held.conversation.close());
  if (held.transcript !== null) await quietly(closeTranscript(run, held.transcript));
  if (held.look !== null) await quietly(held.look.end(held.conversation?.toolWrites() ?? 0));
  if (held.workspacePath !== null) await quietly(runAfterRun(run, held.workspacePath));
}

/** A disk that hangs costs the transcript its end, not the issue its slot. */
async function closeTranscript(run: RunContext, transcript: TranscriptWriter): Promise<void> {
  const limit = { clock: run.dependencies.clock, limitMs: TRANSCRIPT_LIMIT_MS, what: 'the transcript' };
  await settleAfterAbort(transcript.close(), AbortSignal.abort(), limit).catch((error: unknown) =>
    run.warn('transcript not ended', messageOf(error)),
  );
}

async function showStderr(run: RunContext, error: unknown): Promise<void> {
  if (!(error instanceof AgentError) || error.stderrTail.trim() === '' || run.signal.aborted) return;
  await quietly(run.warn('agent failed', error.stderrTail.trim()));
}

/** The only thing that fails here is reporting, and nobody is left to tell that to. */
async function quietly(work: Promise<void>): Promise<void> {
  await work.catch(() => undefined);
}
