// A kind whose process serves many turns: scenes become requests of a dialogue that a fake server answers from a
// recording, and how a turn was begun stands in what it was asked.

import { installFakeServer } from '../../../fake-agents/fake-server.ts';
import type { FakeServerTrouble } from '../../../fake-agents/fake-server.ts';
import type { FakeCall } from '../../../fake-agents/fake-turn.ts';
import { SPOKEN, WORK } from '../kind.ts';
import type { Beginning, Kind, Scene } from '../kind.ts';

/** What the agent says to one request, as a line of a dialogue each, the client's first. */
export interface Part {
  readonly lines: readonly string[];
  readonly trouble?: FakeServerTrouble;
}

export interface ProtocolParts extends Omit<Kind, 'play' | 'before' | 'beginnings' | 'prompts' | 'stops'> {
  /** What comes before any turn: the same in each process. */
  readonly opening: readonly string[];
  scene(scene: Scene, before: readonly Scene[]): Part;
  readonly spoken: string;
  readonly methods: {
    readonly turn: string;
    readonly resume: string;
    readonly begin: string;
    readonly stop: string;
  };
  promptOf(message: Record<string, unknown>): string;
  sessionOf(message: Record<string, unknown>): string;
}

export function protocolKind(parts: ProtocolParts): Kind {
  const { methods } = parts;
  const turnsOf = (call: FakeCall): Record<string, unknown>[] =>
    call.messages.filter(({ method }) => method === methods.turn);

  return {
    ...parts,
    before: `echo work >> ${WORK}`,
    play(scenes) {
      const played = scenes.map((scene, at) => parts.scene(scene, scenes.slice(0, at)));
      // Troubles come in their order: a turn without one has one that does nothing.
      const calm: FakeServerTrouble = { kind: 'noise', method: methods.turn, lines: [] };
      const misbehave = played.map(({ trouble }) => trouble ?? calm);
      return installFakeServer({
        name: parts.program,
        dialogue: { lines: [...parts.opening, ...played.flatMap(({ lines }) => lines)] },
        misbehave,
        replace: scenes.includes('works') ? { [parts.spoken]: { env: SPOKEN } } : {},
      });
    },
    async beginnings(fake) {
      return (await fake.calls()).flatMap((call): Beginning[] => {
        const resumed = call.messages.find(({ method }) => method === methods.resume);
        const first: Beginning = resumed === undefined ? 'new' : `resumes ${parts.sessionOf(resumed)}`;
        const turns = turnsOf(call).map((_, at): Beginning => (at === 0 ? first : 'same process'));
        return turns.length === 0 && resumed !== undefined ? [first] : turns;
      });
    },
    prompts: async (fake) => (await fake.calls()).flatMap(turnsOf).map((message) => parts.promptOf(message)),
    stops: async (fake) =>
      (await fake.calls()).flatMap(({ messages, signals }) => [
        ...messages.flatMap(({ method }) => (method === methods.stop ? [methods.stop] : [])),
        ...signals,
      ]),
  };
}
