// What can be wrong with the file of issues, before it is known which call met it. The adapter turns a
// FileProblem into the TrackerError of its method and path; nothing else of this folder throws to callers.
import type { TrackerErrorKind } from '../../../src/contract/tracker.ts';

export class FileProblem extends Error {
  override readonly name = 'FileProblem';
  readonly kind: TrackerErrorKind;
  /** Of a write: `no` = the file is as it was. */
  readonly applied: 'no' | 'unknown';

  /** `detail` is one line: what is wrong, where in the file, what to do. */
  constructor(
    kind: TrackerErrorKind,
    detail: string,
    cause?: unknown,
    applied: FileProblem['applied'] = 'no',
  ) {
    super(detail, { cause });
    this.kind = kind;
    this.applied = applied;
  }
}

const readDetails: Readonly<Record<string, string>> = {
  ENOENT: 'no such file; create it, or set file.seed to a file to start from',
  ENOTDIR: 'a part of the path is a file, not a folder; correct file.path',
  EISDIR: 'is a folder; file.path must name a JSON file',
  EACCES: 'permission denied; allow this user to read it',
  EPERM: 'permission denied; allow this user to read it',
  ELOOP: 'its symbolic links form a circle; correct file.path',
  ENAMETOOLONG: 'the path is too long; correct file.path',
};

/** A failed read, whatever the reason, is `tracker_payload_error`: running work is left alone. */
export function readProblem(cause: unknown): FileProblem {
  const code = errorCode(cause);
  const detail = readDetails[code] ?? `cannot be read (${oneLine(code || cause)})`;
  return new FileProblem('tracker_payload_error', detail, cause);
}

/** A write that the system refused. A person must change a permission; for all else a later try may do. */
export function writeProblem(cause: unknown): FileProblem {
  const code = errorCode(cause);
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    const detail = `cannot be written (${code}); allow this user to write the file or its folder`;
    return new FileProblem('tracker_auth_error', detail, cause);
  }
  const todo = code === 'ENOSPC' || code === 'EDQUOT' ? 'free some space' : 'nothing was changed';
  return new FileProblem(
    'tracker_transport_error',
    `cannot be written (${oneLine(code || cause)}); ${todo}`,
    cause,
  );
}

/** After the first byte was written in place: what the file holds now is for the next read to find out. */
export function brokenWrite(cause: unknown): FileProblem {
  const detail = `was written, and the system then failed (${oneLine(errorCode(cause) || cause)}); look at the file`;
  return new FileProblem('tracker_transport_error', detail, cause, 'unknown');
}

/** `ENOENT` and the like; "" when this is no system error. */
export function errorCode(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}

/** A foreign text in quotes, cut and escaped so that it cannot break a log line. */
export function quoted(text: string): string {
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}

function oneLine(value: unknown): string {
  return String(value).replace(/\s+/g, ' ');
}
