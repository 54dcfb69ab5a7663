// The list reads one thing at a time, as many as are shown, and nothing is there twice.
import { describe, expect, it } from 'vitest';
import { createApprovalReader, type ReadApprovals } from '../../../src/dashboard/approvals/approval-pages.ts';
import type { Approval, Approvals } from '../../../src/dashboard/wire-tools.ts';

const row = (id: number) => ({ id: String(id), run_id: 'one', status: 'pending' }) as unknown as Approval;

function paged(size: number) {
  const asked: (string | null)[] = [];
  let all = Array.from({ length: 10 }, (_, at) => row(at));
  let reading = 0;
  let most = 0;
  const read: ReadApprovals = async (cursor) => {
    asked.push(cursor);
    reading += 1;
    most = Math.max(most, reading);
    await new Promise((resolve) => setImmediate(resolve));
    reading -= 1;
    const from = Number(cursor ?? 0);
    const next = from + size < all.length ? String(from + size) : null;
    return { approvals: all.slice(from, from + size), next_cursor: next } satisfies Approvals;
  };
  return { read, asked, most: () => most, replace: (rows: Approval[]) => (all = rows) };
}

describe('the list of proposals', () => {
  it('reads as many as it shows anew, one page after the other', async () => {
    const source = paged(3);
    const reader = createApprovalReader(source.read);
    const ids = () => reader.pages.value.rows.map(({ id }) => Number(id));
    reader.refresh();
    await expect.poll(ids).toEqual([0, 1, 2]);
    reader.more();
    await expect.poll(ids).toEqual([0, 1, 2, 3, 4, 5]);
    const [before] = reader.pages.value.rows;
    source.replace([row(0), row(42), ...Array.from({ length: 8 }, (_, at) => row(at + 1))]);
    reader.refresh();
    reader.refresh();
    reader.refresh();
    await expect.poll(ids).toEqual([0, 42, 1, 2, 3, 4]);
    await expect.poll(() => reader.pages.value.loading).toBe(false);
    expect(reader.pages.value.rows[0]).toBe(before);
    // Two pages for each of two readings, however often it was asked for.
    expect(source.asked).toEqual([null, '3', null, '3', null, '3']);
    expect(source.most()).toBe(1);
    reader.close();
  });

  it('shows one that moved between two pages once', async () => {
    const source = paged(3);
    const reader = createApprovalReader(source.read);
    reader.refresh();
    await expect.poll(() => reader.pages.value.rows.length).toBe(3);
    source.replace([row(9), row(0), row(1), row(2), row(3)]);
    reader.more();
    await expect.poll(() => reader.pages.value.rows.map(({ id }) => id)).toEqual(['0', '1', '2', '3']);
    reader.close();
  });

  it('says what went wrong and keeps what it has', async () => {
    const source = paged(3);
    let fails = false;
    const reader = createApprovalReader((cursor, signal) =>
      fails ? Promise.reject(new Error('gone')) : source.read(cursor, signal),
    );
    reader.refresh();
    await expect.poll(() => reader.pages.value.rows.length).toBe(3);
    fails = true;
    reader.refresh();
    await expect.poll(() => reader.pages.value.error).toBe('gone');
    expect(reader.pages.value.rows).toHaveLength(3);
    reader.close();
  });
});
