// What the tests here must know of an agent kind to play any story with it: how each scene looks in its own words, and
// where one sees that a session was resumed. Everything else is the same for all kinds, and that is what is tested.

import type { FakeAgent } from '../../fake-agents/installation.ts';

/** One turn of an agent. Each model call counts 100 input, 20 cache read and 10 output tokens. */
export type Scene =
  /** A tool call between two model calls; says `SPOKEN`; leaves a file in the workspace. */
  | 'works'
  /** The same, and leaves nothing. */
  | 'idles'
  /** One more model call, in the session of the scene before. */
  | 'goes on'
  | 'unauthorized'
  | 'limited'
  | 'broken'
  | 'turn limit'
  /** In the middle of a model's answer, for ever. */
  | 'hangs in stream'
  /** In a tool, which is a process in a session of its own, for ever. */
  | 'hangs in tool'
  /** Hangs after its first model call, with what that has used told. */
  | 'works, then hangs'
  | 'knows no session';

/** How a turn was begun: in a new session, resuming this one, or in the process of the turn before. */
export type Beginning = 'new' | `resumes ${string}` | 'same process';

export interface Kind {
  readonly kind: string;
  /** The program's name. */
  readonly program: string;
  /** Whole, when it is more than the program. */
  readonly command?: string;
  /** Added to the daemon's environment: whatever keeps it from asking for credentials. */
  readonly env: Readonly<Record<string, string>>;
  readonly usage: 'live' | 'turn_end';
  /** It has a limit of turns of its own that can be met. */
  readonly hasTurnLimit: boolean;
  /** Its answer to 429 says when it may go on. */
  readonly saysReset: boolean;
  /** Model calls that are reported when it hangs in a tool, before that tool. */
  readonly callsBeforeTool: number;
  /** Model calls of a scene that hung, which the agent reports only when its session goes on. */
  readonly callsReportedLater: number;
  /** Shell commands ahead of each call: what the fake itself cannot do. */
  readonly before: string;
  play(scenes: readonly Scene[]): Promise<FakeAgent>;
  /** Turn by turn. */
  beginnings(fake: FakeAgent): Promise<Beginning[]>;
  /** What the agent was told, turn by turn. */
  prompts(fake: FakeAgent): Promise<string[]>;
  /** How it was asked to stop: the signals it took, or the protocol's own word. */
  stops(fake: FakeAgent): Promise<string[]>;
}

/** Name of the variable of `agent.env` whose value an agent that works says aloud: a secret, by its name. */
export const SPOKEN = 'AGENT_SAYS_TOKEN';

/** The file that an agent leaves when it works. */
export const WORK = 'agent-output.txt';

/** As the history shows it. */
export function tokensOf(calls: number): object {
  return {
    input_tokens: 100 * calls,
    output_tokens: 10 * calls,
    total_tokens: 110 * calls,
    cache_read_tokens: 20 * calls,
  };
}
