// Who follows a run sees every line once and in order: from the disk first, then live, over rotations.

import { mkdirSync, readdirSync, readlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { collect, filesIn, headOf, never, recordsIn, stage, written } from './stage.ts';
import type { TranscriptLine } from '../../src/contract/transcript.ts';

const seqs = (lines: readonly TranscriptLine[]): number[] => lines.map(({ seq }) => seq);
const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);
/** Parts of about 40 lines. */
const limits = { partBytes: 20_000, parts: 3 };
const LINE = 'x'.repeat(400);

function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

describe('following', () => {
  it('gives what is there, then what comes, and ends with the run', async () => {
    const { transcripts } = stage();
    const head = headOf();
    const writer = transcripts.open(head);
    writer.write(1, 'stdout', 'one');
    await written(transcripts, head.runId, 1);
    const followed = collect(await transcripts.follow(head.runId, 0, never));
    writer.write(2, 'stderr', 'two');
    await written(transcripts, head.runId, 2);
    writer.write(2, 'stdout', 'three');
    await writer.close();
    expect((await followed).map(({ turn, stream, line }) => `${turn} ${stream} ${line}`)).toEqual([
      '1 stdout one',
      '2 stderr two',
      '2 stdout three',
    ]);
  });

  it('waits for a run that has said nothing yet', async () => {
    const { transcripts } = stage();
    const head = headOf();
    const writer = transcripts.open(head);
    const followed = collect(await transcripts.follow(head.runId, 0, never));
    writer.write(1, 'stdout', 'one');
    await writer.close();
    expect(seqs(await followed)).toEqual([1]);
  });

  it('ends when nobody wants it any more, and leaves nothing behind', async () => {
    const { transcripts } = stage();
    const head = headOf();
    transcripts.open(head).write(1, 'stdout', 'one');
    const stop = new AbortController();
    const lines = await transcripts.follow(head.runId, 0, stop.signal);
    const got: number[] = [];
    for await (const { seq } of lines ?? []) {
      got.push(seq);
      setImmediate(() => stop.abort());
    }
    expect(got).toEqual([1]);
  });

  it('loses and repeats nothing while parts are rotated, for readers of any speed', async () => {
    const { folder, transcripts } = stage({ limits: { ...limits, parts: 1000 } });
    const head = headOf();
    const writer = transcripts.open(head);
    const follow = async (pauseEvery: number): Promise<number[]> => {
      const got: number[] = [];
      for await (const { seq } of (await transcripts.follow(head.runId, 0, never)) ?? []) {
        got.push(seq);
        if (seq % pauseEvery === 0) await new Promise((resolve) => setTimeout(resolve, 5));
      }
      return got;
    };
    const followed = Promise.all([follow(1e9), follow(37), follow(11)]);
    for (let n = 1; n <= 1000; n += 1) {
      writer.write(1, 'stdout', LINE);
      if (n % 25 === 0) await written(transcripts, head.runId, n);
    }
    await writer.close();
    for (const got of await followed) expect(got).toEqual(range(1, 1000));
    expect(filesIn(folder).length).toBeGreaterThan(10);
  });

  it('goes on after the line that was seen last, in whichever part it is', async () => {
    const { transcripts } = stage({ limits: { ...limits, parts: 1000 } });
    const head = headOf();
    const writer = transcripts.open(head);
    for (let n = 1; n <= 300; n += 1) {
      writer.write(1, 'stdout', LINE);
      if (n % 30 === 0) await written(transcripts, head.runId, n);
    }
    await writer.close();
    for (const after of [0, 1, 29, 30, 31, 150, 299, 300, 1000]) {
      const lines = await collect(await transcripts.follow(head.runId, after, never));
      expect(seqs(lines)).toEqual(after >= 300 ? [] : range(after + 1, 300));
    }
  });

  it('holds no memory for a reader that does not read', async () => {
    const { transcripts } = stage({ limits });
    const head = headOf();
    const writer = transcripts.open(head);
    const iterator = (await transcripts.follow(head.runId, 0, never))?.[Symbol.asyncIterator]();
    for (let n = 1; n <= 400; n += 1) {
      writer.write(1, 'stdout', LINE);
      if (n % 20 === 0) await written(transcripts, head.runId, n);
    }
    await writer.close();
    // It starts to read only now: the oldest parts are gone, what is left is whole.
    const first = (await iterator?.next())?.value as TranscriptLine | undefined;
    expect(first?.seq).toBeGreaterThan(200);
    await iterator?.return?.();
  });
});

describe('reading', () => {
  it('ends at what is there, although the run goes on', async () => {
    const { transcripts } = stage();
    const head = headOf();
    const writer = transcripts.open(head);
    writer.write(1, 'stdout', 'one');
    writer.write(1, 'stdout', 'two');
    await written(transcripts, head.runId, 2);
    expect(seqs(await collect(await transcripts.read(head.runId, 0, never)))).toEqual([1, 2]);
    expect(seqs(await collect(await transcripts.read(head.runId, 1, never)))).toEqual([2]);
  });

  it('finds what another daemon has left, up to where it died', async () => {
    const { folder, transcripts } = stage();
    const head = headOf();
    const writer = transcripts.open(head);
    writer.write(1, 'stdout', 'one');
    await writer.close();
    const { appendFileSync } = await import('node:fs');
    appendFileSync(`${folder}/${head.runId}.jsonl`, '{"seq":2,"at":"2026-11-2');
    const next = stage({ folder });
    expect(seqs(await collect(await next.transcripts.follow(head.runId, 0, never)))).toEqual([1]);
  });

  it('finds parts whose successor was never begun', async () => {
    const { folder, transcripts } = stage();
    const head = headOf();
    const writer = transcripts.open(head);
    writer.write(1, 'stdout', 'one');
    await writer.close();
    const { renameSync } = await import('node:fs');
    renameSync(`${folder}/${head.runId}.jsonl`, `${folder}/${head.runId}.1.jsonl`);
    expect(seqs(await collect(await transcripts.follow(head.runId, 0, never)))).toEqual([1]);
  });

  it('leaves no file open that cannot be read', async () => {
    const { folder, transcripts } = stage();
    const { runId } = headOf();
    const odd = join(folder, `${runId}.jsonl`);
    mkdirSync(odd, { recursive: true });
    await expect(transcripts.read(runId, 0, never)).rejects.toThrow('EISDIR');
    const open = readdirSync('/proc/self/fd').map((fd) => readLink(`/proc/self/fd/${fd}`));
    expect(open.filter((path) => path === odd)).toEqual([]);
  });

  it('says that there is none', async () => {
    const { transcripts } = stage();
    expect(await transcripts.read(headOf().runId, 0, never)).toBeNull();
    expect(await transcripts.follow(headOf().runId, 0, never)).toBeNull();
  });
});

describe('rotation', () => {
  it('keeps the newest parts, each with the head', async () => {
    const { folder, transcripts } = stage({ limits });
    const head = headOf();
    const writer = transcripts.open(head);
    for (let n = 1; n <= 400; n += 1) {
      writer.write(1, 'stdout', LINE);
      if (n % 20 === 0) await written(transcripts, head.runId, n);
    }
    await writer.close();
    const files = filesIn(folder);
    expect(files).toHaveLength(3);
    for (const name of files) expect(recordsIn(folder, name)[0]).toMatchObject({ run_id: head.runId });
    const lines = seqs(await collect(await transcripts.follow(head.runId, 0, never)));
    expect(lines).toEqual(range(lines[0] ?? 0, 400));
    expect(lines.length).toBeGreaterThan(80);
    expect(lines.length).toBeLessThan(140);
  });
});
