// The effective settings: WORKFLOW.md's front matter after precedence, `$VAR` and defaults. Plain frozen
// data; a reload makes a new object. Who reads them reads the current one at use.

import type { NotificationSettings } from './notification.ts';
import type { ServerUser, ToolSettings } from './tool-policy.ts';

export interface TrackerSettings {
  readonly kind: string;
  /** Module of a third party's adapter; "" when the kind is one of ours. */
  readonly adapter: string;
  readonly endpoint: string;
  readonly project: string;
  readonly apiKey: string;
  readonly queryFilter: string;
  readonly activeStates: readonly string[];
  readonly terminalStates: readonly string[];
  /** "" when absent. */
  readonly handoffState: string;
  readonly inProgressState: string;
  /** Trimmed and lower-cased. */
  readonly requiredLabels: readonly string[];
  /** Put on an issue while it is parked; "" = off. Lower-cased. */
  readonly parkLabel: string;
  /** With so many issues in the handoff state nothing new is dispatched; 0 = no limit. */
  readonly maxInHandoff: number;
  /** What descriptions and comments are given to agents as. */
  readonly richText: 'plain' | 'markdown';
  readonly comments: {
    readonly onDispatch: boolean;
    readonly onCompletion: boolean;
    readonly onFailure: boolean;
    readonly style: 'plain' | 'living';
  };
  /** The block named after the kind, checked by the adapter's schema. */
  readonly block: Readonly<Record<string, unknown>>;
}

export interface HookSettings {
  /** Shell scripts; "" when absent. */
  readonly afterCreate: string;
  readonly beforeRun: string;
  readonly afterRun: string;
  readonly beforeRemove: string;
  readonly timeoutMs: number;
}

/** Limits that stop a running session; 0 = no limit. Tokens = input + output; days are UTC. */
export interface BudgetSettings {
  readonly maxTokensPerRun: number;
  readonly maxTokensPerIssue: number;
  readonly maxTokensPerDay: number;
  readonly maxUsdPerRun: number;
  readonly maxUsdPerIssue: number;
  readonly maxUsdPerDay: number;
}

export type BudgetLimit = keyof BudgetSettings;

/** `observed`: any sign of work, or the agent's `no-change-needed`; `strict`: a commit; `off`: nothing. */
export type EvidenceMode = 'observed' | 'strict' | 'off';

export interface AgentSettings {
  readonly kind: string;
  /** "" = the adapter's default. */
  readonly command: string;
  readonly env: Readonly<Record<string, string>>;
  readonly passEnv: readonly string[];
  readonly maxTurns: number;
  /** 0 = no limit. */
  readonly maxSessions: number;
  readonly maxConcurrentAgents: number;
  /** Keys lower-cased. */
  readonly maxConcurrentAgentsByState: Readonly<Record<string, number>>;
  readonly turnTimeoutMs: number;
  readonly readTimeoutMs: number;
  /** ≤ 0 = no stall check. */
  readonly stallTimeoutMs: number;
  /** A tool that has run for longer is a stall. */
  readonly toolTimeoutMs: number;
  readonly budget: BudgetSettings;
  /** What must be found before finished work is handed off. */
  readonly evidence: EvidenceMode;
  /** Runs in a row without evidence until the issue is parked. */
  readonly maxEmptyRuns: number;
  /** So many issues in a row that fail in the same way pause dispatch; 0 = never. */
  readonly breakerFailures: number;
  readonly stopGraceMs: number;
  readonly maxRetryBackoffMs: number;
  /** The block named after the kind, checked by the adapter's schema. */
  readonly block: Readonly<Record<string, unknown>>;
}

export interface ServerSettings {
  /** 0 = off. */
  readonly port: number;
  /** True when a person asked for this port (front matter, environment or flag). */
  readonly portAsked: boolean;
  readonly host: string;
  /** "" = none. */
  readonly token: string;
  readonly allowedHosts: readonly string[];
  /** Absolute path of a Unix socket that serves the same API to whoever may open it; "" = none. */
  readonly socket: string;
  /** `/metrics` needs the token, too, off loopback. */
  readonly protectMetrics: boolean;
  /** People with tokens of their own; [] = who may reach us is the operator. */
  readonly users: readonly ServerUser[];
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** USD per million tokens; a missing one is not estimated. */
export interface TokenRates {
  readonly inputPerMtok?: number | undefined;
  readonly outputPerMtok?: number | undefined;
  readonly cacheReadPerMtok?: number | undefined;
  /** Absent: tokens that are written to a cache cost what other input costs. */
  readonly cacheWritePerMtok?: number | undefined;
}

export interface Settings {
  readonly tracker: TrackerSettings;
  readonly pollIntervalMs: number;
  /** Absolute. */
  readonly workspaceRoot: string;
  readonly hooks: HookSettings;
  readonly agent: AgentSettings;
  /** Absolute. */
  readonly dbPath: string;
  readonly server: ServerSettings;
  readonly logging: { readonly level: LogLevel; readonly format: 'text' | 'json' };
  /** Keyed by agent kind. */
  readonly tokenRates: Readonly<Record<string, TokenRates>>;
  readonly notifications: readonly NotificationSettings[];
  readonly tools: ToolSettings;
}

/** Where the value in force came from. */
export type SettingSource = 'environment' | 'env_file' | 'front_matter' | 'default' | 'flag';

/** One line of the effective settings, for people. */
export interface EffectiveSetting {
  /** As in WORKFLOW.md, e.g. `tracker.api_key`. */
  readonly key: string;
  /** As YAML would write it on one line; secrets are `***`, or "" when not set. */
  readonly value: string;
  readonly source: SettingSource;
  /** The variable's name, or `WORKFLOW.md:7`; "" with a default. */
  readonly place: string;
}

/** The prompt template as text; parsed where it is rendered, with the place for error messages. */
export interface PromptTemplate {
  readonly source: string;
  /** Absolute path of WORKFLOW.md. */
  readonly path: string;
  /** 1-based line of the file at which `source` starts. */
  readonly firstLine: number;
  /** 1-based column of that line at which `source` starts; absent = 1. */
  readonly firstColumn?: number | undefined;
}

/** A good load of WORKFLOW.md. */
export interface Workflow {
  readonly path: string;
  readonly settings: Settings;
  readonly prompt: PromptTemplate;
  /** Environment names that a secret setting came from: never passed to hooks or agents. */
  readonly secretEnvNames: readonly string[];
  /** The secret values themselves, for redaction of logs and stored text; never shown. */
  readonly secretValues: readonly string[];
  /** SHA-256 of the file's bytes and of the env file, to see changes that raised no event. */
  readonly contentHash: string;
  readonly warnings: readonly WorkflowProblem[];
  /** In the order of the reference; holds no secret. */
  readonly effective: readonly EffectiveSetting[];
}

/** One finding of `sortie validate`, also used at start-up and at reload. */
export interface WorkflowProblem {
  readonly severity: 'error' | 'warning';
  /** e.g. `workflow_load`, `config.tracker.handoff_state`, `template_parse`, `unknown_key`. */
  readonly check: string;
  /** One line: what, where (file:line:column when known), what to do. */
  readonly message: string;
}
