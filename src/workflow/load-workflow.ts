// WORKFLOW.md, the environment, the .env file and flags → one checked Workflow, or everything that is wrong.
// Never throws for what a file or the environment holds, and changes nothing in the world.

import { createHash } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import type { AgentRegistration } from '../contract/agent.ts';
import type { PromptTemplate, Workflow } from '../contract/settings.ts';
import { agentBlockOwner, readBlock } from './adapter-block.ts';
import { checkBudget, checkRates } from './budget-check.ts';
import { buildSettings } from './build-settings.ts';
import {
  checkServer,
  checkStates,
  checkTrackerNeeds,
  findAgent,
  findTracker,
  type CrossCheckContext,
} from './cross-checks.ts';
import { effectiveSettings } from './effective-settings.ts';
import { readEnvFile, type EnvFile } from './env-file.ts';
import { withForeignTracker } from './foreign-tracker.ts';
import { splitFence, type FencedFile } from './fence.ts';
import { parseFrontMatter, type FrontMatter } from './front-matter.ts';
import type { AgentCommand, LoadFailureKind, LoadOptions, LoadResult } from './load-options.ts';
import { checkNotifications } from './notification-check.ts';
import { ProblemList } from './problem-list.ts';
import { FileReadError, readTextFile } from './read-file.ts';
import { readSettings, type ReadContext } from './read-settings.ts';
import { createTemplate } from './template.ts';
import { checkTools } from './tool-check.ts';
import { checkUsers } from './user-check.ts';
import { Variables } from './variables.ts';
import { WorkflowError, type WorkflowErrorKind } from './workflow-error.ts';

export async function loadWorkflow(options: LoadOptions): Promise<LoadResult> {
  const path = resolve(options.path);
  const failed = new Failure();
  const envFile = await readEnvFile(options.envFile ?? options.env['SORTIE_ENV_FILE']);
  failed.problems.add(envFile.problems);
  const file = await readFenced(path, failed);
  if (file === null) return failed.result(null);
  const contentHash = hashOf(file.hash, envFile);
  if (file.fenced === null) return failed.result(contentHash);
  const parsed = parseFrontMatter(path, file.fenced.yaml);
  if (!parsed.ok) {
    for (const error of parsed.errors) failed.add('workflow_front_matter', error);
    checkPrompt(file.fenced.prompt, failed);
    return failed.result(contentHash);
  }
  return assemble(options, {
    path,
    contentHash,
    envFile,
    fenced: file.fenced,
    frontMatter: parsed.frontMatter,
    failed,
  });
}

interface Sources {
  readonly path: string;
  readonly contentHash: string;
  readonly envFile: EnvFile;
  readonly fenced: FencedFile;
  readonly frontMatter: FrontMatter;
  readonly failed: Failure;
}

async function assemble(options: LoadOptions, sources: Sources): Promise<LoadResult> {
  const { path, frontMatter, failed, contentHash } = sources;
  const { problems } = failed;
  const directory = dirname(path);
  const variables = new Variables(options.env, sources.envFile, options.secretsMayLack);
  const given = { frontMatter, variables, overrides: options.overrides ?? {}, problems, directory };
  const found = await withForeignTracker(options, given);
  const trackers = found ?? options.trackers;
  const kinds = [...trackers, ...options.agents].map(({ kind }) => kind);
  const reading: ReadContext = { ...given, blockNames: new Set(kinds) };
  const read = readSettings(reading);
  const checking: CrossCheckContext = {
    ...read,
    path,
    hasFrontMatter: sources.fenced.yaml !== null,
    problems,
  };
  const tracker = found && findTracker(found, checking);
  const agent = findAgent(options.agents, checking);
  if (tracker) checkTrackerNeeds(tracker, checking);
  const states = {
    active: read.values.tracker.active_states ?? tracker?.defaultActiveStates ?? [],
    terminal: read.values.tracker.terminal_states ?? tracker?.defaultTerminalStates ?? [],
  };
  // Without an adapter its default states are not known, and nothing can be said about others.
  if (tracker) checkStates(states, checking);
  checkServer(checking);
  checkNotifications(checking);
  checkUsers(checking, frontMatter);
  checkTools(checking, { frontMatter, agentKinds: options.agents.map(({ kind }) => kind), agent });
  checkRates(
    options.agents.map(({ kind }) => kind),
    frontMatter,
    checking,
  );
  const trackerBlock = tracker && readBlock(tracker, true, reading);
  const agentBlock = agent && readBlock(agentBlockOwner(agent), true, reading);
  for (const owner of [...trackers, ...options.agents.map(agentBlockOwner)]) {
    if (owner.kind !== tracker?.kind && owner.kind !== agent?.kind) readBlock(owner, false, reading);
  }
  if (agent) checkBudget(agent, checking);
  checkPrompt(sources.fenced.prompt, failed);
  if (problems.hasErrors || !tracker || !agent || !trackerBlock || !agentBlock) {
    return failed.result(contentHash, agent && agentCommandIn(agent, agentBlock, checking, variables));
  }
  const settings = buildSettings({
    values: read.values,
    states,
    trackerBlock,
    agentBlock,
    portAsked: read.given.has('server.port'),
    directory,
    temporaryFolder: variables.get('TMPDIR')?.value ?? null,
  });
  const workflow: Workflow = {
    path,
    settings,
    prompt: sources.fenced.prompt,
    secretEnvNames: [...variables.secretNames],
    secretValues: [...variables.secretValues],
    contentHash,
    warnings: problems.warnings,
    effective: effectiveSettings({
      read,
      settings,
      defaultCommand: agent.defaultCommand,
      blocks: [
        { owner: tracker, block: trackerBlock },
        { owner: agentBlockOwner(agent), block: agentBlock },
      ],
      frontMatter,
      secrets: variables.secretValues,
    }),
  };
  return { ok: true, workflow, tracker, agent };
}

/** null = a command that was refused: what would be looked for instead is not what was meant. */
function agentCommandIn(
  registration: AgentRegistration,
  block: AgentCommand['block'],
  { values, invalid, path }: CrossCheckContext,
  { secretNames }: Variables,
): AgentCommand | null {
  const { command: asked, env } = values.agent;
  const command = asked || registration.defaultCommand;
  if (command === '' || invalid.has('agent.command')) return null;
  return { path, registration, command, env, block, secretEnvNames: [...secretNames] };
}

/** The problems so far, and the kind of the first error. */
class Failure {
  readonly problems = new ProblemList();
  #kind: LoadFailureKind | null = null;

  add(check: string, error: WorkflowError): void {
    this.#kind ??= this.problems.hasErrors ? 'workflow_settings_error' : error.kind;
    this.problems.error(check, error.message);
  }

  result(contentHash: string | null, agentCommand: AgentCommand | null = null): LoadResult {
    const kind = this.#kind ?? 'workflow_settings_error';
    return { ok: false, kind, problems: this.problems.all, contentHash, agentCommand };
  }
}

async function readFenced(
  path: string,
  failed: Failure,
): Promise<{ readonly hash: string; readonly fenced: FencedFile | null } | null> {
  let hash: string | null = null;
  try {
    const read = await readTextFile(path);
    hash = read.hash;
    return { hash, fenced: splitFence(path, read.text) };
  } catch (error) {
    if (error instanceof WorkflowError) failed.add('workflow_front_matter', error);
    else if (error instanceof FileReadError) {
      hash = error.hash;
      const kind: WorkflowErrorKind =
        error.reason === 'not_text' ? 'workflow_parse_error' : 'missing_workflow_file';
      failed.add('workflow_load', new WorkflowError(kind, { path, line: error.line }, error.message, error));
    } else throw error;
    return hash === null ? null : { hash, fenced: null };
  }
}

function checkPrompt(prompt: PromptTemplate, failed: Failure): void {
  if (prompt.source === '') {
    const text = 'the prompt is empty; write below the front matter what the agent should do';
    failed.add('template_render', new WorkflowError('template_render_error', { path: prompt.path }, text));
    return;
  }
  try {
    for (const error of createTemplate(prompt).check()) failed.add(checkName(error.kind), error);
  } catch (error) {
    if (!(error instanceof WorkflowError)) throw error;
    failed.add(checkName(error.kind), error);
  }
}

export function checkName(kind: WorkflowErrorKind): string {
  return kind === 'template_parse_error' ? 'template_parse' : 'template_render';
}

function hashOf(fileHash: string, envFile: EnvFile): string {
  return createHash('sha256').update(`${fileHash}\0${envFile.hash}`).digest('hex');
}
