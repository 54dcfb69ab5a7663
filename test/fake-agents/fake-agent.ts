// A fake CLI agent: an executable for PATH that plays recorded output, call after call, and misbehaves on demand.
// It is a real process with real pipes, signals and children; what it was given is recorded and can be asked for.
//
//   const agent = await installFakeAgent({
//     name: 'claude',
//     turns: [
//       { output: { file: 'test/fixtures/agents/claude-code/success.jsonl' },
//         replace: { 'recorded-session-id': { flag: ['--session-id', '--resume'] } } },
//       { output: { lines: ['{"type":"system"}'] },
//         misbehave: [{ kind: 'hang', afterLine: 1, withTool: true }],
//         onSignal: { SIGINT: { lines: ['{"type":"result"}'], endsChildren: true } } },
//     ],
//   });
//   await adapter.startSession({ ...request, env: agent.pathEnv(request.env) }, signal);
//   …
//   const [first] = await agent.calls();         // args, env, cwd, stdin, pids, files, signals, exit code
//   await agent.until((calls) => calls[1]?.hanging);   // then abort
//   await agent.close();                         // throws when anything of it is left alive

import { resolve } from 'node:path';
import type { FakeOutput, FakePlace, FakeProbe, FakeTurn } from './fake-turn.ts';
import { installProgram } from './installation.ts';
import type { FakeAgent } from './installation.ts';

export interface FakeAgentOptions {
  /** Of the executable. */
  readonly name: string;
  /** One for each call; a call too many ends with exit code 97. */
  readonly turns: readonly FakeTurn[];
  readonly probes?: readonly FakeProbe[];
  /** Files whose content is recorded when a call begins, because the adapter removes them after it. */
  readonly readFiles?: readonly FakePlace[];
  /** Of the pieces; default 1. */
  readonly seed?: number;
}

export function installFakeAgent(options: FakeAgentOptions): Promise<FakeAgent> {
  const turns = options.turns.map((turn, number) => ({
    ...turn,
    output: [turn.output ?? []].flat().map(portable),
    seed: (options.seed ?? 1) * 1_000 + number,
  }));
  const { probes = [], readFiles = [] } = options;
  return installProgram(options.name, './agent-program.mjs', { turns, probes, readFiles });
}

function portable(output: FakeOutput): { file: string } | { base64: string } {
  if ('file' in output) return { file: resolve(output.file) };
  const bytes =
    'bytes' in output ? output.bytes : Buffer.from(output.lines.map((line) => `${line}\n`).join(''));
  return { base64: bytes.toString('base64') };
}
