// A fake agent that speaks JSON-RPC lines on stdio (codex app-server, ACP agents): a protocol player. It reads a
// recorded dialogue and, whenever the client sends a message, plays what the real agent said after the recorded
// message with the same method, with the ids of requests turned into the client's, in random pieces.
//
// A dialogue has a message a line: `{"dir":"client->agent", …}` is the client's and anything else the agent's; the
// message itself is either the whole line or its `msg`. Which recorded message belongs to the client's: the first
// one that was not played yet, with the same method and the same `[[marker]]` in it when it has one; when all were
// played, the last. What was played is kept over processes, so a second process goes on where the first one ended.
// The client's answers to the agent's own requests go by the method of what they answer, as `re:METHOD`.
//
//   const server = await installFakeServer({
//     name: 'codex',
//     dialogue: { file: 'test/fixtures/agents/codex/appserver.jsonl' },
//     misbehave: [{ kind: 'hang', method: 'turn/start', afterLine: 3, withTool: true }],
//     hooks: 'test/fixtures/agents/codex/slow-interrupt.mjs',
//   });
//
// A hooks module exports `answers`: a function by method, `(message, tools) => void | Promise<void>`, instead of what
// was recorded. tools: `send(object)`, `reply(result)`, `fail({ code, message })`, `play()` (what was recorded),
// `raw(text)`, `startTool()`, `hang()`, `exit(code)`, `count` (how often this method came in this process, from 1).

import { resolve } from 'node:path';
import type { FakePlace, FakeProbe, FakeSignalAnswer } from './fake-turn.ts';
import { installProgram } from './installation.ts';
import type { FakeAgent } from './installation.ts';

export type FakeServerTrouble = {
  /** Of the client's message; the trouble comes at the first `times` of them (default 1, over all processes). */
  readonly method: string;
  readonly times?: number;
  /** So many of the recorded lines are played before it. Default 0. */
  readonly afterLine?: number;
} & (
  | { readonly kind: 'hang'; readonly withTool?: boolean }
  /** Ends its output and itself. */
  | { readonly kind: 'exit'; readonly exitCode: number; readonly stderr?: string }
  | { readonly kind: 'dies'; readonly by: 'SIGKILL' | 'SIGSEGV' }
  /** Ends in the middle of the next recorded line, with exit code 0. */
  | { readonly kind: 'cut' }
  | { readonly kind: 'error'; readonly error: { readonly code: number; readonly message: string } }
  | { readonly kind: 'child-in-new-session'; readonly ignoresSignals?: boolean }
  | { readonly kind: 'stdout-held-by-grandchild' }
  | { readonly kind: 'huge-line'; readonly bytes: number }
  /** Lines that are no protocol. */
  | { readonly kind: 'noise'; readonly lines: readonly string[] }
);

export interface FakeServerOptions {
  readonly name: string;
  readonly dialogue: { readonly file: string } | { readonly lines: readonly string[] };
  readonly misbehave?: readonly FakeServerTrouble[];
  /** Path of a JavaScript module; see above. */
  readonly hooks?: string;
  /** Recorded texts that are replaced in what is played. */
  readonly replace?: Readonly<Record<string, string | FakePlace>>;
  /** Default true: exits with 0 when stdin ends. */
  readonly endsWithStdin?: boolean;
  readonly onSignal?: Readonly<Partial<Record<'SIGINT' | 'SIGTERM', FakeSignalAnswer>>>;
  readonly probes?: readonly FakeProbe[];
  readonly readFiles?: readonly FakePlace[];
  readonly stderr?: string;
  readonly pieces?: 'random' | 'whole';
  readonly seed?: number;
}

/** Its calls are processes; what the client said is in `messages` of each. */
export function installFakeServer(options: FakeServerOptions): Promise<FakeAgent> {
  const { name, dialogue, hooks, probes = [], readFiles = [], ...rest } = options;
  return installProgram(name, './server-program.mjs', {
    ...rest,
    probes,
    readFiles,
    dialogue: 'file' in dialogue ? { file: resolve(dialogue.file) } : dialogue,
    hooks: hooks === undefined ? null : resolve(hooks),
  });
}
