// A run may write to another issue than its own: the timeline of the run's issue says so, and that of the other one too.
import { describe, expect, it } from 'vitest';
import type { OutboxWrite } from '../../../src/contract/outbox.ts';
import type { NewWrite } from '../../../src/tools/ports.ts';
import { newWrites } from '../../../src/tools/new-writes.ts';
import { timelineOf } from '../../../src/tools/outbox/words.ts';
import { aStage } from './a-stage.ts';
import { issue, row } from './outbox-parts.ts';

const own = { id: '7', identifier: 'PROJ-7' };
const asker = { runId: 'run', own, approvalId: null };

function rowsOf(write: NewWrite['write']): readonly NewWrite[] {
  return newWrites(asker, { writes: [write], before: null }, () => 'w');
}

describe('a write to another issue than the run’s', () => {
  it('stands under the run’s issue, which names the other, and under the other, which names the run’s', async () => {
    const stage = aStage({ addKeyedComment: () => 'c7', findKeyedComment: () => null });
    await stage.record(...rowsOf({ operation: 'add_comment', issue, body: 'Long enough to be found' }));
    expect(stage.timeline).toMatchObject([
      { issueId: '7', issueIdentifier: 'PROJ-7', runId: 'run', detail: 'DEMO-1', ok: true },
      { issueId: '1', issueIdentifier: 'DEMO-1', runId: null, detail: 'by a run of PROJ-7', ok: true },
    ]);
  });

  it('says in both why it was not made', async () => {
    const stage = aStage(
      { addKeyedComment: () => 'c7', findKeyedComment: () => null },
      { freshCheck: () => Promise.resolve('it is gone') },
    );
    await stage.record(...rowsOf({ operation: 'add_comment', issue, body: 'Long enough to be found' }));
    expect(stage.timeline.map(({ detail }) => detail)).toEqual([
      'DEMO-1: refused: it is gone',
      'by a run of PROJ-7: refused: it is gone',
    ]);
  });

  it('of an issue that was made stands under both; of one that was not, only under the run’s', () => {
    const made: Partial<OutboxWrite> = {
      issue: own,
      runIssue: own,
      write: {
        operation: 'create_issue',
        issue: { project: 'PROJ', issueType: 'Bug', title: 'A title' } as never,
      },
    };
    const result = { issue, entryId: '', url: '', wasThere: false };
    expect(timelineOf(row({ ...made, status: 'done', result }))).toMatchObject([
      { issueIdentifier: 'PROJ-7', detail: 'DEMO-1' },
      { issueIdentifier: 'DEMO-1', detail: 'by a run of PROJ-7' },
    ]);
    expect(timelineOf(row({ ...made, status: 'failed', detail: 'no such type' }))).toMatchObject([
      { issueIdentifier: 'PROJ-7', detail: 'failed: no such type' },
    ]);
  });

  it('to its own issue stands there once', () => {
    expect(timelineOf(row({ runIssue: issue, status: 'done' }))).toMatchObject([{ detail: 'DEMO-1' }]);
    expect(timelineOf(row({ status: 'done' }))).toHaveLength(1);
  });
});
