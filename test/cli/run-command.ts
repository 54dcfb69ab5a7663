// One command in this process, with what it printed.

import { vi } from 'vitest';
import type { Main } from '../../src/cli/commands.ts';

export interface Printed {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export async function runCommand(main: Main, args: readonly string[]): Promise<Printed> {
  const said = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    vi.spyOn(process[name], 'write').mockImplementation((chunk, encodingOrDone, done) => {
      said[name] += String(chunk);
      const after = typeof encodingOrDone === 'function' ? encodingOrDone : done;
      after?.();
      return true;
    }),
  );
  try {
    return { code: await main(args), ...said };
  } finally {
    for (const spy of spies) spy.mockRestore();
  }
}
