// What one session plays: the turns of its files in order, round and round. The N-th attempt begins with the N-th file,
// so that a list can hold a failure first and a success for the attempt that follows. Each time a file begins, so does
// a reader of the agent that it was recorded from; a recording's own session id is not ours and is left out.

import type { OutputReader } from '../../../src/contract/agent.ts';
import type { RecordedTurn, TurnIndex } from './turn-index.ts';

/** A recording that can be played. */
export interface Recording {
  readonly path: string;
  readonly index: TurnIndex;
}

export interface Playlist {
  /** The next turn to play; the reader is ready for it. */
  next(): { readonly recording: Recording; readonly turn: RecordedTurn };
  /** Of whatever is played at the time. */
  readonly reader: OutputReader;
}

/** @param readerOf a new reader for an agent kind; not null for the kinds of `recordings`. */
export function createPlaylist(
  recordings: readonly Recording[],
  attempt: number,
  readerOf: (kind: string) => OutputReader | null,
): Playlist {
  let file = attempt % recordings.length;
  let turn = 0;
  let reader: OutputReader | null = null;
  const current = (): Recording => {
    const recording = recordings[file];
    if (recording === undefined) throw new RangeError(`there is no recording ${file}`);
    return recording;
  };
  const reading = (): OutputReader => {
    reader ??= readerOf(current().index.agentKind);
    if (reader === null) throw new RangeError(`there is no reader for ${current().index.agentKind}`);
    return reader;
  };
  return {
    next() {
      if (turn >= current().index.turns.length) {
        file = (file + 1) % recordings.length;
        turn = 0;
      }
      if (turn === 0) reader = null;
      const recording = current();
      const played = recording.index.turns[turn];
      if (played === undefined) throw new RangeError(`there is no turn ${turn} in ${recording.path}`);
      turn += 1;
      return { recording, turn: played };
    },
    reader: {
      take: (line, atMs) =>
        reading()
          .take(line, atMs)
          .filter(({ kind }) => kind !== 'session_started'),
      isTurnOver: () => reading().isTurnOver(),
      endTurn(end, atMs) {
        const { events, verdict } = reading().endTurn(end, atMs);
        return { events: events.filter(({ kind }) => kind !== 'session_started'), verdict };
      },
    },
  };
}
