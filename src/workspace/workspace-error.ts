// Why a workspace could not be made, used or removed. `workspace_refused` means that trying again gives the
// same answer until a person or the issue changes something; `workspace_error` means that the machine failed.

export type WorkspaceErrorKind = 'workspace_refused' | 'workspace_error';

/** The only error of this folder besides HookError. The message is one line: what, where, what to do. */
export class WorkspaceError extends Error {
  override readonly name = 'WorkspaceError';
  readonly kind: WorkspaceErrorKind;
  /** The path, or the identifier when there is no path yet. */
  readonly subject: string;

  constructor(kind: WorkspaceErrorKind, subject: string, detail: string, cause?: unknown) {
    super(`workspace ${JSON.stringify(clip(subject))}: ${detail}`, { cause });
    this.kind = kind;
    this.subject = subject;
  }
}

/** For paths and identifiers that must not be used at all. */
export function refused(subject: string, detail: string): WorkspaceError {
  return new WorkspaceError('workspace_refused', subject, detail);
}

/** Turns what the file system said into a WorkspaceError; leaves one that is already there as it is. */
export function fromFileSystem(subject: string, doing: string, cause: unknown): WorkspaceError {
  if (cause instanceof WorkspaceError) return cause;
  const why = cause instanceof Error ? cause.message.split('\n', 1)[0] : String(cause);
  return new WorkspaceError('workspace_error', subject, `${doing} failed: ${why ?? ''}`, cause);
}

export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

/** An identifier comes from the tracker and may be of any length. */
function clip(text: string): string {
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
