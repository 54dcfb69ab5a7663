// The site's own names, read when they are first wanted and again when a person asks. Nobody waits long for them: a call
// goes on without after a few seconds, and what failed is not tried again at once.

import { canDescribeSchema, type TrackerSchema } from '../contract/tracker-capabilities.ts';
import type { TrackerAdapter } from '../contract/tracker.ts';
import type { ToolsClock, ToolsLog } from './ports.ts';

const WAIT_MS = 5_000;
const READ_LIMIT_MS = 60_000;
const TRY_AGAIN_MS = 60_000;

export interface SchemaCache {
  /** As known now; null = not (yet). Begins to read it. */
  known(): TrackerSchema | null;
  /** As known in a few seconds at the latest. */
  soon(): Promise<TrackerSchema | null>;
  refresh(signal: AbortSignal): Promise<{ readonly ok: boolean; readonly message: string }>;
  readonly atMs: number | null;
  /** Of the last try; "" = none, or it was good. */
  readonly error: string;
  close(): void;
}

export function schemaCache(parts: {
  readonly tracker: TrackerAdapter;
  readonly clock: ToolsClock;
  readonly log: ToolsLog;
}): SchemaCache {
  const { tracker, clock, log } = parts;
  const closing = new AbortController();
  let schema: TrackerSchema | null = null;
  let atMs: number | null = null;
  let error = '';
  let triedAtMs: number | null = null;
  let reading: Promise<void> | null = null;

  async function read(signal: AbortSignal): Promise<void> {
    if (!canDescribeSchema(tracker)) return;
    const limit = new AbortController();
    const cancel = clock.after(READ_LIMIT_MS, () => limit.abort(new Error('it took too long')));
    triedAtMs = clock.monotonicMs();
    try {
      schema = await tracker.discoverSchema(AbortSignal.any([signal, limit.signal, closing.signal]));
      atMs = clock.nowMs();
      error = '';
      log.info('schema of the site read', countsOf(schema));
    } catch (cause) {
      error = cause instanceof Error ? cause.message : String(cause);
      if (!closing.signal.aborted) log.warn('schema of the site could not be read', { error });
    } finally {
      cancel();
    }
  }

  /** At most one at a time. */
  function begin(signal: AbortSignal): Promise<void> {
    reading ??= read(signal).finally(() => (reading = null));
    return reading;
  }

  function beginIfDue(): Promise<void> | null {
    if (schema !== null || !canDescribeSchema(tracker)) return null;
    const isDue = triedAtMs === null || clock.monotonicMs() - triedAtMs >= TRY_AGAIN_MS;
    return isDue || reading !== null ? begin(closing.signal) : null;
  }

  return {
    known() {
      void beginIfDue();
      return schema;
    },
    async soon() {
      const read = beginIfDue();
      if (read === null) return schema;
      await new Promise<void>((resolve) => {
        const cancel = clock.after(WAIT_MS, resolve);
        void read.then(() => (cancel(), resolve()));
      });
      return schema;
    },
    async refresh(signal) {
      if (!canDescribeSchema(tracker)) return { ok: false, message: 'this tracker has no schema to read' };
      await begin(signal);
      if (error !== '') return { ok: false, message: error };
      return { ok: true, message: schema === null ? 'nothing was found' : sentence(schema) };
    },
    get atMs() {
      return atMs;
    },
    get error() {
      return error;
    },
    close: () => closing.abort(new Error('the daemon stops')),
  };
}

function countsOf({
  projects,
  issueTypes,
  statuses,
  priorities,
  fields,
}: TrackerSchema): Record<string, number> {
  return {
    projects: projects.length,
    issue_types: issueTypes.length,
    statuses: statuses.length,
    priorities: priorities.length,
    fields: fields.length,
  };
}

function sentence(schema: TrackerSchema): string {
  const counts = Object.entries(countsOf(schema)).map(
    ([name, count]) => `${count} ${name.replace('_', ' ')}`,
  );
  return `found ${counts.join(', ')}`;
}
