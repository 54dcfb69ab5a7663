// Transcripts that grow while they are read, behind the port that the server reads them through.

import type { TranscriptLine, Transcripts } from '../../../src/contract/transcript.ts';

export interface LiveTranscript {
  readonly source: Pick<Transcripts, 'follow' | 'read' | 'prompts'>;
  say(...lines: string[]): void;
  /** The run is over. */
  end(): void;
  /** Since which line each reader asked. */
  readonly asked: number[];
}

/** Of one run; every other run has none. */
export function liveTranscript(runId: string, lines: readonly string[] = []): LiveTranscript {
  const kept: TranscriptLine[] = [];
  const asked: number[] = [];
  const wake = new Set<() => void>();
  let isOver = false;
  const tell = (): void => wake.forEach((one) => one());
  const say = (...texts: string[]): void => {
    for (const line of texts) {
      const seq = kept.length + 1;
      kept.push({ seq, atMs: Date.UTC(2026, 10, 22, 9) + seq, turn: 1, stream: 'stdout', line });
    }
    tell();
  };
  async function* from(after: number, signal: AbortSignal | null): AsyncGenerator<TranscriptLine> {
    let next = after;
    for (;;) {
      for (; next < kept.length; next += 1) yield kept[next] as TranscriptLine;
      if (signal === null || isOver) return;
      await new Promise<void>((resolve) => {
        const settle = (): void => {
          wake.delete(settle);
          signal.removeEventListener('abort', settle);
          resolve();
        };
        wake.add(settle);
        signal.addEventListener('abort', settle);
        if (signal.aborted || next < kept.length) settle();
      });
      if (signal.aborted) return;
    }
  }
  say(...lines);
  return {
    asked,
    say,
    end: () => {
      isOver = true;
      tell();
    },
    source: {
      follow: async (id, after, signal) => {
        if (id !== runId || kept.length === 0) return null;
        asked.push(after);
        return from(after, signal);
      },
      read: async (id, after) => (id !== runId || kept.length === 0 ? null : from(after, null)),
      prompts: async () => null,
    },
  };
}
