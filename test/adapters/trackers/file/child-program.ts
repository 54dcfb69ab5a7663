// Starts one of the programs beside this file as a real process, and ends it for certain.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

export interface ChildProgram {
  readonly child: ChildProcess;
  /** Everything it has printed so far, line by line. */
  lines(): string[];
  /** Resolves when it has printed `ready`. */
  readonly ready: Promise<void>;
  /** Resolves when it has ended. */
  readonly ended: Promise<void>;
}

export function startProgram(
  name: string,
  given: readonly string[],
  rights: { uid?: number; gid?: number } = {},
): ChildProgram {
  const program = fileURLToPath(new URL(name, import.meta.url));
  const child = spawn(process.execPath, ['--import', 'tsx', program, ...given], {
    stdio: ['ignore', 'pipe', 'inherit'],
    ...rights,
  });
  let text = '';
  let nowReady = (): void => undefined;
  const ready = new Promise<void>((resolve) => {
    nowReady = resolve;
  });
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    text += chunk;
    if (text.startsWith('ready\n')) nowReady();
  });
  const ended = once(child, 'close').then(() => {
    nowReady();
  });
  return {
    child,
    ready,
    ended,
    lines: () =>
      text
        .split('\n')
        .slice(1)
        .filter((line) => line !== ''),
  };
}
