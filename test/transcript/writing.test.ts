// What is in a transcript's files, and what becomes of lines that do not fit.

import { chmodSync, existsSync, mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/telemetry/index.ts';
import { scratchFolder } from '../workspace/scratch.ts';
import { collect, filesIn, headOf, never, recordsIn, stage, written } from './stage.ts';

describe('a transcript', () => {
  it('begins with its head and has one record a line', async () => {
    const { folder, transcripts } = stage({ nowMs: () => Date.UTC(2026, 10, 22) });
    const head = headOf();
    const writer = transcripts.open(head);
    writer.write(0, 'stdout', '{"type":"init"}');
    writer.write(1, 'input', 'do "it"');
    writer.write(1, 'stderr', 'öops\t\u2028\u0000\ud800');
    await writer.close();
    const at = '2026-11-22T00:00:00.000Z';
    expect(recordsIn(folder, `${head.runId}.jsonl`)).toEqual([
      {
        run_id: head.runId,
        issue_id: '1',
        issue_identifier: 'A-1',
        agent_kind: 'mock',
        attempt: 2,
        part: 1,
        first_seq: 1,
      },
      { seq: 1, at, turn: 0, stream: 'stdout', line: '{"type":"init"}' },
      { seq: 2, at, turn: 1, stream: 'input', line: 'do "it"' },
      { seq: 3, at, turn: 1, stream: 'stderr', line: 'öops\t\u2028\u0000\ud800' },
    ]);
  });

  it('can be read by nobody else', async () => {
    const { folder, transcripts } = stage();
    const head = headOf();
    const writer = transcripts.open(head);
    writer.write(1, 'stdout', 'x');
    await writer.close();
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    expect(statSync(join(folder, `${head.runId}.jsonl`)).mode & 0o777).toBe(0o600);
  });

  it('is no file at all when nothing was said', async () => {
    const { folder, transcripts } = stage();
    await transcripts.open(headOf()).close();
    expect(() => filesIn(folder)).toThrow('ENOENT');
  });

  it('takes nothing after its end, and ends once', async () => {
    const { folder, transcripts } = stage();
    const head = headOf();
    const writer = transcripts.open(head);
    writer.write(1, 'stdout', 'x');
    await Promise.all([writer.close(), writer.close()]);
    writer.write(1, 'stdout', 'late');
    await transcripts.close();
    expect(recordsIn(folder, `${head.runId}.jsonl`)).toHaveLength(2);
  });

  it.each(['..', '../../etc/passwd', '', 'A'.repeat(36), '7a6f8f5e-0f5e-4b0e-9d53-4a4e5f0c2d1/'])(
    'is made for no run called %j',
    async (runId) => {
      const { folder, transcripts } = stage();
      const writer = transcripts.open(headOf(runId));
      writer.write(1, 'stdout', 'x');
      await writer.close();
      expect(() => filesIn(folder)).toThrow('ENOENT');
      expect(await transcripts.follow(runId, 0, never)).toBeNull();
    },
  );

  it('gives back what was written, whatever it is', async () => {
    const { transcripts } = stage();
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string({ unit: 'binary' }), { maxLength: 20 }), async (lines) => {
        const head = headOf();
        const writer = transcripts.open(head);
        for (const line of lines) writer.write(1, 'stdout', line);
        await writer.close();
        const read = await collect(await transcripts.read(head.runId, 0, never));
        expect(read.map(({ line }) => line)).toEqual(lines);
        expect(read.map(({ seq }) => seq)).toEqual(lines.map((_, index) => index + 1));
      }),
      { numRuns: 50 },
    );
  });
});

describe('a line that is too long', () => {
  const limits = { lineCharacters: 1000 };

  it('is cut, and says so', async () => {
    const { transcripts } = stage({ limits });
    const head = headOf();
    const writer = transcripts.open(head);
    writer.write(1, 'stdout', 'x'.repeat(1000));
    writer.write(1, 'stdout', 'y'.repeat(1001));
    writer.write(1, 'stdout', 'z'.repeat(2_000_000));
    await writer.close();
    const lines = (await collect(await transcripts.read(head.runId, 0, never))).map(({ line }) => line);
    expect(lines).toEqual([
      'x'.repeat(1000),
      `${'y'.repeat(1000)}… (cut; the whole line has 1001 characters)`,
      `${'z'.repeat(1000)}… (cut; the whole line has 2000000 characters)`,
    ]);
  });

  it('leaves no piece of a secret at its end, wherever it is cut', async () => {
    const secret = 'sk-hunter2-and-more';
    const { redact } = createRedactor([secret]);
    const { transcripts } = stage({ limits, redact });
    for (const length of [1000 - 5, 1000 + 64 * 1024 - 5, 1000 + 64 * 1024 - 19]) {
      for (const before of ['a'.repeat(length), secret.repeat(Math.floor(length / 19)).padEnd(length, 'a')]) {
        const head = headOf();
        const writer = transcripts.open(head);
        writer.write(1, 'stdout', `${before}${secret}${'b'.repeat(100_000)}`);
        await writer.close();
        const [line] = await collect(await transcripts.read(head.runId, 0, never));
        expect(line?.line.replaceAll('[redacted]', '')).not.toMatch(/sk-h|hunter/);
        expect(line?.line.length).toBeLessThan(1100);
      }
    }
  });
});

describe('secrets', () => {
  it('do not reach the disk, in whatever spelling', async () => {
    const secret = 'pa"ss\\wörd/4711';
    const { folder, transcripts } = stage({ redact: createRedactor([secret]).redact });
    const head = headOf();
    const writer = transcripts.open(head);
    writer.write(1, 'stdout', JSON.stringify({ result: `it is ${secret}` }));
    writer.write(1, 'input', secret);
    writer.write(1, 'stderr', Buffer.from(secret).toString('base64'));
    await writer.close();
    const lines = recordsIn(folder, `${head.runId}.jsonl`).slice(1);
    expect(lines.map(({ line }) => line)).toEqual([
      '{"result":"it is [redacted]"}',
      '[redacted]',
      '[redacted]',
    ]);
  });

  it('are safe from a redactor that breaks', async () => {
    const redact = (text: string): string => {
      if (text === 'odd') throw new Error('broken');
      return text;
    };
    const { transcripts } = stage({ redact });
    const head = headOf();
    const writer = transcripts.open(head);
    for (const line of ['odd', 'even']) writer.write(1, 'stdout', line);
    await writer.close();
    const lines = await collect(await transcripts.read(head.runId, 0, never));
    expect(lines.map(({ line }) => line)).toEqual(['[could not be redacted]', 'even']);
  });
});

describe('lines that come faster than the disk takes them', () => {
  it('are dropped above a limit, counted where they are missing, and leave a gap in seq', async () => {
    const { folder, transcripts } = stage({ limits: { queueCharacters: 5_000 } });
    const head = headOf();
    const writer = transcripts.open(head);
    for (let n = 1; n <= 100; n += 1) writer.write(1, 'stdout', 'x'.repeat(400));
    await written(transcripts, head.runId, 1);
    writer.write(1, 'stdout', 'after');
    for (let n = 1; n <= 20; n += 1) writer.write(1, 'stdout', 'y'.repeat(400));
    await writer.close();
    const records = recordsIn(folder, `${head.runId}.jsonl`).slice(1);
    const shape = records.map(({ seq, dropped }) => (dropped === undefined ? seq : -Number(dropped)));
    expect(shape).toEqual([
      ...[1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
      -90,
      ...[101, 102, 103, 104, 105, 106, 107, 108, 109, 110],
      -11,
    ]);
  });

  it('of one run leave room for the others, up to the limit of all', async () => {
    const { transcripts } = stage({ limits: { queueCharacters: 5_000, allQueuesCharacters: 7_500 } });
    const heads = [headOf(), headOf()];
    const writers = heads.map((head) => transcripts.open(head));
    for (const writer of writers) for (let n = 1; n <= 20; n += 1) writer.write(1, 'stdout', 'x'.repeat(400));
    await Promise.all(writers.map((writer) => writer.close()));
    const counts = await Promise.all(
      heads.map(async ({ runId }) => (await collect(await transcripts.read(runId, 0, never))).length),
    );
    expect(counts).toEqual([10, 5]);
  });
});

describe('a disk that does not take it', () => {
  it('costs the transcript and one warning a run', async () => {
    const folder = join(scratchFolder(), 'file', 'transcripts');
    writeFileSync(dirname(folder), 'no folder');
    const { transcripts, warnings } = stage({ folder, limits: { retryMs: 0 } });
    const heads = [headOf(), headOf()];
    for (const head of heads) {
      const writer = transcripts.open(head);
      for (let n = 0; n < 5; n += 1) {
        writer.write(1, 'stdout', 'x');
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
      await writer.close();
      expect(await transcripts.follow(head.runId, 0, never)).toBeNull();
    }
    expect(warnings).toEqual(heads.map(({ runId }) => `transcript not written ${runId}`));
  });

  it('is used again when it has recovered, and what was lost is counted', async () => {
    const folder = join(scratchFolder(), 'file', 'transcripts');
    writeFileSync(dirname(folder), 'no folder');
    const { transcripts, warnings } = stage({ folder, limits: { retryMs: 0 } });
    const head = headOf();
    const writer = transcripts.open(head);
    writer.write(1, 'stdout', 'lost');
    await expect.poll(() => warnings.length).toBe(1);
    rmSync(dirname(folder));
    // The writer may be trying in this very moment, and makes the folder itself.
    mkdirSync(dirname(folder), { recursive: true });
    writer.write(1, 'stdout', 'kept');
    await writer.close();
    const records = recordsIn(folder, `${head.runId}.jsonl`).slice(1);
    expect(records).toMatchObject([{ dropped: 1 }, { seq: 2, line: 'kept' }]);
    chmodSync(folder, 0o700);
  });

  it('is left alone while little room is left on it, for the database has to live there too', async () => {
    const freeBytes = (): Promise<number> => Promise.resolve(63 * 1024 * 1024);
    const { transcripts, warnings, folder } = stage({ limits: { retryMs: 0 }, freeBytes });
    const writer = transcripts.open(headOf());
    writer.write(1, 'stdout', 'x');
    await writer.close();
    expect(warnings).toHaveLength(1);
    expect(existsSync(folder)).toBe(false);
  });

  it('is used when nobody can say how much room there is', async () => {
    const { transcripts, warnings } = stage({ freeBytes: () => Promise.reject(new Error('ENOSYS')) });
    const head = headOf();
    const writer = transcripts.open(head);
    writer.write(1, 'stdout', 'x');
    await writer.close();
    expect(warnings).toEqual([]);
    expect(await collect(await transcripts.read(head.runId, 0, never))).toHaveLength(1);
  });
});
