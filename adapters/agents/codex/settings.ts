// The block `codex:` of WORKFLOW.md. Names are those that such workflows already carry; what Codex itself spells with
// a dash may be spelt so here too. A value under which Codex would wait for a person is refused: nobody is there.

import { z } from 'zod';

/** What Codex calls its sandboxes on the command line and in `thread/start`. */
export type SandboxMode = 'read-only' | 'workspace-write' | 'danger-full-access';

const SANDBOXES = {
  readOnly: 'read-only',
  'read-only': 'read-only',
  workspaceWrite: 'workspace-write',
  'workspace-write': 'workspace-write',
  dangerFullAccess: 'danger-full-access',
  'danger-full-access': 'danger-full-access',
} as const satisfies Readonly<Record<string, SandboxMode>>;

const sandbox = z.enum(Object.keys(SANDBOXES) as [keyof typeof SANDBOXES]);
const modelName = z.string().regex(/^[\x21-\x7e]{1,200}$/, 'must be the name of a model, without spaces');
const folder = z
  .string()
  .min(1)
  .max(4096)
  .refine(
    (path) => !path.includes('\0') && !path.startsWith('~'),
    'must be absolute, or relative to the workspace',
  );

const turnPolicy = z.object({
  type: sandbox.describe('another sandbox than thread_sandbox').optional(),
  networkAccess: z.boolean().describe('tools may use the network').optional(),
  writableRoots: z
    .array(folder)
    .max(100)
    .describe('folders to write to beside the workspace; `.git` is the one of the workspace')
    .optional(),
  excludeSlashTmp: z.boolean().describe('/tmp cannot be written to (true)').optional(),
  excludeTmpdirEnvVar: z.boolean().describe("the run's own TMPDIR cannot be written to (false)").optional(),
});

export const codexSettings = z.object({
  model: modelName.describe('model; default: what the Codex configuration says').optional(),
  effort: z
    .string()
    .regex(/^[a-z]{1,20}$/, 'must be a reasoning effort such as low, medium or high')
    .describe('reasoning effort: low, medium, high, or what else the model knows')
    .optional(),
  approval_policy: z
    .string()
    .refine((policy) => policy === 'never', {
      message:
        'must be "never": under any other policy Codex asks a person, and nobody is there; say with thread_sandbox and turn_sandbox_policy what it may do',
    })
    .describe('only `never`')
    .default('never'),
  thread_sandbox: sandbox.describe('what tools may do').default('workspaceWrite'),
  turn_sandbox_policy: turnPolicy.describe('exceptions from the sandbox').optional(),
  personality: z
    .enum(['none', 'friendly', 'pragmatic'])
    .describe('passed on to Codex, where newer versions ignore it')
    .optional(),
  skip_git_repo_check: z
    .boolean()
    .describe('accepted, without effect: the app-server never checks')
    .default(false),
  trust_workspace: z
    .boolean()
    .describe("read the repository's AGENTS.md and .codex/ configuration")
    .default(true),
});

/** The checked block, with Codex' own names for the sandboxes. */
export interface CodexSettings {
  readonly model: string | null;
  readonly effort: string | null;
  readonly personality: string | null;
  readonly sandbox: SandboxMode;
  /** null = nothing but the thread's sandbox. */
  readonly turnPolicy: TurnPolicy | null;
  readonly trustWorkspace: boolean;
}

export interface TurnPolicy {
  readonly sandbox: SandboxMode;
  readonly networkAccess: boolean;
  readonly writableRoots: readonly string[];
  readonly excludeSlashTmp: boolean;
  readonly excludeTmpdirEnvVar: boolean;
}

/** @param block a checked `codex:` block. */
export function readCodexSettings(block: Readonly<Record<string, unknown>>): CodexSettings {
  const parsed = codexSettings.parse(block);
  const policy = parsed.turn_sandbox_policy;
  const thread = SANDBOXES[parsed.thread_sandbox];
  return {
    model: parsed.model ?? null,
    effort: parsed.effort ?? null,
    personality: parsed.personality ?? null,
    sandbox: thread,
    turnPolicy:
      policy === undefined
        ? null
        : {
            sandbox: policy.type === undefined ? thread : SANDBOXES[policy.type],
            networkAccess: policy.networkAccess ?? false,
            writableRoots: policy.writableRoots ?? [],
            excludeSlashTmp: policy.excludeSlashTmp ?? true,
            excludeTmpdirEnvVar: policy.excludeTmpdirEnvVar ?? false,
          },
    trustWorkspace: parsed.trust_workspace,
  };
}

/** What tools may really do in a turn. */
export function effectiveSandbox({ sandbox, turnPolicy }: CodexSettings): SandboxMode {
  return turnPolicy?.sandbox ?? sandbox;
}
