// `sortie history` over a real server: what stands in its columns.
import { afterEach, expect, it, vi } from 'vitest';
import { main } from '../../src/cli/history.ts';
import type { HistoryRun } from '../../src/contract/store.ts';
import { historyRun } from '../http/fake-daemon.ts';
import { listeningServer } from '../http/start-server.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

async function timeOf(run: Partial<HistoryRun>): Promise<string> {
  const { url, daemon } = await listeningServer();
  daemon.runs = [historyRun(run)];
  let text = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((chunk) => {
    text += String(chunk);
    return true;
  });
  expect(await main(['--url', url])).toBe(0);
  vi.restoreAllMocks();
  const [head = '', line = ''] = text.split('\n');
  return line.slice(head.indexOf('TIME'), head.indexOf('TURNS')).trim();
}

it.each([
  [{ secondsRunning: 72.9 }, '1m 12s'],
  [{ secondsRunning: 12, status: 'interrupted' }, '12s'],
  [{ secondsRunning: 0, status: 'interrupted' }, ''],
  [{ secondsRunning: 0, status: 'cancelled' }, ''],
  [{ secondsRunning: 0, status: 'failed' }, '0s'],
] as const)('says of %j that it was worked on for "%s", not from start to end', async (run, time) => {
  expect(await timeOf(run)).toBe(time);
});
