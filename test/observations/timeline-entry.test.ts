// What each notice becomes on an issue's timeline.

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { IssueNotice, NoticeSubject, Notice } from '../../src/contract/notice.ts';
import { TIMELINE_KINDS } from '../../src/contract/observation.ts';
import { timelineEntryOf } from '../../src/observations/index.ts';
import { subject, tickCompleted, toolEnded } from './stage.ts';

const AT = Date.UTC(2026, 10, 22);
const DUE = '2026-11-22 00:00 UTC';

type Without<T> = T extends unknown ? Omit<T, keyof NoticeSubject> : never;

const table: readonly [notice: Without<IssueNotice>, shown: object | null][] = [
  [
    { kind: 'verdict_changed', verdict: 'blocked_by', detail: 'SHOP-7' },
    { kind: 'verdict', name: 'blocked_by', detail: 'SHOP-7' },
  ],
  [
    { kind: 'dispatched', state: 'To Do' },
    { kind: 'dispatched', name: 'To Do' },
  ],
  [
    { kind: 'dispatch_refused', verdict: 'state_terminal', detail: 'Done' },
    { kind: 'dispatch_refused', name: 'state_terminal', detail: 'Done' },
  ],
  [
    { kind: 'dispatch_failed', message: 'no room' },
    { kind: 'dispatch_refused', name: 'dispatch_failed', detail: 'no room', ok: false },
  ],
  [
    { kind: 'phase_ended', phase: 'preparing_workspace', durationMs: 1200.4 },
    { kind: 'phase', name: 'preparing_workspace', durationMs: 1200 },
  ],
  [
    { kind: 'turn_ended', turn: 3, durationMs: 61_000 },
    { kind: 'turn', name: '3', durationMs: 61_000 },
  ],
  [
    { kind: 'tool_ended', tool: 'Bash', durationMs: null, ok: false },
    { kind: 'tool', name: 'Bash', ok: false },
  ],
  [
    { kind: 'run_warned', message: 'after_run failed', detail: 'exit 3' },
    { kind: 'warning', name: 'after_run failed', detail: 'exit 3' },
  ],
  [
    { kind: 'run_stopping', reason: 'operator' },
    { kind: 'run_stopping', name: 'operator' },
  ],
  [
    { kind: 'run_finished', status: 'succeeded', exitType: 'normal', secondsRunning: 1.5, error: '' },
    { kind: 'run_finished', name: 'succeeded', durationMs: 1500, ok: true },
  ],
  [
    { kind: 'run_finished', status: 'failed', exitType: 'error', secondsRunning: 2, error: 'exit 1' },
    { kind: 'run_finished', name: 'failed', detail: 'exit 1', durationMs: 2000, ok: false },
  ],
  [
    { kind: 'run_finished', status: 'cancelled', exitType: 'cancelled', secondsRunning: 2, error: '' },
    { kind: 'run_finished', name: 'cancelled', durationMs: 2000 },
  ],
  [
    { kind: 'retry_queued', trigger: 'error', dueAtMs: AT + 10_000, error: 'exit 1' },
    { kind: 'retry_queued', name: 'error', detail: `due ${DUE}: exit 1` },
  ],
  [
    { kind: 'retry_queued', trigger: 'continuation', dueAtMs: AT + 10_000, error: '' },
    { kind: 'retry_queued', name: 'continuation', detail: `due ${DUE}` },
  ],
  [
    { kind: 'handed_off', toState: 'Review' },
    { kind: 'handed_off', name: 'Review', ok: true },
  ],
  [
    { kind: 'handoff_failed', message: 'no transition' },
    { kind: 'handoff_failed', detail: 'no transition', ok: false },
  ],
  [{ kind: 'handoff_skipped' }, null],
  [
    { kind: 'parked', reason: 'blocked', detail: 'it said so' },
    { kind: 'parked', name: 'blocked', detail: 'it said so' },
  ],
  [
    { kind: 'park_ended', reason: 'blocked', by: 'issue_change' },
    { kind: 'park_ended', name: 'blocked', detail: 'issue_change' },
  ],
  [
    { kind: 'released', why: 'handed off' },
    { kind: 'released', detail: 'handed off' },
  ],
  [{ kind: 'reconciled', action: 'keep' }, null],
  [
    { kind: 'workspace_removed', path: '/w/SHOP-42' },
    { kind: 'workspace_removed', detail: '/w/SHOP-42' },
  ],
  [
    { kind: 'workspace_not_removed', path: '/w/SHOP-42', message: 'EBUSY' },
    { kind: 'warning', name: 'workspace not removed', detail: '/w/SHOP-42: EBUSY', ok: false },
  ],
];

const plain = {
  atMs: AT,
  issueId: '10042',
  issueIdentifier: 'SHOP-42',
  runId: subject.runId,
  attempt: 2,
  name: '',
  detail: '',
  durationMs: null,
  ok: null,
};

describe('a notice about an issue', () => {
  it.each(table)('%j', (notice, shown) => {
    const entry = timelineEntryOf({ ...subject, ...notice } as Notice, AT);
    expect(entry).toEqual(shown === null ? null : { ...plain, ...shown });
    if (entry !== null) expect(TIMELINE_KINDS).toContain(entry.kind);
  });

  it('says who told us something, and why', () => {
    const issue = { id: '10042', identifier: 'SHOP-42' };
    const word = { kind: 'operator_acted', control: 'hold', by: 'ada' } as const;
    const bare = { ...plain, runId: null, attempt: null, kind: 'operator', name: 'hold' };
    expect(timelineEntryOf({ ...word, issue, reason: 'a freeze' }, AT)).toEqual({
      ...bare,
      detail: 'by ada: a freeze',
    });
    expect(timelineEntryOf({ ...word, issue, reason: '' }, AT)).toEqual({ ...bare, detail: 'by ada' });
  });

  it('is one line, cut, whatever an agent calls its tools', () => {
    const entry = timelineEntryOf(toolEnded(`a\nb\u2028c\u001b[31m${'x'.repeat(5_000_000)}`), AT);
    expect(entry?.name).toMatch(/^a b c \[31mx+…$/);
    expect(entry?.name).toHaveLength(200);
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.double(), fc.double(), (text, durationMs, dueAtMs) => {
        const notices: Without<IssueNotice>[] = [
          { kind: 'tool_ended', tool: text, durationMs, ok: true },
          { kind: 'retry_queued', trigger: 'error', dueAtMs, error: text },
        ];
        for (const notice of notices) {
          const made = timelineEntryOf({ ...subject, ...notice } as Notice, AT);
          expect(`${made?.name} ${made?.detail}`).not.toMatch(/[\p{Cc}\p{Zl}\p{Zp}]/u);
          expect(made?.durationMs ?? 0).toBeGreaterThanOrEqual(0);
        }
      }),
    );
  });
});

it('shows nothing of what the daemon does as a whole', () => {
  const notices: Notice[] = [
    tickCompleted(5),
    { kind: 'operator_acted', control: 'pause', by: 'ada', reason: '', issue: null },
    { kind: 'operator_drained' },
    { kind: 'recovered', retries: 1, parks: 1, interrupted: 0 },
  ];
  for (const notice of notices) expect(timelineEntryOf(notice, AT)).toBeNull();
});
