// Where to click, and which addresses of a tracker may become links.
import { describe, expect, it } from 'vitest';
import { nextSteps, safeHref } from '../../../src/dashboard/issue/next-steps.ts';

describe('where to click', () => {
  it('is what would change the verdict: our controls, our pages, the tracker', () => {
    const steps = nextSteps(
      ['issue_change', 'workflow_change', 'operator'],
      ['retry', 'hold', 'from-the-future'],
      'https://t/1',
    );
    expect(steps.map((step) => (step.kind === 'control' ? step.control : step.href))).toEqual([
      'retry',
      'https://t/1',
      '/health',
    ]);
  });

  it('offers to resume where dispatch is paused', () => {
    expect(nextSteps(['resume'], [], '')).toEqual([{ kind: 'control', control: 'resume', isOfIssue: false }]);
  });

  it('offers no tracker that has no page', () => {
    expect(nextSteps(['issue_change'], [], '')).toEqual([]);
  });
});

describe('an address of the tracker', () => {
  it.each(['https://t.example/browse/A-1', 'http://127.0.0.1:8080/A'])('%s may be a link', (url) =>
    expect(safeHref(url)).toBe(url),
  );

  it.each([
    'javascript:alert(1)',
    'JaVaScRiPt:alert(1)//http://x',
    'data:text/html,<script>',
    ' https://leading.space',
    'https://',
    '//t.example/A',
    '/browse/A',
    '',
    null,
    undefined,
  ])('%s may not', (url) => expect(safeHref(url)).toBe(''));
});
