// Brings in a third party's tracker: `tracker.adapter: ./mine.mjs` or the name of a package that is installed beside
// WORKFLOW.md (or beside sortie). Checks what the module exports before anything calls it. Node keeps a module for
// as long as the process lives, which is why a changed `tracker.adapter` takes a restart.
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { TrackerError, type TrackerRegistration } from '../src/contract/tracker.ts';
import { resolvePackage } from './resolve-package.ts';
import { withOwnErrors } from './foreign-errors.ts';

const isFunction = z.custom<unknown>((value) => typeof value === 'function', 'must be a function');
const states = z.array(z.string().min(1));

const registrationShape = z.object({
  kind: z.string().min(1),
  requiresProject: z.boolean(),
  requiresApiKey: z.boolean(),
  defaultActiveStates: states,
  defaultTerminalStates: states,
  settingsSchema: z.custom<unknown>(hasSafeParse, 'must be a zod schema'),
  pathSettings: z.array(z.string()),
  secretSettings: z.array(z.string()),
  identity: isFunction,
  prepare: isFunction.optional(),
  warnings: isFunction.optional(),
  create: isFunction,
});

/**
 * The `tracker` export of the module. Throws TrackerError `unsupported_tracker_kind` in one line when the module
 * is not found, does not load, exports no registration, or one of another kind than `kind` (`tracker.kind`;
 * left out = any). The adapters it creates throw only TrackerError, whatever copy of the class they use.
 */
export async function loadTrackerAdapter(
  specifier: string,
  workflowDirectory: string,
  kind?: string,
): Promise<TrackerRegistration> {
  const refuse = (detail: string, cause?: unknown): TrackerError =>
    new TrackerError({ kind: 'unsupported_tracker_kind', method: 'load', path: specifier, detail, cause });

  const url = await locate(specifier, workflowDirectory);
  if (url === null) {
    const todo = `install it there with npm, or write ./${specifier} for a file`;
    throw refuse(`no such package in ${workflowDirectory} or above; ${todo}`);
  }
  const module = await (import(url) as Promise<Readonly<Record<string, unknown>>>).catch((error: unknown) => {
    throw refuse(`does not load: ${firstLine(error)}; correct tracker.adapter or the module`, error);
  });
  const registration: unknown = module['tracker'];
  if (registration === undefined)
    throw refuse('exports no `tracker`; export a TrackerRegistration by that name');
  const checked = registrationShape.safeParse(registration);
  if (!checked.success) {
    const [issue] = checked.error.issues;
    const place = ['tracker', ...(issue?.path ?? [])].join('.');
    throw refuse(`its export ${place} is wrong: ${issue?.message ?? 'not a TrackerRegistration'}`);
  }
  if (kind !== undefined && checked.data.kind !== kind) {
    throw refuse(
      `is for tracker.kind "${checked.data.kind}", but tracker.kind is "${kind}"; make them the same`,
    );
  }
  // Checked above member by member; zod cannot see into functions.
  return withOwnErrors(registration as TrackerRegistration);
}

async function locate(specifier: string, directory: string): Promise<string | null> {
  if (specifier.startsWith('file:')) return specifier;
  if (/^(?:\.{1,2})?[/\\]/.test(specifier) || /^[A-Za-z]:[/\\]/.test(specifier)) {
    return pathToFileURL(resolve(directory, specifier)).href;
  }
  return resolvePackage(specifier, directory);
}

function hasSafeParse(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || !('safeParse' in value)) return false;
  return typeof value.safeParse === 'function';
}

function firstLine(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return (message.split('\n', 1)[0] ?? '').slice(0, 300);
}
