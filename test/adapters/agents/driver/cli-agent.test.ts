// What the driver does for every command-line agent, with a shell script in the place of the agent.
import { readdir } from 'node:fs/promises';
import { expect, it, afterEach } from 'vitest';
import { createCliAgent, readJsonLine, stringAt } from '../../../../adapters/agents/driver/index.ts';
import type { CliAgentParts, CliTurn } from '../../../../adapters/agents/driver/index.ts';
import type { AgentEvent, AgentRegistration, OutputReader } from '../../../../src/contract/agent.ts';
import { z } from 'zod';
import { assertNothingLeft } from '../../../conformance/agent-processes.ts';
import { clearStages, startPlay } from '../stage.ts';

afterEach(clearStages);

/** Lines `{"say": …}`, `{"session": …}` and `{"end": "ok" | …}`. */
function smallReader(): OutputReader {
  let end = '';
  return {
    take(line) {
      const object = readJsonLine(line);
      if (object === 'malformed') return [{ kind: 'malformed', message: line }];
      end = stringAt(object, 'end') || end;
      const events: AgentEvent[] = [];
      if (stringAt(object, 'say') !== '')
        events.push({ kind: 'notification', message: stringAt(object, 'say') });
      if (stringAt(object, 'session') !== '') {
        events.push({ kind: 'session_started', sessionId: stringAt(object, 'session') });
      }
      return events;
    },
    isTurnOver: () => end !== '',
    endTurn() {
      const said = end;
      end = '';
      if (said === '') return { events: [], verdict: null };
      if (said === 'ok') return { events: [], verdict: { kind: 'completed' } };
      const verdict = {
        kind: 'failed',
        error: 'turn_failed',
        reason: 'quota',
        detail: said,
        resetAtMs: 5,
      } as const;
      return { events: [], verdict };
    },
  };
}

function agentOf(script: string, more: Partial<CliAgentParts> = {}): AgentRegistration {
  return {
    kind: 'small',
    defaultCommand: 'sh',
    passEnv: [],
    settingsSchema: z.object({}),
    tools: 'none',
    usage: 'none',
    cost: 'none',
    checkCommand: () => Promise.resolve(null),
    create: () =>
      createCliAgent({
        call: ({ turn }) => ({ args: ['-c', script], stdin: turn.prompt, env: { FROM_CALL: 'yes' } }),
        createReader: smallReader,
        cleanSignal: 'SIGINT',
        install: 'get the small agent',
        ...more,
      }),
  };
}

it('believes the terminal event and not the exit code', async () => {
  const good = await startPlay(agentOf(`cat >/dev/null; echo '{"end":"ok"}'; exit 9`), { command: 'sh' });
  await good.turn();
  expect(good.events.at(-1)).toEqual({ kind: 'turn_completed' });
  const bad = await startPlay(agentOf(`echo '{"end":"limit reached"}'; exit 0`), { command: 'sh' });
  await expect(bad.turn()).rejects.toMatchObject({ kind: 'turn_failed', reason: 'quota', resetAtMs: 5 });
  expect(bad.events.at(-1)).toMatchObject({ kind: 'turn_failed' });
});

it.each([
  ['exit 0', 'turn_failed', 'truncated_output'],
  ['exit 3', 'port_exit', 'crash'],
  [`printf '{"end":"o'; exit 3`, 'turn_failed', 'truncated_output'],
  ['kill -9 $$', 'port_exit', 'crash'],
])('calls an end without a terminal event (%s) no success', async (script, kind, reason) => {
  const { turn } = await startPlay(agentOf(`echo why >&2; ${script}`), { command: 'sh' });
  await expect(turn()).rejects.toMatchObject({
    kind,
    reason,
    stderrTail: expect.stringContaining('why') as string,
  });
});

it('says how to install what is missing', async () => {
  const { turn, events } = await startPlay(agentOf(''), { command: '/nowhere/small' });
  await expect(turn()).rejects.toMatchObject({
    kind: 'agent_not_found',
    message: expect.stringContaining('install it: get the small agent') as string,
  });
  expect(events).toMatchObject([{ kind: 'startup_failed' }]);
});

it('knows from the second turn on that the agent knows the session, under the name that the agent gave it', async () => {
  const turns: Pick<CliTurn, 'sessionId' | 'resumes'>[] = [];
  const call: CliAgentParts['call'] = ({ sessionId, resumes }) => {
    turns.push({ sessionId, resumes });
    return { args: ['-c', `echo '{"session":"theirs"}'; echo '{"end":"ok"}'`], stdin: null };
  };
  const play = await startPlay(agentOf('', { call, namesSessions: true }), { command: 'sh' });
  expect(play.session.sessionId).toBe('');
  await play.turn(1);
  await play.turn(2);
  expect(turns).toEqual([
    { sessionId: '', resumes: false },
    { sessionId: 'theirs', resumes: true },
  ]);
  const resumed = await startPlay(agentOf('', { call }), { command: 'sh', resumeSessionId: 'old' });
  await resumed.turn(1);
  expect(turns.at(-1)).toEqual({ sessionId: 'old', resumes: true });
});

it('gives the program its environment, its folder and nothing that stays', async () => {
  const { turn, events, request } = await startPlay(
    agentOf(
      `printf '{"say":"%s %s %s %s"}\\n' "$PWD" "$FROM_CALL" "$SORTIE_TURN" "$(cat)"; echo '{"end":"ok"}'`,
    ),
    { command: 'sh' },
  );
  await turn(4, { prompt: 'the prompt' });
  expect(events[0]).toEqual({ kind: 'notification', message: `${request.workspacePath} yes 4 the prompt` });
  expect(await readdir(request.privateDirectory)).toEqual([]);
});

it('leaves no process when its start cannot be recorded', async () => {
  const { adapter, session, request } = await startPlay(agentOf('sleep 60'), {
    command: 'sh',
    onProcess() {
      throw new Error('the disk is full');
    },
  });
  const turn = adapter.runTurn(
    session,
    { prompt: '', turn: 1 },
    () => undefined,
    new AbortController().signal,
  );
  await expect(turn).rejects.toMatchObject({ kind: 'response_error' });
  assertNothingLeft(request.runId, []);
});

it('sends the clean signal first and reads the last words, but calls the turn cancelled', async () => {
  const abort = new AbortController();
  const { turn, events } = await startPlay(
    agentOf(
      `trap 'echo "{\\"say\\":\\"last words\\"}"; echo "{\\"end\\":\\"ok\\"}"; exit 0' INT; echo '{"say":"ready"}'; while :; do sleep 0.05; done`,
    ),
    { command: 'sh', stopGraceMs: 60_000 },
  );
  const ended = turn(1, { signal: abort.signal, onEvent: () => abort.abort('budget') });
  await expect(ended).rejects.toMatchObject({ kind: 'turn_cancelled' });
  expect(events.map((event) => ('message' in event ? event.message : event.kind))).toEqual([
    'ready',
    'last words',
    'agent: turn_cancelled: budget',
  ]);
});

it('reads what the process left in the folder of the turn', async () => {
  const { turn } = await startPlay(
    agentOf('', {
      call: ({ folder }) => ({ args: ['-c', `touch ${folder}/usage`], stdin: null }),
      afterExit: async ({ folder }) => ((await readdir(folder)).includes('usage') ? ['{"end":"ok"}'] : []),
    }),
    { command: 'sh' },
  );
  await turn();
});

it('reports one event at a time, whether it was watched or read', async () => {
  let under = 0;
  let most = 0;
  const { turn, events } = await startPlay(
    agentOf(`for n in 1 2 3 4 5 6; do echo '{"say":"line"}'; sleep 0.02; done; echo '{"end":"ok"}'`, {
      watch(_, __, report) {
        const tell = (): void => report([{ kind: 'notification', message: 'watched' }]);
        tell();
        const timer = setInterval(tell, 5);
        return () => clearInterval(timer);
      },
    }),
    { command: 'sh' },
  );
  await turn(1, {
    async onEvent() {
      most = Math.max(most, ++under);
      await new Promise((resolve) => setTimeout(resolve, 3));
      under -= 1;
    },
  });
  expect(most).toBe(1);
  expect(new Set(events.map((event) => ('message' in event ? event.message : event.kind)))).toEqual(
    new Set(['line', 'watched', 'turn_completed']),
  );
});

it('reports what is watched beside the output, and stops watching', async () => {
  let stopped = false;
  const { turn, events } = await startPlay(
    agentOf(`sleep 0.3; echo '{"end":"ok"}'`, {
      watch(_, pid, report) {
        report([{ kind: 'tool_started', callId: String(pid > 0), name: 'shell' }]);
        return () => {
          stopped = true;
        };
      },
    }),
    { command: 'sh' },
  );
  await turn();
  expect(events[0]).toEqual({ kind: 'tool_started', callId: 'true', name: 'shell' });
  expect(stopped).toBe(true);
});
