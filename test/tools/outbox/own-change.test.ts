// A write that looks wrong by now because of itself: an earlier try was looked for and not found, and came through after
// that. It is done. What somebody else has done stays in the way, and so does what was never sent.

import { describe, expect, it } from 'vitest';
import type { TrackerWrite } from '../../../src/contract/tracker-write.ts';
import { aStage, LOST, SURELY_NOT, trackerError } from './a-stage.ts';
import { issue, move, newWrite } from './outbox-parts.ts';

const rename: TrackerWrite = { operation: 'update_issue', issue, changes: { title: 'New' } };

/** Changed by what arrives late, or by people; compared with "Old" before each sending. */
function site(first: Error) {
  const world = { title: 'Old', firstTry: first as Error | null, sent: 0 };
  const methods = {
    updateIssue() {
      world.sent += 1;
      const error = world.firstTry;
      world.firstTry = null;
      if (error !== null) throw error;
      world.title = 'New';
    },
    readFields: () => ({ title: world.title }),
  };
  const freshCheck = () =>
    Promise.resolve(world.title === 'Old' ? null : `the summary is ${world.title} by now`);
  return { world, stage: aStage(methods, { freshCheck }) };
}

describe('a write whose first try came through later than it was looked for', () => {
  it('is done, is not sent again, and the core hears that it is ours', async () => {
    const { world, stage } = site(LOST);
    await stage.record(newWrite('w', rename));
    expect(stage.row()).toMatchObject({ status: 'waiting', tries: 1 });
    world.title = 'New';
    await stage.pass(60_000);
    expect(stage.row()).toMatchObject({ status: 'done', tries: 1, result: { wasThere: true } });
    expect(stage.row().detail).toBe('it was sent before, and was found applied before it was sent again');
    expect(world.sent).toBe(1);
    expect(stage.endings()).toEqual(['w ok']);
    expect(stage.witnessed).toEqual(['writing w', 'written w null', 'writing w', 'written w null']);
  });

  it('is refused when it is somebody else who changed it', async () => {
    const { world, stage } = site(LOST);
    await stage.record(newWrite('w', rename));
    world.title = 'Theirs';
    await stage.pass(60_000);
    expect(stage.row()).toMatchObject({ status: 'refused', tries: 1 });
    expect(stage.row().detail).toContain('the summary is Theirs by now (it had been sent once before)');
    expect(world.sent).toBe(1);
  });

  it('is refused, although it stands there, when nothing was ever sent', async () => {
    const { world, stage } = site(LOST);
    world.title = 'New';
    await stage.record(newWrite('w', rename));
    expect(stage.row()).toMatchObject({ status: 'refused', tries: 0 });
    expect(stage.asked).toEqual([]);
  });

  it('waits while it cannot be looked for, and is refused when there is nothing left to look at', async () => {
    const answers = [trackerError(), trackerError({ kind: 'tracker_not_found' })];
    let stale = false;
    const stage = aStage(
      {
        updateIssue: () => {
          stale = true;
          throw SURELY_NOT;
        },
        readFields: () => {
          throw answers.shift() as Error;
        },
      },
      { freshCheck: () => Promise.resolve(stale ? 'it is gone' : null) },
    );
    await stage.record(newWrite('w', rename));
    await stage.pass(6_000);
    expect(stage.row()).toMatchObject({ status: 'waiting', tries: 1 });
    await stage.pass(60_000);
    expect(stage.row()).toMatchObject({ status: 'refused' });
    expect(stage.row().detail).toContain('it is gone');
  });
});

it('is done when the tracker refuses the second move because of the first', async () => {
  let state = 'To Do';
  const errors = [LOST, trackerError({ kind: 'tracker_payload_error', applied: 'no', detail: 'moved' })];
  const stage = aStage({
    transitionIssue: () => {
      const error = errors.shift() as Error;
      // After the last look, and after the check before sending.
      if (error !== LOST) state = 'Done';
      throw error;
    },
    fetchIssueById: () => ({ id: '1', state }),
  });
  await stage.record(newWrite('w', move));
  for (const ms of [2_000, 8_000, 10_000]) await stage.pass(ms);
  expect(stage.row()).toMatchObject({ status: 'done', tries: 2, result: { wasThere: true } });
  expect(stage.witnessed.at(-1)).toBe('written w Done');
});
