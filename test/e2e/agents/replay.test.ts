// What one daemon's agent said, played to another daemon: the same events and the same figures, with no agent at all.

import { afterEach, expect, it } from 'vitest';
import { baseSettings, getJson, makeFolder, makeIssue, until } from '../program.ts';
import type { Folder } from '../program.ts';
import { startDaemon } from '../daemon.ts';
import type { Kind } from './kind.ts';
import { claudeCode } from './kinds/claude-code.ts';
import { codex } from './kinds/codex.ts';
import { copilotCli } from './kinds/copilot-cli.ts';
import { setScene } from './scene-daemon.ts';
import type { AgentRun, SceneDaemon } from './scene-daemon.ts';

const open: (SceneDaemon | Folder)[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) expect(await one.close()).toEqual([]);
});

/** Without a handoff, and with one session only: the issue is parked, and the daemon keeps its events. */
const tracker = { kind: 'file', active_states: ['To Do'], terminal_states: ['Done'] };

interface Answer {
  readonly recent_events: readonly { readonly event: string; readonly message: string }[];
}

async function saidOf(url: string): Promise<string[]> {
  const { recent_events } = await getJson<Answer>(`${url}/api/v1/E2E-1`);
  const said = recent_events.map(({ event, message }) => `${event} ${message}`);
  expect(said.filter((one) => /^(tool_started|tool_result|turn_completed) /.test(one))).toHaveLength(4);
  return said;
}

it.each([claudeCode, codex, copilotCli] as readonly Kind[])('plays what $kind has said', async (kind) => {
  const scene = await setScene(kind, { max_sessions: 1 }, { tracker });
  open.push(scene);
  const issue = await scene.add(1, ['works', 'goes on']);
  await scene.start();
  await scene.untilParked(issue, 'max_sessions');
  const [played] = await scene.runs(issue);
  const heardFirst = await saidOf(scene.daemon().url);
  await scene.daemon().stop();

  const folder = await makeFolder();
  open.push(folder);
  const base = baseSettings(folder, '');
  await folder.writeWorkflow({
    ...base,
    tracker,
    agent: { kind: 'replay', max_turns: 2, max_sessions: 1, stop_grace_ms: 300 },
    replay: {
      transcript: scene.folder.file(`.sortie.db.transcripts/${played?.run_id ?? ''}.jsonl`),
      speed: 0,
    },
  });
  await folder.writeIssues([makeIssue(1)]);
  const daemon = await startDaemon(folder);
  await until('the end', async () => (await daemon.parked(issue))?.reason === 'max_sessions');
  const { runs } = await getJson<{ runs: AgentRun[] }>(`${daemon.url}/api/v1/history`);
  expect(runs).toMatchObject([
    {
      status: 'succeeded',
      attempt: 0,
      turns_completed: played?.turns_completed,
      tokens: played?.tokens,
      cost_usd: played?.cost_usd,
      cost_estimated: played?.cost_estimated,
    },
  ]);
  expect(await saidOf(daemon.url)).toEqual(heardFirst);
  const rows = async (url: string, runId: string): Promise<string[]> => {
    const text = await (await fetch(`${url}/api/v1/runs/${runId}/transcript?follow=false`)).text();
    return text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as { stream: string; line: string })
      .flatMap(({ stream, line }) => (stream === 'stdout' ? [line] : []));
  };
  const heard = await rows(daemon.url, runs[0]?.run_id ?? '');
  await daemon.stop();
  await scene.start();
  expect(heard).toEqual(await rows(scene.daemon().url, played?.run_id ?? ''));
});

it.each([
  ['limited', 'quota'],
  ['unauthorized', 'agent_error'],
] as const)('fails as the recorded agent did: %s', async (name, reason) => {
  const scene = await setScene(claudeCode);
  open.push(scene);
  const issue = await scene.add(1, [name]);
  await scene.start();
  const park = await scene.untilParked(issue, reason);
  const [played] = await scene.runs(issue);
  await scene.daemon().stop();

  const folder = await makeFolder();
  open.push(folder);
  await folder.writeWorkflow({
    ...baseSettings(folder, ''),
    agent: { kind: 'replay', stop_grace_ms: 300 },
    replay: {
      transcript: scene.folder.file(`.sortie.db.transcripts/${played?.run_id ?? ''}.jsonl`),
      speed: 0,
    },
  });
  await folder.writeIssues([makeIssue(1)]);
  const daemon = await startDaemon(folder);
  const again = await until('a park', () => daemon.parked(issue));
  expect(again).toMatchObject({ reason, detail: park.detail });
  await daemon.stop();
});
