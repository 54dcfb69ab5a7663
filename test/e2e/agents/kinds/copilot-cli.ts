// Copilot CLI: its figures are in a file that it leaves at its end, and they are those of the whole session.
import type { FakeTurn } from '../../../fake-agents/fake-turn.ts';
import type { Scene } from '../kind.ts';
import { cliKind, linesOf } from './cli-kind.ts';

const at = (name: string): string => `test/fixtures/agents/copilot-cli/${name}.jsonl`;

const CALLS: Readonly<Partial<Record<Scene, number>>> = {
  works: 2,
  idles: 2,
  'goes on': 1,
  'hangs in tool': 1,
};

function usageText(calls: number): string {
  const usage = {
    inputTokens: 120 * calls,
    outputTokens: 10 * calls,
    cacheReadTokens: 20 * calls,
    cacheWriteTokens: 0,
    reasoningTokens: 3 * calls,
  };
  return JSON.stringify({ modelMetrics: { 'fake-model': { usage } }, currentModel: 'fake-model' });
}

function scene(name: Scene, before: readonly Scene[]): FakeTurn {
  // A session that is not known any more is followed by one that counts from the start.
  const since = before.slice(before.lastIndexOf('knows no session') + 1);
  const calls = [...since, name].reduce((sum, one) => sum + (CALLS[one] ?? 0), 0);
  const files = [{ at: { flag: '--usage-output-file' }, text: usageText(calls) }];
  const play = (recording: string, exitCode = 0): FakeTurn => ({
    output: { file: at(recording) },
    exitCode,
    files,
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
      return { stderr: "Error: No session, task, or name matched 'x'\n", exitCode: 1 };
    case 'turn limit':
      throw new Error('Copilot has no limit of turns that ends a turn');
    case 'works, then hangs':
      throw new Error('nothing like that was recorded');
    case 'hangs in stream':
    case 'hangs in tool': {
      const withTool = name === 'hangs in tool';
      const recording = withTool ? 'interrupted-tool' : 'interrupted-stream';
      const lines = linesOf(at(recording));
      const afterLine = lines.findIndex((line) => line.includes('"type":"agent.interrupted"'));
      return {
        output: { file: at(recording) },
        misbehave: [{ kind: 'hang', afterLine, withTool }],
        onSignal: { SIGINT: { lines: lines.slice(afterLine), endsChildren: true } },
      };
    }
  }
}

export const copilotCli = cliKind({
  kind: 'copilot-cli',
  program: 'copilot',
  env: { COPILOT_PROVIDER_API_KEY: 'copilot-e2e-0123456789' },
  usage: 'turn_end',
  hasTurnLimit: false,
  saysReset: false,
  callsBeforeTool: 0,
  callsReportedLater: 1,
  resumeFlag: '--resume',
  sessionFlags: ['--session-id', '--resume'],
  spoken: 'FAKE done after tool',
  scene,
});
