// What the tracker suite asks of whoever runs it: a world with issues in it, an adapter that looks at it, and
// hands that change the world behind the adapter's back, as people and outages do.
import type { Comment, Issue } from '../../src/contract/issue.ts';
import type { NewIssue } from '../../src/contract/tracker-capabilities.ts';
import type { TrackerAdapter, TrackerRegistration } from '../../src/contract/tracker.ts';

/** An issue to put into the world, with all its comments. Labels may be in any case: the adapter lowers them. */
export interface WorldIssue extends Issue {
  readonly comments: readonly Comment[];
}

export interface TrackerWorldSetup {
  readonly issues: readonly WorldIssue[];
  /** For the adapter's TrackerContext. */
  readonly activeStates: readonly string[];
  readonly terminalStates: readonly string[];
}

export interface OpenTrackerWorld {
  readonly registration: TrackerRegistration;
  /** Made by `registration.create`. */
  readonly adapter: TrackerAdapter;
  /** As a person would, in the tracker itself; true at the adapter's next call. */
  setState(id: string, state: string): Promise<void>;
  /** The issue is gone for good. */
  removeIssue(id: string): Promise<void>;
  /** The state that the tracker itself holds, not asked through the adapter. */
  stateOf(id: string): Promise<string>;
  /** From now on every request fails (outage, broken file, …) until `heal`. */
  fail(): Promise<void>;
  heal(): Promise<void>;
  /** A state that `id` cannot be moved to; null when this tracker can move an issue to any state. */
  unreachableStateOf(id: string): string | null;
  /** The tracker keeps comments as rich text: Markdown written comes back with its words, not with its markup. */
  readonly richComments?: boolean;
  /** One that can be made here; without it, nothing is asked of issues that are made. */
  readonly newIssue?: NewIssue | undefined;
  /** Removes everything that the world made. */
  close(): Promise<void>;
}

/**
 * Each case opens a world of its own. It must hold at least the states To Do, In Progress, In Review and Done,
 * and let an issue be moved between any two of them.
 */
export interface TrackerWorld {
  open(setup: TrackerWorldSetup): Promise<OpenTrackerWorld>;
}
