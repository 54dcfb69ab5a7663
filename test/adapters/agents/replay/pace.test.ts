// How fast a recording is played: as recorded, faster, at a fixed pace, or at once.
import { afterEach, expect, it } from 'vitest';
import { planTurn } from '../../../../adapters/agents/replay/plan.ts';
import { clearStages, startPlay } from '../stage.ts';
import { agent, clearRecordings, fixture, transcriptText, turnOf, writeRecording } from './recordings.ts';

afterEach(async () => {
  await clearStages();
  await clearRecordings();
});

/** Between the first line and the last, as they arrive. */
async function spanOf(settings: Record<string, unknown>): Promise<number> {
  const arrivals: number[] = [];
  const onLine = (stream: string): void => void (stream === 'stdout' && arrivals.push(performance.now()));
  const play = await startPlay(agent, { settings, onLine });
  await play.turn();
  return (arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0);
}

const HOUR_MS = 3_600_000;

it.each([
  ['as recorded', 200, {}, 1000],
  ['36,000 times as fast', HOUR_MS, { speed: 36_000 }, 500],
  ['at a fixed pace', HOUR_MS, { lines_per_second: 20 }, 250],
])('%s', async (_, stepMs, settings, expectedMs) => {
  // Six lines.
  const path = await writeRecording(transcriptText(turnOf('success', 1, stepMs)));
  const spanMs = await spanOf({ transcript: path, ...settings });
  expect(spanMs).toBeGreaterThan(expectedMs * 0.8);
  // A busy machine may take longer; at any other pace it would be minutes.
  expect(spanMs).toBeLessThan(expectedMs + 30_000);
});

it('at once, however long it took', async () => {
  const path = await writeRecording(transcriptText(turnOf('success', 1, HOUR_MS)));
  expect(await spanOf({ transcript: path, speed: 0 })).toBeLessThan(30_000);
});

it('raw output, which has no times, at ten lines a second', async () => {
  expect(await spanOf({ transcript: fixture('resume'), agent: 'claude-code' })).toBeGreaterThan(160);
  const turn = { start: 0, end: 1, hasOutput: true };
  expect(planTurn('x', false, turn, { speed: 4 }).stepMs).toBe(25);
  expect(planTurn('x', false, turn, { speed: 0 }).stepMs).toBe(0);
  expect(planTurn('x', true, turn, { speed: 4 }).stepMs).toBeNull();
  expect(planTurn('x', false, turn, { speed: 4, lines_per_second: 200 }).stepMs).toBe(5);
});
