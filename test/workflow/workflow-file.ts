// A real WORKFLOW.md in a folder of its own, removed after each test, and adapters that do nothing but have
// settings. Loads see only the environment that they are given here.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach } from 'vitest';
import { z } from 'zod';
import type { AgentRegistration } from '../../src/contract/agent.ts';
import type { Workflow, WorkflowProblem } from '../../src/contract/settings.ts';
import type { TrackerAdapter, TrackerRegistration } from '../../src/contract/tracker.ts';
import { loadWorkflow, type LoadOptions, type LoadResult } from '../../src/workflow/index.ts';

const folders: string[] = [];

afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

export function newFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'workflow-test-'));
  folders.push(folder);
  return folder;
}

export const tracker: TrackerRegistration = {
  kind: 'file',
  requiresProject: false,
  requiresApiKey: false,
  defaultActiveStates: ['To Do', 'In Progress'],
  defaultTerminalStates: ['Done'],
  settingsSchema: z.strictObject({
    path: z.string().default('issues.json'),
    token: z.string().optional(),
    size: z.int().optional(),
  }),
  pathSettings: ['path'],
  secretSettings: ['token'],
  identity: () => 'file',
  create: () => ({}) as TrackerAdapter,
};

export const cloudTracker: TrackerRegistration = {
  ...tracker,
  kind: 'cloud',
  requiresProject: true,
  requiresApiKey: true,
};

export const agent: AgentRegistration = {
  kind: 'command',
  defaultCommand: '',
  passEnv: [],
  settingsSchema: z.object({ shell: z.string().default('sh') }),
  tools: 'http',
  usage: 'live',
  cost: 'reported',
  checkCommand: async (command) =>
    command === 'missing' ? 'there is no program "missing"; install it' : null,
  create: () => {
    throw new Error('no test starts an agent');
  },
};

export const minimal = 'tracker:\n  kind: file\nagent:\n  kind: command\n  command: my-agent\n';

export interface Fixture {
  readonly yaml?: string;
  readonly body?: string;
  /** Instead of yaml and body. */
  readonly text?: string | Uint8Array;
  readonly env?: Record<string, string | undefined>;
  readonly options?: Partial<LoadOptions>;
}

export function optionsFor(fixture: Fixture): LoadOptions & { readonly folder: string } {
  const folder = newFolder();
  const path = join(folder, 'WORKFLOW.md');
  writeFileSync(path, fixture.text ?? `---\n${fixture.yaml ?? minimal}---\n${fixture.body ?? 'Do it.'}\n`);
  return {
    folder,
    path,
    env: fixture.env ?? {},
    trackers: [tracker, cloudTracker],
    agents: [agent],
    ...fixture.options,
  };
}

export async function load(fixture: Fixture = {}): Promise<LoadResult> {
  return loadWorkflow(optionsFor(fixture));
}

export async function loadGood(fixture: Fixture = {}): Promise<Workflow> {
  const result = await load(fixture);
  if (!result.ok) throw new Error(result.problems.map(({ message }) => message).join('\n'));
  return result.workflow;
}

export async function loadBad(fixture: Fixture): Promise<Extract<LoadResult, { ok: false }>> {
  const result = await load(fixture);
  if (result.ok) throw new Error('the load was expected to fail');
  return result;
}

/** `check message` with the folder cut off. */
export function lines(problems: readonly WorkflowProblem[]): string[] {
  return problems.map(
    ({ check, message }) => `${check} ${message.replaceAll(/\S*\/(?=WORKFLOW\.md|\.env)/g, '')}`,
  );
}
