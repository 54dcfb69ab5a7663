// What an agent was told is kept beside what it said: by turn, bounded, redacted, and gone with its run.

import { existsSync, mkdirSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../src/telemetry/index.ts';
import { scratchFolder } from '../workspace/scratch.ts';
import { collect, filesIn, headOf, never, recordsIn, stage } from './stage.ts';

const AT = Date.UTC(2026, 10, 22);

describe('the prompts of a run', () => {
  it('are kept by turn, in a file of their own', async () => {
    const { folder, transcripts } = stage({ nowMs: () => AT });
    const head = headOf();
    const writer = transcripts.open(head);
    writer.prompt(1, 'Fix\nthe "door"');
    writer.write(1, 'stdout', 'done');
    writer.prompt(2, 'Go on');
    await writer.close();
    writer.prompt(3, 'too late');
    expect(await transcripts.prompts(head.runId)).toEqual([
      { turn: 1, atMs: AT, text: 'Fix\nthe "door"', cut: false },
      { turn: 2, atMs: AT, text: 'Go on', cut: false },
    ]);
    expect(filesIn(folder)).toEqual([`${head.runId}.jsonl`, `${head.runId}.prompts.jsonl`]);
    expect(statSync(join(folder, `${head.runId}.prompts.jsonl`)).mode & 0o777).toBe(0o600);
    const lines = await collect(await transcripts.read(head.runId, 0, never));
    expect(lines.map(({ line }) => line)).toEqual(['done']);
  });

  it('can be read while the run goes on, also by a daemon that did not write them', async () => {
    const { folder, transcripts } = stage();
    const head = headOf();
    const writer = transcripts.open(head);
    writer.prompt(1, 'Fix it');
    await expect.poll(async () => (await transcripts.prompts(head.runId))?.length).toBe(1);
    const other = stage({ folder });
    expect(await other.transcripts.prompts(head.runId)).toMatchObject([{ turn: 1, text: 'Fix it' }]);
    await writer.close();
  });

  it('are null where none are kept, and for what is no run', async () => {
    const { transcripts } = stage();
    const head = headOf();
    const writer = transcripts.open(head);
    writer.write(1, 'stdout', 'x');
    await writer.close();
    expect(await transcripts.prompts(head.runId)).toBeNull();
    expect(await transcripts.prompts(headOf().runId)).toBeNull();
    expect(await transcripts.prompts('../../etc/passwd')).toBeNull();
  });

  it('say what a turn was told last when it was begun twice', async () => {
    const { transcripts } = stage();
    const head = headOf();
    const writer = transcripts.open(head);
    for (const text of ['Go on', 'The whole first prompt']) writer.prompt(2, text);
    await writer.close();
    expect(await transcripts.prompts(head.runId)).toMatchObject([
      { turn: 2, text: 'The whole first prompt' },
    ]);
  });

  it('come back as they were, whatever they are', async () => {
    const { transcripts } = stage();
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ unit: 'binary' }), { minLength: 1, maxLength: 10 }),
        async (texts) => {
          const head = headOf();
          const writer = transcripts.open(head);
          texts.forEach((text, index) => writer.prompt(index + 1, text));
          await writer.close();
          expect((await transcripts.prompts(head.runId))?.map(({ text }) => text)).toEqual(texts);
        },
      ),
      { numRuns: 30 },
    );
  });

  it('pass over a record that a crash cut', async () => {
    const { folder, transcripts } = stage();
    const { runId } = headOf();
    mkdirSync(folder);
    const whole = '{"turn":1,"at":"2026-11-22T00:00:00.000Z","cut":false,"text":"one"}';
    writeFileSync(
      join(folder, `${runId}.prompts.jsonl`),
      `${whole}\n{"turn":2,"at":\n${whole.replace('1', '3')}`,
    );
    expect(await transcripts.prompts(runId)).toMatchObject([{ turn: 1, text: 'one' }]);
  });
});

describe('the limits of prompts', () => {
  it('cut a long one and say so', async () => {
    const { transcripts } = stage({ limits: { promptCharacters: 1000 } });
    const head = headOf();
    const writer = transcripts.open(head);
    writer.prompt(1, 'x'.repeat(1000));
    writer.prompt(2, 'y'.repeat(2_000_000));
    await writer.close();
    expect(await transcripts.prompts(head.runId)).toMatchObject([
      { text: 'x'.repeat(1000), cut: false },
      { text: 'y'.repeat(1000), cut: true },
    ]);
  });

  it('keep so many of a run, and so many bytes', async () => {
    const { folder, transcripts } = stage({ limits: { prompts: 3, promptsBytes: 2000 } });
    const [many, large] = [headOf(), headOf()];
    const first = transcripts.open(many);
    for (let turn = 1; turn <= 5; turn += 1) first.prompt(turn, 'x');
    await first.close();
    expect((await transcripts.prompts(many.runId))?.map(({ turn }) => turn)).toEqual([1, 2, 3]);
    const second = transcripts.open(large);
    for (let turn = 1; turn <= 3; turn += 1) second.prompt(turn, 'x'.repeat(900));
    await second.close();
    expect((await transcripts.prompts(large.runId))?.map(({ turn }) => turn)).toEqual([1, 2]);
    expect(statSync(join(folder, `${large.runId}.prompts.jsonl`)).size).toBeLessThan(2000);
  });

  it('bound what waits in memory, together with the lines', async () => {
    const { transcripts } = stage({ limits: { queueCharacters: 2_500, allQueuesCharacters: 3_500 } });
    const heads = [headOf(), headOf()];
    const writers = heads.map((head) => transcripts.open(head));
    for (const writer of writers) {
      for (let turn = 1; turn <= 4; turn += 1) writer.prompt(turn, 'x'.repeat(1000));
    }
    await Promise.all(writers.map((writer) => writer.close()));
    const kept = await Promise.all(
      heads.map(async ({ runId }) => (await transcripts.prompts(runId))?.length),
    );
    expect(kept).toEqual([2, 1]);
  });

  it('have room again for what was written', async () => {
    const { transcripts } = stage({ limits: { queueCharacters: 1_500, allQueuesCharacters: 1_500 } });
    const head = headOf();
    const writer = transcripts.open(head);
    for (let turn = 1; turn <= 4; turn += 1) {
      writer.prompt(turn, 'x'.repeat(1000));
      await expect.poll(async () => (await transcripts.prompts(head.runId))?.length).toBe(turn);
    }
    await writer.close();
  });

  it('count in the folder and go with their run', async () => {
    const folder = join(scratchFolder(), 'kept');
    mkdirSync(folder);
    const old = headOf().runId;
    for (const name of [`${old}.jsonl`, `${old}.prompts.jsonl`]) {
      writeFileSync(join(folder, name), 'x'.repeat(3_000));
      utimesSync(join(folder, name), 1_000_000, 1_000_000);
    }
    const { transcripts } = stage({ folder, limits: { folderBytes: 7_000 } });
    const head = headOf();
    const writer = transcripts.open(head);
    writer.prompt(1, 'x'.repeat(2_000));
    await writer.close();
    expect(filesIn(folder)).toEqual([`${head.runId}.prompts.jsonl`]);
  });
});

it('takes secrets out of prompts, also where they are cut', async () => {
  const secret = 'sk-hunter2-and-more';
  const { redact } = createRedactor([secret]);
  const { transcripts } = stage({ redact, limits: { promptCharacters: 1000 } });
  const head = headOf();
  const writer = transcripts.open(head);
  writer.prompt(1, `log in with ${secret}`);
  writer.prompt(2, `${'a'.repeat(995)}${secret}${'b'.repeat(100_000)}`);
  await writer.close();
  const prompts = (await transcripts.prompts(head.runId)) ?? [];
  expect(prompts[0]?.text).toBe('log in with [redacted]');
  expect(prompts[1]?.text).not.toMatch(/sk-|hunter/);
});

describe('a disk that does not take prompts', () => {
  it('costs them and one warning, and is used again when it has recovered', async () => {
    const folder = join(scratchFolder(), 'file', 'transcripts');
    writeFileSync(dirname(folder), 'no folder');
    const { transcripts, warnings } = stage({ folder, limits: { retryMs: 0 } });
    const head = headOf();
    const writer = transcripts.open(head);
    writer.prompt(1, 'lost');
    await expect.poll(() => warnings.length).toBe(1);
    rmSync(dirname(folder), { force: true });
    writer.prompt(2, 'kept');
    writer.write(2, 'stdout', 'said');
    await writer.close();
    expect(await transcripts.prompts(head.runId)).toMatchObject([{ turn: 2, text: 'kept' }]);
    expect(recordsIn(folder, `${head.runId}.jsonl`).slice(1)).toMatchObject([{ seq: 1, line: 'said' }]);
    expect(warnings).toEqual([`transcript not written ${head.runId}`]);
  });

  it('is left alone while little room is left on it', async () => {
    const freeBytes = (): Promise<number> => Promise.resolve(63 * 1024 * 1024);
    const { transcripts, warnings, folder } = stage({ freeBytes });
    const writer = transcripts.open(headOf());
    writer.prompt(1, 'x');
    await writer.close();
    expect(warnings).toHaveLength(1);
    expect(existsSync(folder)).toBe(false);
  });
});
