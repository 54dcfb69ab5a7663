// One attempt at one issue, from the first tracker write to the last hook. The steps are the contract's, in its
// order; whatever happens in them, `finish` ends the agent, runs `after_run` and removes private files before
// the run is said to be over. Never rejects. It reports facts; what follows from the exit is the core's.

import { AgentError } from '../contract/agent.ts';
import type { RunExit, RunHandler } from '../contract/run.ts';
import { prepareWorkspace, readStatus, removeTree, resetStatusFolder } from '../workspace/index.ts';
import {
  announceSession,
  closeSession,
  findAgent,
  openSession,
  privateDirectoryOf,
  runTurn,
} from './agent-session.ts';
import type { OpenSession } from './agent-session.ts';
import { announceDispatch } from './announce-dispatch.ts';
import type { WorkerDependencies } from './dependencies.ts';
import { lookAfterTurn } from './look-after-turn.ts';
import { buildPrompt } from './prompt-text.ts';
import { createRunContext } from './run-context.ts';
import type { RunContext } from './run-context.ts';
import { runAfterRun, runRequiredHook } from './run-hooks.ts';
import { cancelReason, exitOf, messageOf } from './run-problem.ts';

/** What has been opened so far and has to be ended. */
interface Held {
  workspacePath: string | null;
  session: OpenSession | null;
}

/** The worker's side of the executor port. */
export function createRunHandler(dependencies: WorkerDependencies): RunHandler {
  return async (spec, report, signal) => {
    const run = createRunContext(spec, report, signal, dependencies);
    const held: Held = { workspacePath: null, session: null };
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
  let issue = await announceDispatch(run);
  const workspacePath = await openWorkspace(run, held);
  for (let turn = 1; ; turn += 1) {
    await run.enter('building_prompt');
    signal.throwIfAborted();
    const prompt = await buildPrompt(run, issue, turn);
    signal.throwIfAborted();
    if (held.session === null) {
      held.session = await openSession(run, agent, workspacePath);
      await announceSession(run, held.session);
    }
    await runTurn(run, held.session, prompt, turn);
    const status = await readStatusOf(run, workspacePath);
    signal.throwIfAborted();
    if (status === 'blocked') return { kind: 'normal', end: 'status_blocked', state: issue.state };
    if (status === 'needs-human-review') {
      return { kind: 'normal', end: 'status_needs_human_review', state: issue.state };
    }
    const look = await lookAfterTurn(run, issue);
    if (look.kind === 'end') return { kind: 'normal', end: look.end, state: look.state };
    issue = look.issue;
    if (turn >= spec.settings.agent.maxTurns) {
      return { kind: 'normal', end: 'turns_used_up', state: issue.state };
    }
  }
}

/** Steps 2 and 3. `.sortie` is written after the scripts: `git clone … .` wants an empty folder. */
async function openWorkspace(run: RunContext, held: Held): Promise<string> {
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
  await runRequiredHook(run, 'before_run', path);
  await resetStatusFolder(path);
  return path;
}

async function readStatusOf(run: RunContext, workspacePath: string): Promise<string> {
  const { status, warning } = await readStatus(workspacePath);
  if (warning !== null) await run.warn('status file ignored', warning);
  return status;
}

/** Never rejects: each part is tried whatever became of the others. */
async function finish(run: RunContext, held: Held): Promise<void> {
  await quietly(run.enter('finishing'));
  if (held.session !== null) await quietly(closeSession(run, held.session));
  if (held.workspacePath !== null) await quietly(runAfterRun(run, held.workspacePath));
  await removeTree(privateDirectoryOf(run)).catch((error: unknown) =>
    quietly(run.warn('private files not removed', messageOf(error))),
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
