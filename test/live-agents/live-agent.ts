// The real agents: how each is pointed at the scripted model by its own configuration and environment, what it offers,
// and what it does not. Whoever adds an agent adds an entry; the checks are the same for all.

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';

/** Where the model is and whose HOME is being furnished. */
export interface LivePlace {
  readonly url: string;
  readonly home: string;
}

export interface LiveAgent {
  /** Of the adapter. */
  readonly kind: string;
  /** What is looked for on PATH. */
  readonly program: string;
  readonly install: string;
  /** `agent.command`; absent = the adapter's own. */
  readonly command?: string;
  /** The adapter's block, as a user would write it. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** The daemon's own environment: what reaches the agent is up to the adapter's `passEnv`. */
  env(place: LivePlace): Readonly<Record<string, string>>;
  /** `agent.pass_env` of WORKFLOW.md. */
  readonly passEnv?: readonly string[];
  /** `agent.env` of WORKFLOW.md. */
  readonly agentEnv?: Readonly<Record<string, string>>;
  furnish?(place: LivePlace): Promise<void>;
  /** Settings under which `[[scenario:loop]]` ends by the agent's own turn limit; or why there is none. */
  readonly turnLimit: { readonly settings: Readonly<Record<string, unknown>> } | { readonly why: string };
  /** Totals of finished turns are exact; otherwise why they cannot be. */
  readonly inexactUsage?: string;
  /** Checks, by name, that this agent cannot pass, and why. */
  readonly skips?: Readonly<Partial<Record<LiveCheck, string>>>;
}

export type LiveCheck =
  'resume' | '401' | '429' | '500' | 'cancel in the stream' | 'cancel in a tool' | 'daemon';

const MODEL = 'scripted-model';

async function put(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
}

const opencodeConfig = (url: string): string =>
  JSON.stringify({
    autoupdate: false,
    share: 'disabled',
    model: `scripted/${MODEL}`,
    small_model: `scripted/${MODEL}`,
    provider: {
      scripted: {
        npm: '@ai-sdk/openai-compatible',
        name: 'scripted',
        options: { baseURL: `${url}/v1`, apiKey: 'fake' },
        models: {
          [MODEL]: {
            name: MODEL,
            tool_call: true,
            limit: { context: 128_000, output: 4_096 },
            cost: { input: 1, output: 2, cache_read: 0.1 },
          },
        },
      },
    },
  });

const opencode = {
  program: 'opencode',
  install: 'npm install -g opencode-ai',
  env: () => ({
    OPENCODE_DISABLE_AUTOUPDATE: '1',
    OPENCODE_DISABLE_MODELS_FETCH: '1',
    OPENCODE_DISABLE_LSP_DOWNLOAD: '1',
  }),
  furnish: ({ url, home }: LivePlace) =>
    put(join(home, '.config', 'opencode', 'opencode.json'), opencodeConfig(url)),
};

const gemini = {
  program: 'gemini',
  install: 'npm install -g @google/gemini-cli',
  env: ({ url }: LivePlace) => ({ GEMINI_API_KEY: 'fake', GOOGLE_GEMINI_BASE_URL: url }),
  furnish: ({ home }: LivePlace) =>
    put(
      join(home, '.gemini', 'settings.json'),
      JSON.stringify({
        security: { auth: { selectedType: 'gemini-api-key' }, folderTrust: { enabled: false } },
        privacy: { usageStatisticsEnabled: false },
        general: { enableAutoUpdate: false },
      }),
    ),
};

const GEMINI_500 = 'the CLI goes on trying for more than 100 s and says so on stderr only';

export const liveAgents: Readonly<Record<string, LiveAgent>> = {
  'claude-code': {
    kind: 'claude-code',
    program: 'claude',
    install: 'npm install -g @anthropic-ai/claude-code',
    settings: { permission_mode: 'bypassPermissions' },
    env: ({ url }) => ({ ANTHROPIC_BASE_URL: url, ANTHROPIC_API_KEY: 'fake', CLAUDE_CODE_MAX_RETRIES: '0' }),
    // Root is refused the bypass of permissions otherwise.
    agentEnv: { IS_SANDBOX: '1' },
    turnLimit: { settings: { max_turns: 2 } },
  },
  codex: {
    kind: 'codex',
    program: 'codex',
    install: 'npm install -g @openai/codex',
    // The sandbox of Codex needs what not every machine has; the container is ours.
    settings: { thread_sandbox: 'danger-full-access' },
    env: () => ({ OPENAI_API_KEY: 'fake' }),
    furnish: ({ url, home }) =>
      put(
        join(home, '.codex', 'config.toml'),
        `model = "${MODEL}"
model_provider = "scripted"
check_for_update_on_startup = false
[analytics]
enabled = false
[features]
plugins = false
[model_providers.scripted]
name = "scripted"
base_url = "${url}/v1"
wire_api = "responses"
env_key = "OPENAI_API_KEY"
request_max_retries = 0
stream_max_retries = 0
`,
      ),
    turnLimit: { why: 'Codex has no turn limit' },
  },
  opencode: {
    ...opencode,
    kind: 'opencode',
    settings: { model: `scripted/${MODEL}` },
    turnLimit: { why: "opencode's limit of steps is only advice to the model" },
  },
  'copilot-cli': {
    kind: 'copilot-cli',
    program: 'copilot',
    install: 'npm install -g @github/copilot',
    settings: {},
    env: ({ url }) => ({
      COPILOT_OFFLINE: 'true',
      COPILOT_PROVIDER_BASE_URL: `${url}/v1`,
      COPILOT_PROVIDER_TYPE: 'openai',
      COPILOT_PROVIDER_API_KEY: 'fake',
      COPILOT_MODEL: MODEL,
    }),
    turnLimit: { why: 'Copilot limits continuations of its autopilot, not the turns of one' },
  },
  'gemini-cli': {
    ...gemini,
    kind: 'gemini-cli',
    settings: { model: 'gemini-2.5-flash' },
    turnLimit: { settings: { max_session_turns: 2 } },
    skips: { '500': GEMINI_500 },
  },
  'acp-opencode': {
    ...opencode,
    kind: 'acp',
    command: 'opencode acp',
    passEnv: ['OPENCODE_*'],
    settings: {},
    turnLimit: { why: 'ACP has none that a client could set' },
    inexactUsage: 'opencode tells over ACP what the last model call of a turn used',
  },
  'acp-gemini': {
    ...gemini,
    kind: 'acp',
    // Left alone, it asks a model which model to ask.
    command: 'gemini --acp -m gemini-2.5-flash',
    passEnv: ['GEMINI_*', 'GOOGLE_*'],
    settings: {},
    turnLimit: { why: 'ACP has none that a client could set' },
    inexactUsage: 'gemini tells over ACP neither what came from the cache nor its reasoning',
    skips: {
      resume: 'gemini loses a session that is loaded within its first minute (gemini-cli#28775)',
      '500': GEMINI_500,
    },
  },
};
