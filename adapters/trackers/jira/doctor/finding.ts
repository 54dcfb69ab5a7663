// What the checks of the doctor share: what they get, and how they say what they found.
import { TrackerError } from '../../../../src/contract/tracker.ts';
import type { DoctorFinding, DoctorRequest } from '../../../../src/contract/tracker-capabilities.ts';
import type { JiraConnection } from '../connection.ts';

export interface Visit {
  readonly connection: JiraConnection;
  readonly request: DoctorRequest;
  readonly signal: AbortSignal;
  /** What earlier checks found in order. */
  readonly known: Set<'login' | 'project'>;
}

export type Check = (visit: Visit) => AsyncGenerator<DoctorFinding, void, void>;

export function ok(check: string, message: string): DoctorFinding {
  return { status: 'ok', check, message: oneLine(message), remedy: '' };
}

export function warning(check: string, message: string, remedy: string): DoctorFinding {
  return { status: 'warning', check, message: oneLine(message), remedy };
}

export function problem(check: string, message: string, remedy: string): DoctorFinding {
  return { status: 'problem', check, message: oneLine(message), remedy };
}

export interface NamedCheck {
  readonly name: string;
  /** What must have been found out before it. */
  readonly needs: readonly ('login' | 'project')[];
  readonly run: Check;
  /** It reads what only the doctor wants: without the permission for that the daemon works all the same. */
  readonly onlyLooks?: true;
}

/** A check that fails is a finding of its own; an abort stays one. */
export async function* guarded(
  { name, run, onlyLooks }: NamedCheck,
  visit: Visit,
): AsyncGenerator<DoctorFinding, void, void> {
  try {
    yield* run(visit);
  } catch (error) {
    visit.signal.throwIfAborted();
    if (!(error instanceof TrackerError)) throw error;
    if (onlyLooks === true && error.kind === 'tracker_auth_error') {
      const message = `could not be looked at, which the daemon itself does not need: ${error.message}`;
      yield warning(name, message, remedyFor(error));
    } else yield problem(name, error.message, remedyFor(error));
  }
}

export function isKind(error: unknown, kind: TrackerError['kind']): error is TrackerError {
  return error instanceof TrackerError && error.kind === kind;
}

export function quotedList(names: readonly string[]): string {
  const shown = names.slice(0, 20).map((name) => JSON.stringify(name));
  const more = names.length > 20 ? `, and ${names.length - 20} more` : '';
  return shown.length === 0 ? 'none' : shown.join(', ') + more;
}

function remedyFor({ kind }: TrackerError): string {
  if (kind === 'tracker_transport_error') return 'check tracker.endpoint and the network, and try again';
  if (kind === 'tracker_auth_error') return 'give the account or its token the permission to read this';
  return 'try again; if it stays, report it';
}

function oneLine(text: string): string {
  return text.replace(/\s*[\r\n\u2028\u2029]+\s*/g, ' ');
}
