// The folder keeps so much: of the runs that have ended, those that ended longest ago go first.

import { existsSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { scratchFolder } from '../workspace/scratch.ts';
import { collect, filesIn, headOf, never, stage, written } from './stage.ts';

const LINE = 'x'.repeat(1000);
const limits = { folderBytes: 10_000, partBytes: 3_000, parts: 3 };

it('removes the oldest ended run, whole, when another one ends', async () => {
  let nowMs = 0;
  const { folder, transcripts } = stage({ limits, nowMs: () => nowMs });
  const heads = [headOf(), headOf(), headOf()];
  for (const { runId } of heads) {
    nowMs += 1000;
    const writer = transcripts.open(headOf(runId));
    for (let n = 1; n <= 4; n += 1) {
      writer.write(1, 'stdout', LINE);
      await written(transcripts, runId, n);
    }
    await writer.close();
  }
  const kept = new Set(filesIn(folder).map((name) => name.slice(0, 36)));
  expect(kept).toEqual(new Set(heads.slice(1).map(({ runId }) => runId)));
  expect(await transcripts.read(heads[0]?.runId ?? '', 0, never)).toBeNull();
});

it('counts what was there before it started, removes it by its age, and leaves strangers alone', async () => {
  const folder = join(scratchFolder(), 'kept');
  mkdirSync(folder);
  const [older, old] = [headOf().runId, headOf().runId];
  const write = (name: string, bytes: number, ageSeconds: number): void => {
    writeFileSync(join(folder, name), 'x'.repeat(bytes));
    utimesSync(join(folder, name), 1_000_000 - ageSeconds, 1_000_000 - ageSeconds);
  };
  write('notes.txt', 50_000, 9000);
  write(`${older}.1.jsonl`, 3_000, 500);
  write(`${older}.jsonl`, 2_000, 400);
  write(`${old}.jsonl`, 5_000, 100);
  const { transcripts } = stage({ folder, limits });
  const head = headOf();
  const writer = transcripts.open(head);
  writer.write(1, 'stdout', LINE);
  await writer.close();
  expect(filesIn(folder)).toEqual([`${head.runId}.jsonl`, `${old}.jsonl`, 'notes.txt'].sort());
});

it('keeps so many runs, however little they said', async () => {
  let nowMs = 0;
  const { folder, transcripts } = stage({ limits: { folderRuns: 2 }, nowMs: () => (nowMs += 1) });
  const heads = [headOf(), headOf(), headOf(), headOf()];
  for (const head of heads) {
    const writer = transcripts.open(head);
    writer.write(1, 'stdout', '');
    await writer.close();
  }
  expect(filesIn(folder)).toEqual(
    heads
      .slice(2)
      .map(({ runId }) => `${runId}.jsonl`)
      .sort(),
  );
});

it('takes nothing from a run that is still written', async () => {
  const { folder, transcripts } = stage({ limits: { ...limits, folderBytes: 1 } });
  const [going, ended] = [headOf(), headOf()];
  const writer = transcripts.open(going);
  writer.write(1, 'stdout', LINE);
  await written(transcripts, going.runId, 1);
  const other = transcripts.open(ended);
  other.write(1, 'stdout', LINE);
  await other.close();
  expect(existsSync(join(folder, `${going.runId}.jsonl`))).toBe(true);
  expect(existsSync(join(folder, `${ended.runId}.jsonl`))).toBe(false);
  expect(await collect(await transcripts.read(going.runId, 0, never))).toHaveLength(1);
});
