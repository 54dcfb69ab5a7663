// Sessions with the small agent of these tests (acp-agent.mjs), as a process of its own.

import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { agent } from '../../../../adapters/agents/acp/index.ts';
import type { SessionRequest } from '../../../../src/contract/agent.ts';
import { newRequest, startPlay } from '../stage.ts';
import type { Play } from '../stage.ts';

const PROGRAM = resolve('test/adapters/agents/acp/acp-agent.mjs');

export interface AcpPlay extends Play {
  /** What the agent was sent, in all its processes. */
  sent(): readonly Record<string, unknown>[];
}

/** `agent.command` for the small agent. @param can what it can do; see there. */
export function commandOf(can: Readonly<Record<string, unknown>> = {}): string {
  return `"${process.execPath}" "${PROGRAM}" '${JSON.stringify(can)}'`;
}

/** @param home of an earlier play, so that its sessions are known. */
export async function startAcp(
  can: Readonly<Record<string, unknown>> = {},
  changes: Partial<SessionRequest> = {},
  home?: string,
): Promise<AcpPlay & { readonly home: string }> {
  const folder = home ?? (await newRequest()).privateDirectory;
  const log = join(folder, 'log.jsonl');
  const env = {
    PATH: process.env['PATH'] ?? '',
    ACP_LOG: log,
    ACP_SESSIONS: join(folder, 'sessions'),
    ...changes.env,
  };
  const play = await startPlay(agent, { command: commandOf(can), ...changes, env });
  return { ...play, session: play.session, home: folder, sent: () => sentTo(folder) };
}

export function sentTo(folder: string): readonly Record<string, unknown>[] {
  const log = join(folder, 'log.jsonl');
  if (!existsSync(log)) return [];
  const lines = readFileSync(log, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}
