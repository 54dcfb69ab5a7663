// A kind whose program is started once a turn: scenes become turns of a fake executable, and how a turn was begun
// stands in its arguments.

import { readFileSync } from 'node:fs';
import { installFakeAgent } from '../../../fake-agents/fake-agent.ts';
import type { FakeTurn } from '../../../fake-agents/fake-turn.ts';
import { SPOKEN, WORK } from '../kind.ts';
import type { Kind, Scene } from '../kind.ts';

export interface CliParts extends Pick<
  Kind,
  | 'kind'
  | 'program'
  | 'env'
  | 'usage'
  | 'hasTurnLimit'
  | 'saysReset'
  | 'callsBeforeTool'
  | 'callsReportedLater'
> {
  readonly resumeFlag: string;
  /** Those that name the session, for recordings in which it has another name. */
  readonly sessionFlags: readonly string[];
  /** What an agent that works says, in its recording. */
  readonly spoken: string;
  scene(scene: Scene, before: readonly Scene[]): FakeTurn;
}

export function cliKind(parts: CliParts): Kind {
  const turnOf = (scene: Scene, before: readonly Scene[]): FakeTurn => {
    const turn = parts.scene(scene, before);
    const file = [turn.output ?? []].flat()[0];
    const recorded = file !== undefined && 'file' in file ? sessionIn(readFileSync(file.file, 'utf8')) : null;
    return {
      ...turn,
      replace: {
        ...(recorded === null || parts.sessionFlags.length === 0
          ? {}
          : { [recorded]: { flag: parts.sessionFlags } }),
        ...(scene === 'works' ? { [parts.spoken]: { env: SPOKEN } } : {}),
        ...turn.replace,
      },
      files: [...(turn.files ?? []), ...(scene === 'works' ? [{ at: { cwd: WORK }, text: 'hello\n' }] : [])],
    };
  };
  return {
    ...parts,
    before: ':',
    play: (scenes) =>
      installFakeAgent({
        name: parts.program,
        turns: scenes.map((scene, at) => turnOf(scene, scenes.slice(0, at))),
      }),
    beginnings: async (fake) =>
      (await fake.calls()).map(({ args }) => {
        const flag = args.findIndex((arg) => arg === parts.resumeFlag);
        const joined = args.find((arg) => arg.startsWith(`${parts.resumeFlag}=`));
        const id = flag >= 0 ? args[flag + 1] : joined?.slice(parts.resumeFlag.length + 1);
        return id === undefined ? ('new' as const) : (`resumes ${id}` as const);
      }),
    prompts: async (fake) => (await fake.calls()).map(({ stdin }) => stdin ?? ''),
    stops: async (fake) => (await fake.calls()).flatMap(({ signals }) => signals),
  };
}

export function linesOf(file: string): string[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line !== '');
}

function sessionIn(text: string): string | null {
  return /"(?:session_id|sessionId|sessionID)":"([^"]+)"/.exec(text)?.[1] ?? null;
}
