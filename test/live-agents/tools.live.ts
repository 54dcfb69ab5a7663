// The tools of a run in the hands of the real agents: each finds the server beside its own tools, calls it unasked, waits
// with it longer than its default patience, lives with a server that is gone and says so, and shows nobody the token.

import { readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { agents } from '../../adapters/index.ts';
import type { ToolServer } from '../../src/contract/agent-tools.ts';
import { createToolListener, handOver } from '../../src/tools/mcp/index.ts';
import type { ToolAnswer } from '../../src/tools/ports.ts';
import { liveAgents } from './live-agent.ts';
import type { LiveAgent } from './live-agent.ts';
import { findOnPath, openStage } from './stage.ts';
import type { Stage } from './stage.ts';

/** A person takes their time: longer than the minute after which some agents give a silent server up. */
const PERSON_MS = 75_000;
const MAIN = fileURLToPath(new URL('../../src/main.ts', import.meta.url));

const undo: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const step of undo.splice(0).reverse()) await step();
});

interface Raised {
  readonly server: ToolServer;
  readonly calls: { readonly name: string; readonly args: unknown }[];
  readonly revoke: () => Promise<void>;
}

async function raise(): Promise<Raised> {
  const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
  const clock = {
    nowMs: () => Date.now(),
    monotonicMs: () => performance.now(),
    after(delayMs: number, fire: () => void) {
      const timer = setTimeout(fire, delayMs);
      return () => clearTimeout(timer);
    },
  };
  const listener = await createToolListener({ log, clock, version: '1.0.0' });
  undo.push(() => listener.close());
  const calls: { name: string; args: unknown }[] = [];
  const input = { type: 'object', properties: { text: { type: 'string' } }, required: ['text'] };
  const { token, wasAsked, revoke } = listener.admit({
    runId: 'live',
    turnedAway: () => undefined,
    tools: () =>
      ['live_write', 'live_ask'].map((name) => ({
        name,
        title: name,
        description: `Does ${name}.`,
        input,
        readOnly: false,
      })),
    async call(name, args, signal): Promise<ToolAnswer> {
      calls.push({ name, args });
      if (name === 'live_ask') await sleep(PERSON_MS, undefined, { signal }).catch(() => undefined);
      if (signal.aborted) calls.push({ name: 'gone', args: String(signal.reason) });
      return { ok: true, body: { success: true, data: { status: 'done', word: 'quokka' } } };
    },
  });
  const privateDirectory = await mkdtemp(join(tmpdir(), 'sortie-live-tools-'));
  undo.push(() => rm(privateDirectory, { recursive: true }));
  const bridge = {
    command: process.execPath,
    args: ['--import', import.meta.resolve('tsx'), MAIN, 'mcp-server'],
  };
  const server = await handOver(
    { url: listener.url, token, wasAsked },
    { privateDirectory, bridge, waitMs: PERSON_MS },
  );
  return { server, calls, revoke };
}

/** What anybody on the machine can read of every process. */
function commandLines(): string {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  const lines = pids.map((pid) => {
    try {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
    } catch {
      return '';
    }
  });
  return lines.join('\n');
}

for (const [name, agent] of Object.entries(liveAgents)) {
  describe(name, () => {
    check(agent, 'calls a tool of its run, and shows nobody the token', async (stage) => {
      const { server, calls } = await raise();
      const transcript: string[] = [];
      let seen = '';
      const run = await stage.run({
        tools: server,
        onLine: (stream, line) => {
          transcript.push(`${stream}: ${line}`);
          if (seen === '') seen = commandLines();
        },
      });
      const first = await run.turn('[[scenario:mcp live_write]] Write it.');
      const second = await run.turn('[[scenario:mcp live_write]] Write it again.');
      await run.stop();
      expect([first.error, second.error]).toEqual([null, null]);
      expect(calls).toEqual([
        { name: 'live_write', args: { text: 'from the model' } },
        { name: 'live_write', args: { text: 'from the model' } },
      ]);
      const results = [...first.events, ...second.events].filter((event) => event.kind === 'tool_result');
      expect(results).toMatchObject([{ ok: true }, { ok: true }]);
      expect(transcript.join('\n')).not.toContain(server.token);
      expect(transcript.join('\n')).toContain('quokka');
      expect(seen).not.toBe('');
      expect(seen).not.toContain(server.token);
    });

    check(agent, 'waits for a person, as for a tool in flight', async (stage) => {
      const { server, calls } = await raise();
      const run = await stage.run({ tools: server });
      const outcome = await run.turn('[[scenario:mcp live_ask]] Ask.');
      await run.stop();
      expect(outcome.error).toBeNull();
      expect(calls.map(({ name: called }) => called)).toEqual(['live_ask']);
      expect(outcome.events.filter((event) => event.kind === 'tool_result')).toMatchObject([{ ok: true }]);
      if (agent.kind !== 'opencode') {
        expect(outcome.events.filter((event) => event.kind === 'tool_started')).toHaveLength(1);
      }
    });

    check(agent, 'works without its tools when they are gone, and people hear of it', async (stage) => {
      const { server, revoke } = await raise();
      await revoke();
      const run = await stage.run({ tools: server });
      const outcome = await run.turn('[[scenario:text]] Work.');
      await run.stop();
      expect(outcome.error).toBeNull();
      const said = outcome.events
        .filter((event) => event.kind === 'notification')
        .map(({ message }) => message);
      expect(said.filter((message) => message.includes('sortie-tools'))).toHaveLength(1);
    });
  });
}

function check(agent: LiveAgent, title: string, body: (stage: Stage) => Promise<void>): void {
  it(title, async (context) => {
    const registration = agents.find(({ kind }) => kind === agent.kind);
    if (registration === undefined) throw new Error(`no agent ${agent.kind}`);
    if ((await findOnPath(agent.program)) === null) {
      return context.skip(`${agent.program} is not on PATH (${agent.install})`);
    }
    const stage = await openStage(agent, registration);
    undo.push(() => stage.close());
    await body(stage);
  });
}

function quiet(): void {
  // Nobody listens.
}
