// `tracker.park_label` and the living comment: people see a park in the tracker, and our own label is never taken
// for their change; theirs is.

import { describe, expect, it } from 'vitest';
import { aCore, failed, type Core } from './driver.ts';
import { issue, type SettingsChange } from './issues.ts';

const LABELLED = { tracker: { parkLabel: 'sortie-parked' } } as const;

function parkedBlocked(settings: SettingsChange): Core {
  const core = aCore({ settings });
  core.tick([issue('1')]);
  core.found('1', issue('1'));
  core.ended('1', { kind: 'normal', end: 'status_blocked', state: 'Todo', evidence: null });
  return core;
}

describe('the park label', () => {
  it('is put on after the park is durable, and the baseline is read only after its answer', () => {
    const core = parkedBlocked(LABELLED);
    expect(core.one('label_issue')).toMatchObject({ add: ['sortie-parked'], remove: [], issue: { id: '1' } });
    expect(core.opened('fetch_issue')).toEqual([]);
    core.wrote(core.one('label_issue'));
    expect(core.look('1')).toBeDefined();
  });

  it('does not end the park by itself, but a person who takes it off does', () => {
    const core = parkedBlocked(LABELLED);
    core.wrote(core.one('label_issue'));
    const labelled = issue('1', { labels: ['sortie-parked'] });
    core.found('1', labelled);
    core.tick([labelled]);
    expect(core.stageOf('1')).toBe('parked');

    core.tick([issue('1')]);
    core.found('1', issue('1'));
    expect(core.stageOf('1')).toBe('retry_queued');
    expect(core.all.filter(({ kind }) => kind === 'label_issue')).toHaveLength(1);
  });

  it('is taken off when the park ends for another reason', () => {
    const core = parkedBlocked(LABELLED);
    core.wrote(core.one('label_issue'));
    core.found('1', issue('1', { labels: ['sortie-parked'] }));
    core.reload(LABELLED, true);
    expect(core.one('label_issue')).toMatchObject({ add: [], remove: ['sortie-parked'] });
  });

  it('is off unless it is set', () => {
    const core = parkedBlocked({});
    expect(core.all.filter(({ kind }) => kind === 'label_issue')).toEqual([]);
  });

  const living = {
    tracker: {
      ...LABELLED.tracker,
      comments: { onDispatch: false, onCompletion: false, onFailure: true, style: 'living' },
    },
  } as const;

  it('says why on the living comment', () => {
    expect(parkedBlocked(living).one('comment_issue')).toMatchObject({
      style: 'living',
      facts: { standing: 'parked', detail: 'blocked: the agent wrote "blocked" to .sortie/status' },
    });
  });

  it('says it in one edit, with the figures of the run that ended', () => {
    const core = aCore({ settings: living });
    core.start(issue('1'));
    core.inTurn('1');
    const [runId] = core.state.runs.keys();
    core.progress('1', { kind: 'turn_finished', turn: 1 });
    core.ended('1', failed('turn_input_required'));
    expect(core.one('comment_issue')).toMatchObject({
      runId,
      facts: { standing: 'parked', detail: 'input_required: it broke', attempt: 0, turns: 1 },
    });
  });
});

describe('a living comment about a usage limit', () => {
  it('names the attempt that met it, which none has followed', () => {
    const comments = { onDispatch: false, onCompletion: false, onFailure: true, style: 'living' } as const;
    const core = aCore({ settings: { tracker: { comments } } });
    core.start(issue('1'));
    core.ended('1', failed());
    core.fire('retry:1');
    core.found('1', issue('1'));
    core.ended('1', failed('turn_failed', { reason: 'quota' }));
    const comment = core.opened('comment_issue').at(-1);
    expect(comment?.facts).toMatchObject({ standing: 'parked', attempt: 1 });
  });
});

describe('a park label that the tracker did not take', () => {
  it('is put on again at the next tick, until it is taken', () => {
    const core = parkedBlocked(LABELLED);
    const effect = core.one('label_issue');
    const before = core.all.filter(({ kind }) => kind === 'label_issue').length;
    core.post({
      kind: 'write_failed',
      effectId: effect.id,
      failure: { kind: 'tracker_transport_error', message: '503' },
    });
    core.found('1', issue('1'));
    core.tick([issue('1')]);
    expect(core.all.filter(({ kind }) => kind === 'label_issue')).toHaveLength(before + 1);
    expect(core.stageOf('1')).toBe('parked');
    // A crash after this label must find no baseline from before it.
    const saves = core.all.flatMap((one) => (one.kind === 'save' ? one.writes : []));
    const parks = saves.flatMap((one) => (one.kind === 'put_park' ? [one.park.baseline] : []));
    expect(parks.at(-1)).toBeNull();
    expect(parks.at(-2)).not.toBeNull();
  });
});

describe('a park label that we take off for an earlier park', () => {
  it('only after it was put on for this one is no change of a person: it is put on again', () => {
    const core = parkedBlocked(LABELLED);
    core.wrote(core.one('label_issue'));
    const labelled = issue('1', { labels: ['sortie-parked'] });
    core.found('1', labelled);
    core.reload(LABELLED, true);
    const late = core.one('label_issue');
    expect(late.remove).toEqual(['sortie-parked']);
    core.fire('retry:1');
    core.found('1', issue('1'));
    core.ended('1', failed('turn_input_required'));
    const [, again] = core.opened('label_issue');
    expect(again?.add).toEqual(['sortie-parked']);
    if (again !== undefined) core.wrote(again);
    core.wrote(late);
    core.found('1', issue('1'));
    expect(core.stageOf('1')).toBe('parked');
    core.tick([issue('1')]);
    expect(core.one('label_issue').add).toEqual(['sortie-parked']);
  });
});

describe('a park label that a person takes off before the baseline is read', () => {
  it('ends the park', () => {
    const core = parkedBlocked(LABELLED);
    core.wrote(core.one('label_issue'));
    core.found('1', issue('1', { labels: [] }));
    expect(core.stageOf('1')).toBe('retry_queued');
  });
});
