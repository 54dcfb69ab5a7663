// The history is read page by page.
import { expect, it } from 'vitest';
import { createHistoryReader } from '../../../src/dashboard/history/history-pages.ts';
import type { History } from '../../../src/dashboard/wire.ts';
import { aRun } from './runs.ts';

const settled = async (): Promise<void> => {
  for (let turn = 0; turn < 50; turn += 1) await Promise.resolve();
};

function pagesOf(...pages: History[]) {
  const asked: string[] = [];
  const read = async (query: URLSearchParams): Promise<History> => {
    asked.push(query.toString());
    const page = pages.shift();
    if (page === undefined) throw new Error('The daemon does not answer.');
    return page;
  };
  return { asked, reader: createHistoryReader(new URLSearchParams('status=failed'), read) };
}

it('asks for the next page with the cursor and the same filters, and adds up', async () => {
  const { asked, reader } = pagesOf(
    { runs: [aRun(1), aRun(2)], next_cursor: 'c1' },
    { runs: [aRun(3)], next_cursor: null },
  );
  await settled();
  reader.more();
  reader.more();
  await settled();
  reader.more();
  await settled();
  expect(asked).toEqual(['status=failed&limit=200', 'status=failed&limit=500&cursor=c1']);
  expect([reader.pages.value.rows.length, reader.pages.value.totals.runs]).toEqual([3, 3]);
});

it('shows a run once that a page brings again', async () => {
  const { reader } = pagesOf(
    { runs: [aRun(1)], next_cursor: 'c' },
    { runs: [aRun(1), aRun(2)], next_cursor: null },
  );
  await settled();
  reader.more();
  await settled();
  expect(reader.pages.value.totals.runs).toBe(2);
});

it('keeps what it has when a page fails, asks no more by itself, and goes on when it is told', async () => {
  const pages: History[] = [{ runs: [aRun(1)], next_cursor: 'c' }];
  const { asked, reader } = pagesOf(...pages);
  await settled();
  reader.more();
  await settled();
  reader.more();
  await settled();
  expect([asked.length, reader.pages.value.rows.length, reader.pages.value.error]).toEqual([
    2,
    1,
    'The daemon does not answer.',
  ]);
  reader.retry();
  await settled();
  expect(asked.at(-1)).toBe('status=failed&limit=500&cursor=c');
});

it('shows nothing of an answer that comes after it was closed', async () => {
  const { reader } = pagesOf({ runs: [aRun(1)], next_cursor: null });
  reader.close();
  await settled();
  expect(reader.pages.value.rows).toEqual([]);
});
