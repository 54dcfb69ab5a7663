// WORKFLOW.md, the environment, the .env file and flags → one checked Workflow, or everything that is wrong.
// Never throws for what a file or the environment holds, and changes nothing in the world.

import { createHash } from 'node:crypto';
import { dirname, resolve } from 'node:path';
import type { PromptTemplate, Workflow } from '../contract/settings.ts';
import type { TrackerRegistration } from '../contract/tracker.ts';
import { readBlock } from './adapter-block.ts';
import { buildSettings } from './build-settings.ts';
import {
  checkServer,
  checkStates,
  checkTrackerNeeds,
  findAgent,
  findTracker,
  type CrossCheckContext,
} from './cross-checks.ts';
import { readEnvFile, type EnvFile } from './env-file.ts';
import { splitFence, type FencedFile } from './fence.ts';
import { parseFrontMatter, type FrontMatter } from './front-matter.ts';
import type { LoadFailureKind, LoadOptions, LoadResult } from './load-options.ts';
import { isPlainMap, ProblemList } from './problem-list.ts';
import { FileReadError, readTextFile } from './read-file.ts';
import { readSettings, type ReadContext } from './read-settings.ts';
import { createTemplate } from './template.ts';
import { Variables } from './variables.ts';
import { oneLine, showPlace, WorkflowError, type WorkflowErrorKind } from './workflow-error.ts';

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
  const variables = new Variables(options.env, sources.envFile);
  const found = await withForeignTracker(options, sources, variables);
  const trackers = found ?? options.trackers;
  const kinds = [...trackers, ...options.agents].map(({ kind }) => kind);
  const reading: ReadContext = {
    frontMatter,
    variables,
    overrides: options.overrides ?? {},
    problems,
    directory,
    blockNames: new Set(kinds),
  };
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
  const trackerBlock = tracker && readBlock(tracker, true, reading);
  const agentBlock = agent && readBlock(agent, true, reading);
  for (const owner of [...trackers, ...options.agents]) {
    if (owner.kind !== tracker?.kind && owner.kind !== agent?.kind) readBlock(owner, false, reading);
  }
  checkPrompt(sources.fenced.prompt, failed);
  if (problems.hasErrors || !tracker || !agent || !trackerBlock || !agentBlock)
    return failed.result(contentHash);
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
  };
  return { ok: true, workflow, tracker, agent };
}

/** The problems so far, and the kind of the first error. */
class Failure {
  readonly problems = new ProblemList();
  #kind: LoadFailureKind | null = null;

  add(check: string, error: WorkflowError): void {
    this.#kind ??= this.problems.hasErrors ? 'workflow_settings_error' : error.kind;
    this.problems.error(check, error.message);
  }

  result(contentHash: string | null): LoadResult {
    const kind = this.#kind ?? 'workflow_settings_error';
    return { ok: false, kind, problems: this.problems.all, contentHash };
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

/**
 * null = its module does not load, which is reported; then nothing more can be said about the tracker.
 * `tracker.adapter` is needed before anything else is read, because its module says what the block may hold.
 */
async function withForeignTracker(
  { trackers, loadTracker }: LoadOptions,
  { frontMatter, path, failed }: Sources,
  variables: Variables,
): Promise<readonly TrackerRegistration[] | null> {
  const { tracker } = frontMatter.data;
  const written = (name: string): unknown =>
    isPlainMap(tracker) && Object.hasOwn(tracker, name) ? tracker[name] : undefined;
  const override = variables.get('SORTIE_TRACKER_ADAPTER');
  const adapter = override?.value ?? written('adapter');
  const kind = variables.get('SORTIE_TRACKER_KIND')?.value ?? written('kind');
  if (typeof adapter !== 'string' || adapter.trim() === '') return trackers;
  const place = override?.origin ?? showPlace(frontMatter.locate(['tracker', 'adapter']));
  try {
    if (!loadTracker) throw new Error('adapters of others cannot be loaded here; remove the key');
    return [
      ...trackers,
      await loadTracker(adapter.trim(), dirname(path), typeof kind === 'string' ? kind.trim() : undefined),
    ];
  } catch (error) {
    const detail = oneLine(error instanceof Error ? error.message : String(error));
    failed.problems.error('tracker_adapter', `${place}: tracker.adapter: ${detail}`);
    return null;
  }
}

function hashOf(fileHash: string, envFile: EnvFile): string {
  return createHash('sha256').update(`${fileHash}\0${envFile.hash}`).digest('hex');
}
