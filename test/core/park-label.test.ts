// `tracker.park_label` and the living comment: people see a park in the tracker, and our own label is never taken
// for their change; theirs is.

import { describe, expect, it } from 'vitest';
import { aCore, type Core } from './driver.ts';
import { issue, type SettingsChange } from './issues.ts';

const LABELLED = { tracker: { parkLabel: 'sortie-parked' } } as const;

function parkedBlocked(settings: SettingsChange): Core {
  const core = aCore({ settings });
  core.tick([issue('1')]);
  core.found('1', issue('1'));
  core.ended('1', { kind: 'normal', end: 'status_blocked', state: 'Todo' });
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

  it('says why on the living comment', () => {
    const comments = { onDispatch: false, onCompletion: false, onFailure: true, style: 'living' } as const;
    const core = parkedBlocked({ tracker: { ...LABELLED.tracker, comments } });
    expect(core.one('comment_issue')).toMatchObject({
      style: 'living',
      facts: { standing: 'parked', detail: 'blocked' },
    });
  });
});
