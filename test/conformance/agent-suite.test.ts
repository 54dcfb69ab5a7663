// Proves that the agent suite finds what it looks for: a good agent is broken in one way at a time, and the cases that
// are about that way, and no others, turn red.
import { afterEach, describe, expect, it } from 'vitest';
import { agent as good } from '../../adapters/agents/command/index.ts';
import { AgentError } from '../../src/contract/agent.ts';
import type { AgentAdapter, AgentEvent, SessionRequest } from '../../src/contract/agent.ts';
import { launchProcess } from '../../src/process/index.ts';
import type { LaunchedProcess } from '../../src/process/index.ts';
import { clearStages, newRequest } from '../adapters/agents/stage.ts';
import { markedWith } from './agent-processes.ts';
import { agentConformance } from './agent.ts';
import type { AgentScenario, AgentWorld } from './agent.ts';

const usage = `echo '{"event":"token_usage","input_tokens":70,"output_tokens":7}'`;
const commands: Record<AgentScenario, string> = {
  completes: `echo working; ${usage}; echo still`,
  fails: 'exit 75',
  asks: 'exit 77',
  hangs: 'echo working; exec sleep 300',
  resists: `trap '' TERM; echo no; while :; do sleep 1; done`,
  missing: 'sortie-no-such-program',
};

/** For agents that do not settle at all. */
const SOON_MS = 1500;

/** Names of the cases that a broken agent fails. With those that may hang nobody has patience. */
async function redCases(
  breakIt: (adapter: AgentAdapter) => Partial<AgentAdapter>,
  mayHang: (name: string) => boolean = () => false,
): Promise<string[]> {
  const create = (): AgentAdapter => {
    const adapter = good.create();
    return { ...adapter, ...breakIt(adapter) };
  };
  const world: AgentWorld = {
    registration: { ...good, create },
    usagePerTurn: { inputTokens: 70, outputTokens: 7, cacheReadTokens: 0 },
    stage: async (scenario) => ({
      request: await newRequest({ command: commands[scenario] }),
      close: () => Promise.resolve(),
    }),
  };
  const impatient = agentConformance({ ...world, settleLimitMs: SOON_MS });
  const red: string[] = [];
  for (const [index, patient] of agentConformance(world).entries()) {
    const { name, run } = mayHang(patient.name) ? (impatient[index] ?? patient) : patient;
    await run().catch(() => red.push(name));
  }
  return red;
}

const strays: LaunchedProcess[] = [];
afterEach(async () => {
  await Promise.all(strays.splice(0).map((stray) => stray.end('the test is over')));
  await clearStages();
});

/** Changes what is reported. */
const reporting =
  (change: (event: AgentEvent, onEvent: (event: AgentEvent) => unknown) => void | Promise<void>) =>
  ({ runTurn }: AgentAdapter): Partial<AgentAdapter> => ({
    runTurn: (session, turn, onEvent, signal) =>
      runTurn(session, turn, (event) => change(event, onEvent), signal),
  });

/** Changes with which kind a turn fails. */
const failingAs =
  (kind: AgentError['kind']) =>
  ({ runTurn }: AgentAdapter): Partial<AgentAdapter> => ({
    runTurn: (...args) =>
      runTurn(...args).catch(() => {
        throw new AgentError(kind, 'planted');
      }),
  });

describe('an agent that', () => {
  it('is good passes', async () => {
    expect(await redCases(() => ({}))).toEqual([]);
  });

  it('repeats its totals', async () => {
    const red = await redCases(
      reporting((event, onEvent) => {
        if (event.kind === 'token_usage') void onEvent(event);
        return void onEvent(event);
      }),
    );
    expect(red).toContain('reports usage as increments');
  });

  it('reports after its turn', async () => {
    const red = await redCases(({ runTurn }) => ({
      async runTurn(session, turn, onEvent, signal) {
        let last: AgentEvent | undefined;
        await runTurn(session, turn, (event) => onEvent((last = event)), signal);
        setTimeout(() => last && void onEvent(last), 1);
      },
    }));
    expect(red).toContain('reports before a turn settles, and nothing afterwards');
  });

  it('does not wait for its listener', async () => {
    const red = await redCases(reporting((event, onEvent) => void onEvent(event)));
    expect(red).toEqual(['waits for a slow listener before it reports the next event']);
  });

  it('calls a failure a missing program', async () => {
    expect(await redCases(failingAs('agent_not_found'))).toEqual(
      expect.arrayContaining([
        'fails a turn with a kind that is worth another try, and leaves nothing',
        'tells a question from a failure',
        'cancels a turn that hangs and leaves no process',
      ]),
    );
  });

  it('forgets the session that it should resume', async () => {
    const red = await redCases(({ startSession }) => ({
      startSession: (request, signal) => startSession({ ...request, resumeSessionId: null }, signal),
    }));
    expect(red).toEqual(['resumes under the id that it is given']);
  });

  it('reports no process', async () => {
    const red = await redCases(({ startSession }) => ({
      startSession: (request, signal) => startSession({ ...request, onProcess: () => undefined }, signal),
    }));
    expect(red).toEqual(['reports a live process, with an identity that can be found again']);
  });

  it('shows the token of its tools', async () => {
    const red = await redCases(({ startSession }) => ({
      startSession(request, signal) {
        request.onLine('input', `tools with ${request.tools?.token ?? 'no token'}`);
        return startSession(request, signal);
      },
    }));
    expect(red).toEqual(['works with tools that do not answer, and shows nobody their token']);
  });

  it('leaves a process behind', async () => {
    const requests = new WeakMap<object, SessionRequest>();
    const red = await redCases(({ startSession, runTurn }) => ({
      async startSession(request, signal) {
        const session = await startSession(request, signal);
        requests.set(session, request);
        return session;
      },
      async runTurn(session, ...args) {
        const mark = requests.get(session)?.runId ?? null;
        await runTurn(session, ...args).finally(async () => {
          const options = { cwd: '/', env: {}, mark, stdin: null, graceMs: 100 };
          strays.push(launchProcess({ file: '/bin/sleep', args: ['300'], ...options }));
          // Its mark can be read only when it has become that program.
          await expect.poll(() => markedWith(mark ?? '')).not.toEqual([]);
        });
      },
    }));
    expect(red).toEqual(
      expect.arrayContaining([
        'reports before a turn settles, and nothing afterwards',
        'fails a turn with a kind that is worth another try, and leaves nothing',
        'cancels a turn that hangs and leaves no process',
        'cancels a turn that resists, within its grace, and leaves no process',
        'ends a running turn when its session is stopped',
      ]),
    );
  });

  it('does not stop when it is told to', async () => {
    const hanging = 'ends a running turn when its session is stopped';
    const red = await redCases(
      () => ({ stopSession: () => Promise.resolve() }),
      (name) => name === hanging,
    );
    expect(red).toEqual([hanging, 'may be stopped twice, and runs no turn afterwards']);
  });

  it('never settles a turn, which fails the case and not the patience', async () => {
    const red = await redCases(
      ({ runTurn }) => ({
        runTurn: async (...args) => {
          await runTurn(...args).catch((error: unknown) => {
            if (error instanceof AgentError && error.kind === 'turn_cancelled')
              return new Promise(() => undefined);
            throw error;
          });
        },
      }),
      () => true,
    );
    expect(red).toContain('cancels a turn that hangs and leaves no process');
  });
});
