// The state as a person reads it in a terminal: what is running and what is not is at the top, each section has what
// it is about, and nothing that is not there takes room.

import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { picture } from '../../src/cli/status-watch.ts';
import { statusText } from '../../src/cli/status-text.ts';
import { ago, aRun, aStatus, NOW } from './a-status.ts';

it('is two lines when nothing happens', () => {
  expect(statusText(aStatus(), NOW)).toBe(
    'running · slots 0/3 · 0 running · 0 retrying · 0 parked · 0 waiting\n' +
      'today 236k tokens, $3.27 · last poll 12s ago: success\n',
  );
});

it('shows what runs, is retried, is parked and waits', () => {
  const text = statusText(
    aStatus({
      running: [aRun(), aRun({ issue_identifier: 'SHOP-43', last_message: '', cost_usd: null })],
      retrying: [
        {
          issue_identifier: 'SHOP-57',
          attempt: 2,
          due_at: new Date(NOW + 40_000).toISOString(),
          error: 'exit 1',
          title: 'Import',
        },
      ],
      parked: [
        {
          issue_identifier: 'SHOP-31',
          reason: 'quota',
          detail: 'spent',
          parked_at: ago(90),
          until: ago(-60),
        },
      ],
      waiting: [{ issue_identifier: 'SHOP-60', verdict: 'blocked_by', detail: 'SHOP-42', since: ago(5) }],
      waiting_total: 3,
    }),
    NOW,
  );
  const lines = text.split('\n').map((line) => line.split(/ {2,}/));
  expect(lines).toContainEqual([
    'SHOP-42',
    'streaming_turn',
    '0',
    '3',
    '12m 34s',
    '55.1k',
    '≈ $0.41',
    'claude-code',
    'Running the tests',
  ]);
  expect(lines).toContainEqual([
    'SHOP-43',
    'streaming_turn',
    '0',
    '3',
    '12m 34s',
    '55.1k',
    'claude-code',
    'Checkout forgets the voucher',
  ]);
  expect(lines).toContainEqual(['SHOP-57', '2', 'in 40s', 'exit 1']);
  expect(lines).toContainEqual(['SHOP-31', 'quota', '1m 30s', `spent until ${ago(-60)}`]);
  expect(lines).toContainEqual(['SHOP-60', 'blocked_by', '5s', 'SHOP-42']);
  expect(text).toContain('… 2 more\n');
});

describe('the first line says whether runs are started', () => {
  const dispatch = { mode: 'paused', by: 'ada', reason: 'deploy', since: ago(60), drained: false };
  it.each([
    [aStatus({ dispatch }), 'paused by ada: deploy'],
    [aStatus({ dispatch: { ...dispatch, reason: '' } }), 'paused by ada'],
    [aStatus({ dispatch: { ...dispatch, mode: 'draining' } }), 'draining by ada: deploy'],
    [aStatus({ dispatch: { ...dispatch, mode: 'draining', drained: true } }), 'drained by ada: deploy'],
    [aStatus({ mode: 'draining', dispatch }), 'shutting down'],
    [aStatus({ mode: 'recovering' }), 'starting'],
  ])('%#: %s', (state, start) => {
    expect(statusText(state, NOW).split(' · ')[0]).toBe(start);
  });
});

it('says what is wrong above everything else, a line each', () => {
  const text = statusText(
    aStatus({
      pauses: [
        { reason: 'budget', detail: 'max_usd_per_day', until: ago(-600) },
        { reason: 'paused', detail: '', until: null },
      ],
      tracker: {
        error: { at: ago(30), message: 'tracker: timeout' },
        throttles: [{ scope: 'all', until: ago(-5), reason: '429' }],
      },
      preflight_problems: ['workspace.root\ncannot be written'],
      reload_error: 'line 3',
      last_tick: { at: ago(1), result: 'error', error: 'no answer' },
      budget: { max_tokens_per_day: 1_000_000, max_usd_per_day: 10 },
      handoff: { limit: 5, count: 5 },
      running: [aRun()],
    }),
    NOW,
  );
  expect(text.split('\n').slice(1, 10)).toEqual([
    'today 236k of 1.00M tokens, $3.27 of $10.00 · in review 5/5 · last poll 1s ago: error',
    `! dispatch is held back (budget): max_usd_per_day until ${ago(-600)}`,
    '! dispatch is held back (paused)',
    '! the last poll failed: no answer',
    '! the tracker failed 30s ago: tracker: timeout',
    `! the tracker slows us down (all): 429 until ${ago(-5)}`,
    '! preflight: workspace.root cannot be written',
    '! WORKFLOW.md was not taken: line 3',
    '',
  ]);
});

it('prints nothing of what a tracker or an agent wrote that a terminal would obey', () => {
  const hostile = '\u001b[2J\u001b]0;x\u0007\u009b31m\u202e\r\n<img onerror=x>';
  const text = statusText(
    aStatus({
      dispatch: { mode: 'paused', by: hostile, reason: hostile, since: null, drained: false },
      running: [
        aRun({ issue_identifier: hostile, last_message: hostile, phase: hostile, agent_kind: hostile }),
      ],
      pauses: [{ reason: 'quota', detail: hostile, until: null }],
    }),
    NOW,
  );
  expect(text.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Bidi_Control}]/u);
  expect(text.split('\n')).toHaveLength(7);
});

describe('a picture that is redrawn in place', () => {
  const text = statusText(
    aStatus({
      running: Array.from({ length: 30 }, () => aRun({ title: '漢'.repeat(200), last_message: '' })),
    }),
    NOW,
  );

  it.each([
    { rows: 10, columns: 40 },
    { rows: 2, columns: 1 },
    { rows: 1, columns: 200 },
    { rows: 100, columns: 80 },
  ])('fits into %o, with a line left for the cursor', ({ rows, columns }) => {
    const lines = picture(text, { rows, columns }).split('\n');
    expect(lines.length).toBeLessThanOrEqual(Math.max(1, rows - 1));
    for (const line of lines) expect(stringWidth(line)).toBeLessThanOrEqual(columns);
  });

  it('says how much there is below', () => {
    const all = text.trimEnd().split('\n').length;
    expect(picture(text, { rows: 11, columns: 80 }).split('\n').at(-1)).toBe(`… ${all - 9} more lines`);
    expect(picture(text, { rows: all + 1, columns: 80 }).split('\n')).toHaveLength(all);
  });
});
