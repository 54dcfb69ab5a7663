// A fake `claude` on PATH that plays recorded output, with a session of the real adapter around it.

import { onTestFinished } from 'vitest';
import { agent } from '../../../../adapters/agents/claude-code/index.ts';
import type { SessionRequest } from '../../../../src/contract/agent.ts';
import { installFakeAgent } from '../../../fake-agents/fake-agent.ts';
import type { FakeAgentOptions } from '../../../fake-agents/fake-agent.ts';
import type { FakeTurn } from '../../../fake-agents/fake-turn.ts';
import type { FakeAgent } from '../../../fake-agents/installation.ts';
import { clearStages, startPlay } from '../stage.ts';
import type { Play } from '../stage.ts';
import { FIXTURES, recordedLines } from './recorded.ts';

/** Enough for the stages before the hard end, on a machine that is busy. */
export const GRACE_MS = 15_000;

/** The id under which a recording was made is replaced by the one that the call was given. */
export function recordedTurn(name: string, more: Partial<FakeTurn> = {}): FakeTurn {
  const found = recordedLines(name).find((line) => line.includes('"session_id":"'));
  const recorded = /"session_id":"([^"]+)"/.exec(found ?? '')?.[1];
  return {
    output: { file: `${FIXTURES}/${name}.jsonl` },
    ...(recorded === undefined ? {} : { replace: { [recorded]: { flag: ['--session-id', '--resume'] } } }),
    ...more,
  };
}

export interface Scene {
  readonly fake: FakeAgent;
  start(changes?: Partial<SessionRequest>): Promise<Play>;
}

/** Cleared after the test, which fails when a process is left. */
export async function withFakeClaude(options: Omit<FakeAgentOptions, 'name'>): Promise<Scene> {
  const fake = await installFakeAgent({ name: 'claude', ...options });
  onTestFinished(async () => {
    await clearStages();
    await fake.close();
  });
  return {
    fake,
    start: (changes = {}) =>
      startPlay(agent, {
        command: 'claude',
        stopGraceMs: GRACE_MS,
        ...changes,
        env: { ...fake.pathEnv(), ANTHROPIC_API_KEY: 'key', ...changes.env },
      }),
  };
}
