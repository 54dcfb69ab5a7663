// kill −9 of the built daemon while a real agent's tool runs: the next daemon ends what was left, resumes the session
// and hands the issue off, and nothing is counted twice. Needs `npm run build`.

import { readFileSync } from 'node:fs';
import { afterEach, describe, expect, it } from 'vitest';
import { startDaemon } from '../e2e/daemon.ts';
import type { Run } from '../e2e/daemon.ts';
import { baseSettings, getJson, makeFolder, makeIssue, processesIn, until } from '../e2e/program.ts';
import { liveAgents } from './live-agent.ts';
import { startModelEndpoint } from './model-endpoint/endpoint.ts';
import { CALL_USAGE } from './model-endpoint/script.ts';
import { findOnPath } from './stage.ts';

interface CountedRun extends Run {
  readonly tokens: { readonly input_tokens: number; readonly output_tokens: number };
}

const undo: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

describe('a daemon that is killed in a tool', () => {
  for (const [name, agent] of Object.entries(liveAgents)) {
    it(name, async (context) => {
      if ((await findOnPath(agent.program)) === null) return context.skip(`${agent.program} is not on PATH`);
      const why = agent.skips?.daemon ?? agent.skips?.resume;
      if (why !== undefined) return context.skip(why);
      const folder = await makeFolder();
      undo.push(async () => {
        expect(await folder.close()).toEqual([]);
      });
      const endpoint = await startModelEndpoint();
      undo.push(() => endpoint.close());
      const home = folder.file('home');
      await agent.furnish?.({ url: endpoint.url, home });
      const base = baseSettings(folder, '');
      const settings = {
        ...base,
        agent: {
          ...(base['agent'] as object),
          kind: agent.kind,
          ...{ command: agent.command, env: agent.agentEnv, pass_env: agent.passEnv },
          stop_grace_ms: 3_000,
        },
        [agent.kind]: agent.settings,
      };
      const env = { HOME: home, NO_PROXY: '127.0.0.1', ...agent.env({ url: endpoint.url, home }) };
      const tool = (): number | undefined =>
        processesIn(folder.path).find((pid) => /(?:^|\/)sleep 4712/u.test(commandOf(pid)));

      await folder.writeIssues([makeIssue(1)]);
      await folder.writeWorkflow(settings, '[[scenario:slowtool 4712]] Do it.');
      const first = await startDaemon(folder, [], env);
      await until('the tool to run', () => tool() ?? null, 60_000);
      // A daemon learns of the session from the agent: some name it only with their first words.
      await until('the session to be known', async () => (await first.running('E2E-1'))?.session_id ?? null);
      first.program.child.kill('SIGKILL');
      await first.program.exit;
      const before = endpoint.calls.length;

      await folder.writeWorkflow(settings, '[[scenario:text]] Do it again.');
      const second = await startDaemon(folder, [], env);
      await until('the handoff', async () => (await folder.issues())[0]?.state === 'In Review', 90_000);
      expect(tool()).toBeUndefined();
      const { runs } = await getJson<{ runs: CountedRun[] }>(`${second.url}/api/v1/history?limit=100`);
      expect(new Set(runs.map(({ session_id: id }) => id)).size).toBe(1);
      const answered = (from: number): number =>
        endpoint.calls.slice(from).filter(({ isAside, reply }) => !isAside && reply.kind !== 'error').length;
      const used = runs.reduce((sum, { tokens }) => sum + tokens.input_tokens, 0);
      if (agent.inexactUsage === undefined) {
        expect(used).toBeGreaterThanOrEqual(CALL_USAGE.uncached * answered(before));
        expect(used).toBeLessThanOrEqual(CALL_USAGE.uncached * answered(0));
      }
      await second.stop();
      expect(processesIn(folder.path)).toEqual([]);
    });
  }
});

function commandOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}
