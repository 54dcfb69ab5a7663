// The table of exit codes, with a real shell for each.
import { afterEach, describe, expect, it } from 'vitest';
import { agent } from '../../../../adapters/agents/command/index.ts';
import { AgentError } from '../../../../src/contract/agent.ts';
import { clearStages, startPlay } from '../stage.ts';

afterEach(clearStages);

async function errorOf(command: string): Promise<AgentError> {
  const { turn, events } = await startPlay(agent, { command });
  const error: unknown = await turn().catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(AgentError);
  expect(events.map(({ kind }) => kind)).not.toContain('turn_completed');
  return error as AgentError;
}

it('0 completes the turn', async () => {
  const { turn, events } = await startPlay(agent, { command: 'exit 0' });
  await turn();
  expect(events.at(-1)).toEqual({ kind: 'turn_completed' });
});

describe('any other code', () => {
  it.each([
    [1, 'turn_failed'],
    [2, 'turn_failed'],
    [75, 'turn_failed'],
    [76, 'turn_failed'],
    [77, 'turn_input_required'],
    [78, 'agent_config_error'],
    [126, 'agent_not_found'],
    [127, 'agent_not_found'],
    [128, 'turn_failed'],
    [143, 'turn_failed'],
    [255, 'turn_failed'],
  ])('%i is %s', async (code, kind) => {
    expect(await errorOf(`exit ${code}`)).toMatchObject({
      kind,
      exitCode: code,
      message: expect.stringContaining(`exit code ${code}`) as string,
    });
  });
});

it('death by a signal is port_exit, whatever the signal', async () => {
  expect(await errorOf('kill -KILL $$')).toMatchObject({ kind: 'port_exit', exitCode: null });
  expect((await errorOf('kill -TERM $$')).message).toContain('SIGTERM');
});

it('a missing command is agent_not_found', async () => {
  const { kind, message } = await errorOf('sortie-no-such-program --now');
  expect(kind).toBe('agent_not_found');
  expect(message).toContain('sortie-no-such-program');
});

it('a file that is not executable is agent_not_found', async () => {
  expect(await errorOf('touch plain && ./plain')).toMatchObject({ kind: 'agent_not_found', exitCode: 126 });
});

it('the last line of stderr is the reason, and its tail is kept', async () => {
  const error = await errorOf('echo first >&2; printf "the \\033[31mreason\\033[0m\\n\\n" >&2; exit 3');
  expect(error.message).toBe('agent: turn_failed: exit code 3: the reason');
  expect(error.stderrTail).toContain('first\n');
});

it('the last words before 77 are the question', async () => {
  expect((await errorOf('echo "Which colour?"; exit 77')).message).toContain('Which colour?');
});

it('the tail of a long stderr is bounded', async () => {
  const error = await errorOf('yes "something went wrong" | head -c 3000000 >&2; echo last >&2; exit 1');
  expect(error.stderrTail.length).toBeLessThan(10_000);
  expect(error.stderrTail).toContain('last');
});
