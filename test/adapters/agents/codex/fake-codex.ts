// The adapter against a fake `codex` on PATH: a real process that plays what the real one said (0.169), in random
// pieces with delays, and misbehaves on demand. For tests that end with `closeFake`.

import { installFakeServer } from '../../../fake-agents/fake-server.ts';
import type { FakeServerOptions } from '../../../fake-agents/fake-server.ts';
import type { FakeAgent } from '../../../fake-agents/installation.ts';
import { openStage } from './codex-stage.ts';
import type { CodexStage } from './codex-stage.ts';
import { fixturePath } from './recorded.ts';

/** The thread of appserver.jsonl. */
export const THREAD = '01a2005d-6a16-7fc3-b8bb-cf8c706c77fb';
export const full = { thread_sandbox: 'dangerFullAccess' };

export type FakeOptions = Partial<Omit<FakeServerOptions, 'name'>>;

let opened: { fake: FakeAgent; stage: CodexStage }[] = [];

/** Default: appserver.jsonl is played, without a sandbox. */
export async function openFake(
  options: FakeOptions = {},
  settings: Record<string, unknown> = full,
): Promise<{ fake: FakeAgent; stage: CodexStage }> {
  const dialogue = { file: fixturePath('appserver.jsonl') };
  const fake = await installFakeServer({ name: 'codex', dialogue, ...options });
  const stage = await openStage(fake.pathEnv(), settings);
  opened.push({ fake, stage });
  return { fake, stage };
}

/** For afterEach. Throws when anything is left. */
export async function closeFake(): Promise<void> {
  const all = opened;
  opened = [];
  for (const { fake, stage } of all) {
    await stage.close();
    await fake.close();
  }
}

/** What the client asked a process, in order. */
export async function methodsOf(fake: FakeAgent, call = 0): Promise<unknown[]> {
  return (await fake.calls())[call]?.messages.map((message) => message['method']) ?? [];
}
