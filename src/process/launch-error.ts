// Why a process could not be started. One class with a kind, so that a caller can tell "the command is missing"
// (an operator must act) from "the machine is short of something" (try again later).

import { statSync } from 'node:fs';

/**
 * - `command_missing`: no such file, or not on PATH. Retrying does not help.
 * - `command_not_executable`: it is there, but may not be executed or is no program. Retrying does not help.
 * - `cwd_missing`: the working folder is not there or is no folder.
 * - `spawn_failed`: anything else (too many processes, too many open files, arguments too long); may pass.
 */
export type LaunchErrorKind = 'command_missing' | 'command_not_executable' | 'cwd_missing' | 'spawn_failed';

/** A process that never began. `cause` is the system's own error. */
export class LaunchError extends Error {
  readonly kind: LaunchErrorKind;
  readonly file: string;
  readonly cwd: string;

  constructor(kind: LaunchErrorKind, file: string, cwd: string, message: string, cause: unknown) {
    super(message, { cause });
    this.name = 'LaunchError';
    this.kind = kind;
    this.file = file;
    this.cwd = cwd;
  }
}

/** Says in one line what was missing. The system reports a missing folder and a missing command alike. */
export function explainLaunchFailure(file: string, cwd: string, cause: unknown): LaunchError {
  const code =
    cause instanceof Error ? String((cause as NodeJS.ErrnoException).code ?? cause.message) : String(cause);
  const because = (kind: LaunchErrorKind, detail: string): LaunchError =>
    new LaunchError(kind, file, cwd, `cannot start "${file}": ${detail}`, cause);

  if (!isFolder(cwd))
    return because('cwd_missing', `the working folder ${cwd} does not exist or is no folder`);
  if (code === 'ENOENT') {
    return because(
      'command_missing',
      'command not found (or its interpreter is); install it or give its full path',
    );
  }
  if (code === 'EACCES' || code === 'ENOEXEC' || code === 'ENOTDIR') {
    return because('command_not_executable', `it may not be executed (${code}); check its mode and format`);
  }
  return because('spawn_failed', `the system refused (${code}) in ${cwd}`);
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    return false;
  }
}
