// Reads one output stream of a child to its end: keeps a bounded text, cuts lines, and hands them over one at a
// time, reading no further while a line is being handled. It always reads, even when nobody wants the lines,
// because a child blocks on a full pipe. It can be cut short, since a stranger may hold the pipe open for ever.

import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { createBoundedText } from './bounded-text.ts';
import { createLineSplitter } from './line-splitter.ts';

/** After the tree is gone only what the pipe still holds is to be read, which takes milliseconds. */
const DRAIN_MS = 1000;
/** A handler that is slow (a store under load) gets longer before its stream is given up. */
const HANDLER_MS = 30_000;
const CHECK_MS = 10;

export interface OutputPumpOptions {
  readonly onLine: ((line: string) => void | Promise<void>) | undefined;
  /** The handler threw or rejected; it is not called again. */
  readonly onHandlerFailure: (error: Error) => void;
  readonly lineLimitBytes: number;
  readonly outputLimitBytes: number;
}

/** A stream that is being read. */
export interface OutputPump {
  /** To be called when the child's tree is gone: waits for the end within bounds, then closes the stream. */
  finish(): Promise<void>;
  text(): string;
  oversizedLines(): number;
  /** The last line had no line end, or the stream was cut before its end within a line. */
  unterminated(): boolean;
}

/** Starts reading at once. */
export function pumpOutput(stream: Readable, options: OutputPumpOptions): OutputPump {
  const text = createBoundedText(options.outputLimitBytes);
  let onLine = options.onLine;
  let oversized = 0;
  let unterminated = false;
  let isHandling = false;
  let isOver = false;
  let ready: string[] = [];
  const splitter = createLineSplitter({
    limitBytes: options.lineLimitBytes,
    onLine: (line) => {
      if (onLine !== undefined) ready.push(line);
    },
    onOversized: () => {
      oversized += 1;
    },
  });

  const handOver = async (): Promise<void> => {
    const lines = ready;
    ready = [];
    for (const line of lines) {
      if (onLine === undefined) return;
      isHandling = true;
      try {
        const handled = onLine(line);
        if (handled !== undefined) await handled;
      } catch (error) {
        onLine = undefined;
        options.onHandlerFailure(error instanceof Error ? error : new Error(String(error)));
      } finally {
        isHandling = false;
      }
    }
  };

  const read = async (): Promise<void> => {
    try {
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        text.append(chunk);
        splitter.push(chunk);
        await handOver();
      }
    } catch {
      // The stream was destroyed, by us or by the system: what has come so far is what there is.
    }
    ({ unterminated } = splitter.end());
    await handOver();
    isOver = true;
  };
  const done = read();

  return {
    async finish() {
      let drainMs = DRAIN_MS;
      let handlerMs = HANDLER_MS;
      while (!isOver && drainMs > 0 && handlerMs > 0) {
        await Promise.race([done, sleep(CHECK_MS)]);
        if (isHandling) handlerMs -= CHECK_MS;
        else drainMs -= CHECK_MS;
      }
      if (isOver) return;
      stream.destroy();
      await Promise.race([done, sleep(CHECK_MS)]);
      // Nothing is handed over once the result is out.
      onLine = undefined;
    },
    text: () => text.text(),
    oversizedLines: () => oversized,
    unterminated: () => unterminated,
  };
}
