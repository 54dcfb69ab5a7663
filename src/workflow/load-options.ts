// What a load is asked for and what it answers. Everything that a load depends on is an argument: the
// environment is handed in, nothing is read from `process`, so that a test or a second workflow in the
// same process sees exactly its own.

import type { AgentRegistration } from '../contract/agent.ts';
import type { Workflow, WorkflowProblem } from '../contract/settings.ts';
import type { TrackerRegistration } from '../contract/tracker.ts';
import type { WorkflowErrorKind } from './workflow-error.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Command-line flags; they win over everything. Text is taken as typed and checked like any value. */
export interface SettingsOverrides {
  readonly port?: number | string | undefined;
  readonly host?: string | undefined;
  readonly logLevel?: string | undefined;
  readonly logFormat?: string | undefined;
}

export interface LoadOptions {
  /** Relative to the current folder, or absolute. */
  readonly path: string;
  /** Usually `process.env`; only read. */
  readonly env: Environment;
  /** `--env-file`; absent means `SORTIE_ENV_FILE` of `env`, and when that is not set none. */
  readonly envFile?: string | undefined;
  readonly overrides?: SettingsOverrides | undefined;
  /** For who only looks at what is on the disk: something else stands for secrets of variables that are not set. */
  readonly secretsMayLack?: boolean | undefined;
  readonly trackers: readonly TrackerRegistration[];
  readonly agents: readonly AgentRegistration[];
  /**
   * Loads the module that `tracker.adapter` names (a path relative to `directory`, or a package) and refuses
   * one for another `tracker.kind` than `kind`, where that is set. What it throws becomes a `tracker_adapter` problem. Absent: a workflow that sets the key is refused.
   */
  readonly loadTracker?:
    ((adapter: string, directory: string, kind?: string) => Promise<TrackerRegistration>) | undefined;
}

/** `workflow_settings_error`: the file was read and parsed, but a setting or the environment is wrong. */
export type LoadFailureKind = WorkflowErrorKind | 'workflow_settings_error';

/** What it takes to look for the agent's program. */
export interface AgentCommand {
  /** Absolute path of WORKFLOW.md, for messages. */
  readonly path: string;
  readonly registration: AgentRegistration;
  /** `agent.command`, or the adapter's default. */
  readonly command: string;
  /** `agent.env`. */
  readonly env: Readonly<Record<string, string>>;
  /** The checked block of the adapter; null = it is wrong. */
  readonly block: Readonly<Record<string, unknown>> | null;
  /** Kept from the agent. */
  readonly secretEnvNames: readonly string[];
}

export type LoadResult =
  | {
      readonly ok: true;
      readonly workflow: Workflow;
      /** The tracker's registration: one of `trackers`, or what `loadTracker` gave. */
      readonly tracker: TrackerRegistration;
      readonly agent: AgentRegistration;
    }
  | {
      readonly ok: false;
      /** That of the first problem. */
      readonly kind: LoadFailureKind;
      /** Every error, then every warning; never empty. */
      readonly problems: readonly WorkflowProblem[];
      /** Of what was read; null when the file could not be read. Lets a caller report a bad load once. */
      readonly contentHash: string | null;
      /** null when it is not known which agent is meant, or how it is started. */
      readonly agentCommand: AgentCommand | null;
    };
