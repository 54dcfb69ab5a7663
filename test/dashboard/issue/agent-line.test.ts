// The raw lines of every agent that is known, read for people: what was really printed by them, and whatever else.
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readAgentLine } from '../../../src/dashboard/issue/agent-line.ts';

const recorded = (path: string): string[] =>
  readFileSync(new URL(`../../fixtures/agents/${path}`, import.meta.url), 'utf8')
    .trim()
    .split('\n')
    .map((line) => {
      const value = JSON.parse(line) as { dir?: string; msg?: unknown };
      return value.dir !== undefined && value.msg !== undefined ? JSON.stringify(value.msg) : line;
    });

/** Kind, tool and the beginning of the text; without protocol. */
const told = (lines: readonly string[]): string[] =>
  lines
    .flatMap((line) => readAgentLine({ stream: 'stdout', line }))
    .filter(({ kind }) => kind !== 'noise')
    .map(({ kind, name, ok, text }) =>
      [kind, name, ok ?? '', text.slice(0, 40)].filter((part) => part !== '').join(' '),
    );

const command = 'echo hello-from-agent';

describe('what an agent prints', () => {
  it.each([
    [
      'claude-code/success.jsonl',
      ['call Bash', `command: ${command}`],
      ['result true', 'hello-from-agent'],
      ['text', 'FAKE'],
    ],
    [
      'codex/appserver.jsonl',
      ['call commandExecution', command],
      ['result commandExecution true', 'hello-from-agent'],
      ['text', 'FAKE done'],
    ],
    [
      'acp/claude.jsonl',
      ['call Bash', command],
      ['result true', 'hello-from-agent'],
      ['prompt', '[[scenario:tool]] go'],
    ],
    ['acp/codex.jsonl', ['call exec_command', command], ['result true', 'hello-from-agent'], ['text', '']],
    [
      'gemini-cli/success.jsonl',
      ['call run_shell_command', command],
      ['result true', 'hello-from-agent'],
      ['prompt', 'Please do it'],
    ],
    [
      'copilot-cli/success.jsonl',
      ['call bash', command],
      ['result true', 'hello-from-agent'],
      ['text', 'FAKE done'],
    ],
  ])('of %s is told with its calls, results and words', (path, ...expected) => {
    const lines = told(recorded(path));
    for (const [head, text] of expected) {
      expect(
        lines.some((line) => line.startsWith(head ?? '') && line.includes((text ?? '').slice(0, 25))),
      ).toBe(true);
    }
    expect(lines.filter((line) => line.startsWith('plain'))).toEqual([]);
  });

  it('of opencode has the call and its result in one line', () => {
    const refused =
      recorded('opencode/denied-then-on.jsonl').find((line) => line.includes('"status":"error"')) ?? '';
    expect(told([refused])).toEqual([
      expect.stringMatching(/^call bash .*curl/) as string,
      expect.stringMatching(/^result bash false The user has/) as string,
    ]);
  });

  it('of the bundled agent is told too', () => {
    expect(
      told([
        '{"event":"notification","message":"planning"}',
        '{"event":"tool_result","name":"run_tests","ok":false,"duration_ms":1500}',
        '{"event":"token_usage","input_tokens":5}',
      ]),
    ).toEqual(['text planning', 'result run_tests false 1.5 s']);
  });

  it('in a format that nobody knows is told when it says what it is, and shown as it is otherwise', () => {
    expect(told(['{"level":"error","msg":"no disk"}', '{"a":1}', '{broken', 'npm WARN'])).toEqual([
      'error no disk',
      'plain {"a":1}',
      'plain {broken',
      'plain npm WARN',
    ]);
  });

  it('on stderr is never taken for protocol', () => {
    const line = '{"event":"notification","message":"planning"}';
    expect(readAgentLine({ stream: 'stderr', line })).toMatchObject([{ kind: 'plain', text: line }]);
  });

  it('is read without an error, whatever it is', () => {
    const known = fc.constantFrom(
      '{"type":"assistant"}',
      '{"type":"result","num_turns":1}',
      '{"method":"item/completed"}',
      '{"sessionID":1,"type":"tool_use"}',
      '{"jsonrpc":"2.0","method":"session/update","params":null}',
      '{"type":"x.y","data":{}}',
      '{"event":"tool_result"}',
    );
    const value = fc
      .json()
      .map((json) => `{"type":"assistant","message":${json},"params":${json},"data":${json}}`);
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.json(), known, value), (line) => {
        expect(readAgentLine({ stream: 'stdout', line }).length).toBeGreaterThan(0);
      }),
      { numRuns: 500 },
    );
  });
});
