// The port to an issue tracker. *Adapter*: one tracker kind's implementation. *Capability*: an optional
// interface an adapter may also have (tracker-capabilities.ts); it is asked for by feature, never by kind.
// Methods never return half-filled results: they answer whole or throw a TrackerError.

import type { ZodType } from 'zod';
import type { Comment, Issue } from './issue.ts';

export const TRACKER_ERROR_KINDS = [
  'tracker_transport_error',
  'tracker_auth_error',
  'tracker_api_error',
  'tracker_not_found',
  'tracker_payload_error',
  'tracker_missing_end_cursor',
  'unsupported_tracker_kind',
  'missing_tracker_api_key',
  'missing_tracker_project',
] as const;

/** Closed list; whether a kind is worth a retry is the core's decision, not the adapter's. */
export type TrackerErrorKind = (typeof TRACKER_ERROR_KINDS)[number];

export interface TrackerErrorFacts {
  readonly kind: TrackerErrorKind;
  /** What was asked, e.g. `GET`, or the adapter's method name. */
  readonly method: string;
  /** Where, e.g. a URL path or a file path. */
  readonly path: string;
  /** What is wrong and what to do; one line, no secrets. */
  readonly detail: string;
  /** From a 429 answer: no call to this tracker before this many milliseconds have passed. */
  readonly retryAfterMs?: number | undefined;
  /**
   * Of a write: `no` = surely not applied, `unknown` = it may have been. Absent: `unknown` with
   * `tracker_transport_error`, else `no`.
   */
  readonly applied?: 'no' | 'unknown' | undefined;
  readonly cause?: unknown;
}

/** The only error a tracker adapter throws (besides AbortError when its signal fires). */
export class TrackerError extends Error {
  override readonly name = 'TrackerError';
  readonly kind: TrackerErrorKind;
  readonly retryAfterMs: number | undefined;
  readonly applied: 'no' | 'unknown';

  constructor(facts: TrackerErrorFacts) {
    super(`tracker: ${facts.kind}: ${facts.method} ${facts.path}: ${facts.detail}`, { cause: facts.cause });
    this.kind = facts.kind;
    this.retryAfterMs = facts.retryAfterMs;
    this.applied = facts.applied ?? (facts.kind === 'tracker_transport_error' ? 'unknown' : 'no');
  }
}

export interface TransitionOptions {
  /**
   * The write is refused with `tracker_payload_error` when the issue's current state is not in this list
   * (case-insensitive). Adapters that can compare and write atomically do; others re-read first and
   * document the gap.
   */
  readonly from?: readonly string[] | undefined;
  /** The transition's own name, where several lead to the state; adapters without such names ignore it. */
  readonly transition?: string | undefined;
}

/** The seven methods that every tracker has. All are safe to call concurrently. */
export interface TrackerAdapter {
  /** All issues in active states, in any order; `comments` is null on each. */
  fetchCandidateIssues(signal: AbortSignal): Promise<Issue[]>;
  /** One issue with its comments ([] when it has none). Throws `tracker_not_found` when absent. */
  fetchIssueById(id: string, signal: AbortSignal): Promise<Issue>;
  /** Issues in those states; `[]` in gives `[]` out with no request. */
  fetchIssuesByStates(states: readonly string[], signal: AbortSignal): Promise<Issue[]>;
  /** id → state; unknown ids are left out. */
  fetchIssueStatesByIds(ids: readonly string[], signal: AbortSignal): Promise<Map<string, string>>;
  /** identifier → state; unknown identifiers are left out. */
  fetchIssueStatesByIdentifiers(
    identifiers: readonly string[],
    signal: AbortSignal,
  ): Promise<Map<string, string>>;
  /** Oldest first, `[]` when none; `tracker_not_found` when the issue does not exist. */
  fetchIssueComments(id: string, signal: AbortSignal): Promise<Comment[]>;
  /** Moves the issue. `tracker_payload_error` when no transition leads there. */
  transitionIssue(id: string, state: string, options: TransitionOptions, signal: AbortSignal): Promise<void>;
}

// ---- registration -------------------------------------------------------------------------------

/** What an adapter is built from: the effective tracker settings and its own checked block. */
export interface TrackerContext {
  readonly kind: string;
  /** "" when not set. */
  readonly endpoint: string;
  readonly apiKey: string;
  readonly project: string;
  readonly queryFilter: string;
  readonly activeStates: readonly string[];
  readonly terminalStates: readonly string[];
  /** What to make of rich text; a tracker without any ignores it. */
  readonly richText: 'plain' | 'markdown';
  /** The adapter's own block, e.g. `file: {...}`, already parsed by its `settingsSchema`. */
  readonly settings: Readonly<Record<string, unknown>>;
  /** Absolute folder of WORKFLOW.md: relative paths of the block resolve against it. */
  readonly workflowDirectory: string;
  /** A fact worth a person's attention that is not an error (a record left out, a throttle). */
  readonly warn: (message: string, fields: Readonly<Record<string, unknown>>) => void;
}

/**
 * What an adapter's module exports as `tracker`, ours and a third party's (`tracker.adapter`) alike.
 * `create` does no I/O that can fail slowly; it throws TrackerError for settings it cannot work with.
 */
export interface TrackerRegistration {
  readonly kind: string;
  readonly requiresProject: boolean;
  readonly requiresApiKey: boolean;
  readonly defaultActiveStates: readonly string[];
  readonly defaultTerminalStates: readonly string[];
  /** Checks the pass-through block named after the kind. Keys are snake_case as users write them. */
  readonly settingsSchema: ZodType<Record<string, unknown>>;
  /** Keys of the block that hold paths (`~` and `$VAR` are expanded) and secrets (`$VAR` anywhere). */
  readonly pathSettings: readonly string[];
  readonly secretSettings: readonly string[];
  /**
   * What tells this tracker's issues from any other's in a shared database, beside the kind: the
   * endpoint and project, or the file's absolute path. Pure.
   */
  identity(context: TrackerContext): string;
  /** Run once before the first read, never by `--dry-run` or `validate` (e.g. copying a seed file). */
  prepare?(context: TrackerContext): Promise<void>;
  /** What is allowed but will disappoint, one line each, for `validate` and start-up. Pure. */
  warnings?(context: TrackerContext): readonly string[];
  create(context: TrackerContext): TrackerAdapter;
}
