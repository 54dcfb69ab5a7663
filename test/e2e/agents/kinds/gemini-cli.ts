// Gemini CLI: counts at the end of a turn only, and leaves its tool behind at SIGTERM.
import type { FakeTurn } from '../../../fake-agents/fake-turn.ts';
import type { Scene } from '../kind.ts';
import { cliKind } from './cli-kind.ts';

function scene(name: Scene): FakeTurn {
  const play = (recording: string, exitCode = 0): FakeTurn => ({
    output: { file: `test/fixtures/agents/gemini-cli/${recording}.jsonl` },
    exitCode,
  });
  switch (name) {
    case 'works':
    case 'idles':
      return play('success');
    case 'goes on':
      return play('resume');
    case 'unauthorized':
      return play('error401', 145);
    case 'limited':
      return play('error429', 173);
    case 'broken':
      return play('error500', 244);
    case 'turn limit':
      return play('maxturns', 53);
    case 'knows no session':
      return {
        stderr: 'Error resuming session: No previous sessions found for this project.\n',
        exitCode: 42,
      };
    case 'works, then hangs':
      throw new Error('nothing like that was recorded');
    case 'hangs in stream':
    case 'hangs in tool': {
      const withTool = name === 'hangs in tool';
      return {
        ...play('success'),
        misbehave: [{ kind: 'hang', afterLine: withTool ? 4 : 3, withTool }],
        onSignal: { SIGTERM: { exitCode: 0 } },
      };
    }
  }
}

export const geminiCli = cliKind({
  kind: 'gemini-cli',
  program: 'gemini',
  env: { GEMINI_API_KEY: 'gemini-e2e-0123456789' },
  usage: 'turn_end',
  hasTurnLimit: true,
  saysReset: false,
  callsBeforeTool: 0,
  callsReportedLater: 0,
  resumeFlag: '--resume',
  sessionFlags: ['--session-id', '--resume'],
  spoken: 'FAKE done after tool',
  scene,
});
