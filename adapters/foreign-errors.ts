// A third party's adapter may carry its own copy of TrackerError (another installation of sortie), or none. Here each
// of its errors becomes ours, so that the daemon sees one class: by name and kind when it is a TrackerError, as
// `tracker_api_error` when it is anything else. Aborts stay aborts.
import { checkAnswer } from './foreign-answers.ts';
import { ownTools } from './foreign-tools.ts';
import { TRACKER_ERROR_KINDS, TrackerError } from '../src/contract/tracker.ts';
import type { TrackerErrorKind, TrackerRegistration } from '../src/contract/tracker.ts';

export function withOwnErrors(registration: TrackerRegistration): TrackerRegistration {
  const prepare = registration.prepare?.bind(registration);
  const warnings = registration.warnings?.bind(registration);
  return {
    kind: registration.kind,
    requiresProject: registration.requiresProject,
    requiresApiKey: registration.requiresApiKey,
    defaultActiveStates: registration.defaultActiveStates,
    defaultTerminalStates: registration.defaultTerminalStates,
    settingsSchema: registration.settingsSchema,
    pathSettings: registration.pathSettings,
    secretSettings: registration.secretSettings,
    identity: (context) => guarded('identity', () => registration.identity(context)),
    ...(prepare && { prepare: async (context) => guardedLater('prepare', () => prepare(context)) }),
    ...(warnings && { warnings: (context) => guarded('warnings', () => warnings(context)) }),
    create: (context) => watched(guarded('create', () => registration.create(context))),
  };
}

/** Everything else is a promise or a stream. */
const ANSWERS_AT_ONCE: ReadonlySet<string> = new Set(['throttles', 'webhookEnabled', 'takeWebhook']);

/** The same object with the same capabilities, whose promises and streams fail with our errors only. */
function watched<T extends object>(adapter: T): T {
  return new Proxy(adapter, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return (...given: unknown[]) => {
        const answer: unknown = guarded(String(name), () => Reflect.apply(value, target, given) as unknown);
        if (name === 'tools') return ownTools(answer, ownError);
        if (isStream(answer)) return guardedStream(String(name), answer);
        if (ANSWERS_AT_ONCE.has(String(name))) return answer;
        // Also one that forgot its `async`.
        return guardedLater(String(name), async () => checkAnswer(String(name), await answer));
      };
    },
  });
}

function isStream(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value;
}

async function* guardedStream(method: string, stream: AsyncIterable<unknown>): AsyncGenerator<unknown> {
  try {
    for await (const page of stream) yield checkAnswer(method, page);
  } catch (error) {
    throw ownError(method, error);
  }
}

function guarded<T>(method: string, call: () => T): T {
  try {
    return call();
  } catch (error) {
    throw ownError(method, error);
  }
}

async function guardedLater<T>(method: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw ownError(method, error);
  }
}

function ownError(method: string, error: unknown): unknown {
  if (error instanceof TrackerError || !(error instanceof Error)) return error;
  if (error.name === 'AbortError') return error;
  const { kind, retryAfterMs, applied } = error as Error & Readonly<Record<string, unknown>>;
  const known = error.name === 'TrackerError' ? knownKind(kind) : undefined;
  const found = error.message.replace(/\s+/g, ' ');
  const facts = {
    cause: error,
    retryAfterMs: typeof retryAfterMs === 'number' ? retryAfterMs : undefined,
    // Of what is no TrackerError nobody knows when it broke; a write is looked for before it is sent again.
    applied:
      applied === 'no' || applied === 'unknown' ? applied : known === undefined ? 'unknown' : undefined,
  } as const;
  const start = `tracker: ${String(kind)}: `;
  const parts = /^(\S+) (\S.*?): (.+)$/.exec(found.startsWith(start) ? found.slice(start.length) : '');
  if (known === undefined || !parts) {
    const detail = `the adapter threw ${error.name}: ${found}`;
    return new TrackerError({
      kind: known ?? 'tracker_api_error',
      method,
      path: '(adapter)',
      detail,
      ...facts,
    });
  }
  const [, theirMethod = method, path = '', detail = ''] = parts;
  return new TrackerError({ kind: known, method: theirMethod, path, detail, ...facts });
}

function knownKind(kind: unknown): TrackerErrorKind | undefined {
  return TRACKER_ERROR_KINDS.find((known) => known === kind);
}
