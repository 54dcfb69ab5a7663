// One program on PATH that is a different fake agent for each issue: it looks at the folder in which it is started, the
// workspace, and becomes the fake that plays this role. So many issues run at once, each with its own script,
// and whatever is started for an issue without a role fails loudly.

import { chmod, mkdir, mkdtemp, realpath, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import type { FakeAgent } from '../../fake-agents/installation.ts';

export interface Cast {
  /** First on the daemon's PATH. */
  readonly path: string;
  /** @param before shell commands that run in the workspace ahead of each call. */
  give(identifier: string, fake: FakeAgent, before?: string, program?: string): Promise<void>;
  of(identifier: string, program?: string): FakeAgent;
  /** Throws when a process of any of them is left. */
  close(): Promise<void>;
}

/** @param programs names on PATH; the first is meant where none is said. */
export async function openCast(programs: readonly [string, ...string[]]): Promise<Cast> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), 'sortie-cast-')));
  const [bin, roles] = [join(folder, 'bin'), join(folder, 'roles')];
  for (const path of [bin, roles]) await mkdir(path);
  for (const program of programs) await mkdir(join(roles, program));
  const fakes = new Map<string, FakeAgent>();

  async function executable(path: string, script: string): Promise<void> {
    await writeFile(`${path}.new`, `#!/bin/sh\n${script}\n`);
    await chmod(`${path}.new`, 0o755);
    await rename(`${path}.new`, path);
  }

  for (const program of programs) {
    await executable(
      join(bin, program),
      `role=${roles}/${program}/\${PWD##*/}\nif [ -x "$role" ]; then exec "$role" "$@"; fi\necho "no role for $PWD" >&2; exit 96`,
    );
  }
  return {
    path: `${bin}${delimiter}${process.env['PATH'] ?? ''}`,
    async give(identifier, fake, before = ':', program = programs[0]) {
      const role = `${program}/${identifier}`;
      await fakes.get(role)?.close();
      fakes.set(role, fake);
      await executable(join(roles, role), `${before}\nexec ${fake.path} "$@"`);
    },
    of(identifier, program = programs[0]) {
      const fake = fakes.get(`${program}/${identifier}`);
      if (fake === undefined) throw new Error(`${identifier} has no role in ${program}`);
      return fake;
    },
    async close() {
      const closed = await Promise.allSettled([...fakes.values()].map((fake) => fake.close()));
      await rm(folder, { recursive: true, force: true, maxRetries: 5 });
      for (const one of closed) if (one.status === 'rejected') throw one.reason;
    },
  };
}
