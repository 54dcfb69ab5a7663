// opencode: counts model call by model call, names its sessions itself, dies at once by any signal.
import type { FakeTurn } from '../../../fake-agents/fake-turn.ts';
import type { Scene } from '../kind.ts';
import { cliKind } from './cli-kind.ts';

function scene(name: Scene): FakeTurn {
  const play = (recording: string, exitCode = 0): FakeTurn => ({
    output: { file: `test/fixtures/agents/opencode/${recording}.jsonl` },
    exitCode,
  });
  switch (name) {
    case 'works':
    case 'idles':
      return play('success');
    case 'goes on':
      return play('resume');
    case 'unauthorized':
      return play('error401', 1);
    case 'limited':
      return play('error429', 1);
    case 'broken':
      return play('error500', 1);
    case 'knows no session':
      return { stderr: 'Error: Session not found\n', exitCode: 1 };
    case 'turn limit':
      throw new Error('opencode has no limit of turns');
    case 'works, then hangs':
      throw new Error('nothing like that was recorded');
    case 'hangs in stream':
    case 'hangs in tool': {
      const withTool = name === 'hangs in tool';
      return { ...play('success'), misbehave: [{ kind: 'hang', afterLine: withTool ? 1 : 4, withTool }] };
    }
  }
}

export const opencode = cliKind({
  kind: 'opencode',
  program: 'opencode',
  env: {},
  usage: 'live',
  hasTurnLimit: false,
  saysReset: false,
  callsBeforeTool: 0,
  callsReportedLater: 0,
  resumeFlag: '--session',
  sessionFlags: [],
  spoken: 'FAKE done after tool',
  scene,
});
