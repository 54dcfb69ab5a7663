// Claude Code: SIGINT makes it say what it has used.
import type { FakeTurn } from '../../../fake-agents/fake-turn.ts';
import type { Scene } from '../kind.ts';
import { cliKind, linesOf } from './cli-kind.ts';

const at = (name: string): string => `test/fixtures/agents/claude-code/${name}.jsonl`;
/** Up to the call of the tool, with what the model call before it has used. */
const LINES_BEFORE_TOOL = 12;

function scene(name: Scene): FakeTurn {
  const play = (recording: string, exitCode = 0): FakeTurn => ({
    output: { file: at(recording) },
    exitCode,
  });
  switch (name) {
    case 'works':
    case 'idles':
      return play('partial-tool');
    case 'goes on':
      return play('partial-resume');
    case 'unauthorized':
      return play('error401', 1);
    case 'limited':
      return play('usage-limit', 1);
    case 'broken':
      return play('error500', 1);
    case 'turn limit':
      return play('maxturns', 1);
    case 'knows no session':
      return play('resume-unknown', 1);
    case 'hangs in stream': {
      const lines = linesOf(at('interrupted-stream'));
      return {
        output: { file: at('interrupted-stream') },
        misbehave: [{ kind: 'hang', afterLine: 6 }],
        onSignal: { SIGINT: { lines: lines.slice(-1) } },
      };
    }
    case 'works, then hangs':
    case 'hangs in tool':
      return {
        output: { file: at('partial-tool') },
        misbehave: [{ kind: 'hang', afterLine: LINES_BEFORE_TOOL, withTool: true }],
        onSignal: { SIGINT: { lines: linesOf(at('interrupted-tool')).slice(-1) } },
      };
  }
}

export const claudeCode = cliKind({
  kind: 'claude-code',
  program: 'claude',
  env: { ANTHROPIC_API_KEY: 'sk-ant-e2e-0123456789' },
  usage: 'live',
  hasTurnLimit: true,
  saysReset: true,
  callsBeforeTool: 1,
  callsReportedLater: 0,
  resumeFlag: '--resume',
  sessionFlags: ['--session-id', '--resume'],
  spoken: 'done: tool',
  scene,
});
