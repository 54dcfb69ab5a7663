// What the routes are given to answer from. No route holds anything of its own between two requests.

import type { ToolsView } from '../contract/agent-tools.ts';
import type { DaemonView } from '../contract/snapshot.ts';
import type { EffectiveSetting } from '../contract/settings.ts';
import type { Store } from '../contract/store.ts';
import type { Transcripts } from '../contract/transcript.ts';
import type { Warn } from './error-answers.ts';
import type { People } from './people.ts';
import type { Redact } from './redact-answer.ts';
import type { StreamSlots } from './stream-slots.ts';

export type TranscriptSource = Pick<Transcripts, 'follow' | 'read' | 'prompts'>;

/** What the store is asked for. */
export type HttpStore = Pick<
  Store,
  'history' | 'findIssue' | 'timeline' | 'samples' | 'stats' | 'operatorActions'
>;

/** What the settings page shows; holds no secret. */
export interface SettingsView {
  /** Of WORKFLOW.md. */
  readonly path: string;
  readonly effective: readonly EffectiveSetting[];
}

export interface RouteSource {
  readonly view: DaemonView;
  readonly store: HttpStore;
  /** Absent: approvals, outbox, audit and tools are 404 `tools_off`. */
  readonly tools: ToolsView | undefined;
  readonly people: People;
  readonly redact: Redact;
  /** Absent: no run has a transcript. */
  readonly transcripts: TranscriptSource | undefined;
  /** Absent: nothing is shown. */
  readonly settingsView: (() => SettingsView) | undefined;
  /** The wall clock, which relative times are counted from. */
  readonly nowMs: () => number;
  readonly slots: StreamSlots;
  readonly warn: Warn;
  /** Fires when the server closes. */
  readonly closing: AbortSignal;
}
