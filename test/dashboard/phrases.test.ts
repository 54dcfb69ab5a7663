// Codes in people's words: every code that the daemon has is known to the page, and a newer one is still said.
import { describe, expect, it } from 'vitest';
import { DAEMON_CONTROLS, ISSUE_CONTROLS, VERDICT_ENDS } from '../../src/contract/controls.ts';
import { PAUSE_REASONS, VERDICTS } from '../../src/contract/snapshot.ts';
import { controlUrl, controlWords, isControl } from '../../src/dashboard/control/wording.ts';
import { pauseWords } from '../../src/dashboard/now/pause-words.ts';
import { actionLabel } from '../../src/dashboard/approvals/fields.ts';
import { writeWords } from '../../src/dashboard/approvals/approval-words.ts';
import { kindLabel } from '../../src/dashboard/issue/timeline-words.ts';
import { endings, verdictWords, words } from '../../src/dashboard/phrases.ts';

describe('codes in words', () => {
  it.each(VERDICTS)('the verdict %s has a sentence of its own', (verdict) => {
    const { label, sentence } = verdictWords(verdict);
    expect(sentence).toMatch(/^[A-Z].*\.$/);
    // The fallback repeats the label; a verdict that people ask about deserves better.
    if (verdict !== 'running') expect(sentence).not.toBe(`${label}.`);
    expect(label.length).toBeLessThan(24);
  });

  it.each(VERDICT_ENDS)('what ends a verdict, %s, is said without its code', (end) => {
    expect(endings([end])).not.toContain(end.includes('_') ? end : '_');
    expect(endings([end])).not.toBe(end);
  });

  it('endings are listed as people do', () => {
    expect(endings([])).toBe('');
    expect(endings(['slot_free'])).toBe('a slot is free');
    expect(endings(['issue_change', 'workflow_change', 'operator'])).toBe(
      'the issue changes, WORKFLOW.md changes or an operator says so',
    );
  });

  it.each(PAUSE_REASONS.filter((reason) => reason !== 'paused' && reason !== 'draining'))(
    'the pause %s says what to do',
    (reason) => {
      const { title, then } = pauseWords({ reason, agent_kind: 'codex', detail: '', until: null });
      expect(title).not.toMatch(/^Paused:/);
      expect(then).toMatch(/\.$/);
    },
  );

  it('a code that every object has a field of is no more than a word', () => {
    expect(words('constructor')).toBe('Constructor');
    expect(verdictWords('toString').label).toBe('ToString');
    expect(endings(['valueOf', '__proto__'])).toBe('valueOf or   proto  ');
    expect(kindLabel('constructor')).toBe('Constructor');
    expect(actionLabel('hasOwnProperty')).toBe('HasOwnProperty');
    expect(writeWords({ status: 'constructor' as never }).label).toBe('Constructor');
  });

  it('a newer code is shown in its own words', () => {
    expect(words('some_new_code')).toBe('Some new code');
    expect(verdictWords('some_new_verdict').sentence).toBe('Some new verdict.');
    expect(pauseWords({ reason: 'some_new', agent_kind: null, detail: '', until: null }).title).toBe(
      'Paused: some new',
    );
    expect(words('')).toBe('');
  });

  it('each control of the daemon has a button, a question and an address', () => {
    for (const control of [...DAEMON_CONTROLS, ...ISSUE_CONTROLS]) {
      expect(isControl(control)).toBe(true);
      expect(controlWords[control].question('SHOP-1')).toMatch(/\?$/);
      expect(controlWords[control].consequence).toMatch(/\.$/);
    }
    expect(isControl('toString')).toBe(false);
    expect(controlUrl('pause', null)).toBe('/api/v1/pause');
    expect(controlUrl('hold', 'A/B ?')).toBe('/api/v1/issues/A%2FB%20%3F/hold');
  });
});
