// The workflow in force. A good reload replaces it, a bad one changes nothing and is said once; settings that
// take effect at a restart keep their old values until then. Reloads never overlap. A file that somebody is writing just
// now counts only when it has stayed the same for a moment: half of a prompt would be a good workflow, too.

import type { Settings, Workflow, WorkflowProblem } from '../contract/index.ts';
import { messageOf } from './failures.ts';
import type { Clock, Log, WorkflowSource } from './ports.ts';

export type Loaded =
  | { readonly ok: true; readonly workflow: Workflow }
  | {
      readonly ok: false;
      readonly problems: readonly WorkflowProblem[];
      readonly contentHash: string | null;
    };

export interface WorkflowSourceParts {
  readonly first: Workflow;
  readonly load: () => Promise<Loaded>;
  /** The moment for which something new must stay; absent = it is taken as it is found. */
  readonly settle?: (() => Promise<void>) | undefined;
  /** Whether the settings still name the tracker that the store is keyed by. */
  readonly sameTracker: (workflow: Workflow) => boolean;
  /** Makes the new settings usable (a tracker adapter with new credentials…); throws to refuse them. */
  readonly accept: (workflow: Workflow) => void;
  readonly onReloaded: (before: Workflow, after: Workflow) => void;
  readonly clock: Pick<Clock, 'nowMs'>;
  readonly log: Log;
}

/** A file that changes for longer than this is taken as it is: the next look sees the rest. */
const MAX_LOOKS = 10;

/** What a running daemon cannot change under itself, by the name that people write. */
const AT_RESTART: Readonly<Record<string, (settings: Settings) => unknown>> = {
  'tracker.kind': ({ tracker }) => tracker.kind,
  'tracker.adapter': ({ tracker }) => tracker.adapter,
  'tracker.endpoint': ({ tracker }) => tracker.endpoint,
  'tracker.project': ({ tracker }) => tracker.project,
  db_path: ({ dbPath }) => dbPath,
  server: ({ server }) => server,
  logging: ({ logging }) => logging,
  token_rates: ({ tokenRates }) => tokenRates,
};

export function createWorkflowSource(parts: WorkflowSourceParts): WorkflowSource {
  const { log } = parts;
  let current = parts.first;
  /** Of the file as last seen, good or bad. */
  let seenHash: string | null = parts.first.contentHash;
  let reloadError = '';
  let loadedAtMs = parts.clock.nowMs();
  let failedAtMs: number | null = null;
  let running: Promise<void> | null = null;

  async function reload(): Promise<void> {
    const loaded = await loadSettled();
    const hash = hashOf(loaded);
    if (hash !== null && hash === seenHash) return;
    if (!loaded.ok) {
      refuse(errorsOf(loaded.problems), hash);
      return;
    }
    const before = current;
    let after: Workflow;
    try {
      after = keepTracker(before, keepUntilRestart(before, loaded.workflow, log));
      parts.accept(after);
    } catch (error) {
      refuse(messageOf(error), hash);
      return;
    }
    seenHash = hash;
    reloadError = '';
    loadedAtMs = parts.clock.nowMs();
    current = after;
    for (const warning of loaded.workflow.warnings) {
      log.warn('workflow warning', { check: warning.check, problem: warning.message });
    }
    log.info('workflow reloaded', { path: after.path });
    parts.onReloaded(before, after);
  }

  async function loadSettled(): Promise<Loaded> {
    let loaded = await load();
    for (let looks = 1; looks < MAX_LOOKS && parts.settle !== undefined && !isKnown(loaded); looks += 1) {
      await parts.settle();
      const again = await load();
      const isSame = hashOf(again) === hashOf(loaded) && wrongIn(again) === wrongIn(loaded);
      loaded = again;
      if (isSame) break;
    }
    return loaded;
  }

  function isKnown(loaded: Loaded): boolean {
    const hash = hashOf(loaded);
    return hash === null ? wrongIn(loaded) === reloadError : hash === seenHash;
  }

  /** An adapter's block that names other issues waits whole, because its keys belong together. */
  function keepTracker(before: Workflow, after: Workflow): Workflow {
    if (parts.sameTracker(after)) return after;
    const { kind, block } = before.settings.tracker;
    for (const key of changedKeys(block, after.settings.tracker.block)) sayAtRestart(log, `${kind}.${key}`);
    return {
      ...after,
      effective: keepEffective(before.effective, after.effective, [kind]),
      settings: { ...after.settings, tracker: { ...after.settings.tracker, block } },
    };
  }

  async function load(): Promise<Loaded> {
    try {
      return await parts.load();
    } catch (error) {
      const message = messageOf(error);
      return {
        ok: false,
        contentHash: null,
        problems: [{ severity: 'error', check: 'workflow_load', message }],
      };
    }
  }

  function refuse(error: string, hash: string | null): void {
    // A file that cannot even be read has no hash: it is said once by its words.
    const saidBefore = hash === null && error === reloadError;
    seenHash = hash;
    reloadError = error;
    failedAtMs = parts.clock.nowMs();
    if (!saidBefore) log.error('workflow reload failed, the last good one stays in force', { error });
  }

  return {
    current: () => current,
    reloadError: () => reloadError,
    readAtMs: () => ({ loaded: loadedAtMs, failed: failedAtMs }),
    async recheck() {
      running ??= reload().finally(() => (running = null));
      await running;
    },
  };
}

/** The block of another kind belongs to a tracker that is not in force yet. */
function keepUntilRestart(before: Workflow, after: Workflow, log: Log): Workflow {
  for (const [key, pick] of Object.entries(AT_RESTART)) {
    if (differs(pick(before.settings), pick(after.settings))) sayAtRestart(log, key);
  }
  const old = before.settings;
  const { kind, adapter, endpoint, project } = old.tracker;
  const sameTracker = kind === after.settings.tracker.kind;
  return {
    ...after,
    effective: keepEffective(before.effective, after.effective, Object.keys(AT_RESTART)),
    settings: {
      ...after.settings,
      tracker: {
        ...after.settings.tracker,
        kind,
        adapter,
        endpoint,
        project,
        block: sameTracker ? after.settings.tracker.block : old.tracker.block,
      },
      dbPath: old.dbPath,
      server: old.server,
      logging: old.logging,
      tokenRates: old.tokenRates,
    },
  };
}

/** What people are shown is what is in force, not what the file will bring; each group stays at its place. */
function keepEffective(
  before: Workflow['effective'],
  after: Workflow['effective'],
  groups: readonly string[],
): Workflow['effective'] {
  const groupOf = (key: string): string | undefined =>
    groups.find((group) => key === group || key.startsWith(`${group}.`));
  const placed = new Set<string>();
  const kept = (group: string): Workflow['effective'] => {
    if (placed.has(group)) return [];
    placed.add(group);
    return before.filter(({ key }) => groupOf(key) === group);
  };
  const merged = after.flatMap((setting) => {
    const group = groupOf(setting.key);
    return group === undefined ? [setting] : kept(group);
  });
  return [...merged, ...groups.flatMap(kept)];
}

function changedKeys(
  before: Readonly<Record<string, unknown>>,
  after: Readonly<Record<string, unknown>>,
): string[] {
  const keys = new Set([...Object.keys(before), ...Object.keys(after)]);
  return [...keys].filter((key) => differs(before[key], after[key]));
}

function differs(before: unknown, after: unknown): boolean {
  return JSON.stringify(before) !== JSON.stringify(after);
}

function sayAtRestart(log: Log, key: string): void {
  log.warn('a changed setting takes effect at the next restart', { key });
}

function hashOf(loaded: Loaded): string | null {
  return loaded.ok ? loaded.workflow.contentHash : loaded.contentHash;
}

/** "" = nothing. */
function wrongIn(loaded: Loaded): string {
  return loaded.ok ? '' : errorsOf(loaded.problems);
}

function errorsOf(problems: readonly WorkflowProblem[]): string {
  return problems
    .filter(({ severity }) => severity === 'error')
    .map(({ message }) => message)
    .join('; ');
}
