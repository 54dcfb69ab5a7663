// What others say stands at the end of our sentences with one stop, and one thing is counted as one.
import { describe, expect, it } from 'vitest';
import { explainKnown } from '../../src/core/explain.ts';
import { counted, sentence } from '../../src/core/sentence.ts';
import { aCore } from './driver.ts';
import { storedPark } from './issues.ts';

describe('a sentence', () => {
  it.each([
    ['it waits', 'it waits.'],
    ['it waits.', 'it waits.'],
    ['the old format?', 'the old format?'],
    ['no! ', 'no!'],
    ['and so on…', 'and so on…'],
    ['it says "why?"', 'it says "why?"'],
    ['it is used (why?)', 'it is used (why?).'],
  ])('%j is ended as %j', (text, expected) => expect(sentence(text)).toBe(expected));

  it('counts one as one', () => {
    expect([0, 1, 2].map((count) => counted(count, 'issue'))).toEqual(['0 issues', '1 issue', '2 issues']);
  });
});

it('an agent’s question that parks an issue keeps its own mark', () => {
  const park = storedPark('1', { reason: 'input_required', detail: 'also the old format?' });
  const core = aCore({ stored: { parks: [park] } });
  expect(explainKnown(core.state, 'DEMO-1', core.atMs)?.detail).toMatch(
    /^It was parked at .* \(input_required\): also the old format\?$/,
  );
});

it('one issue in review waits, and does not wait as several', () => {
  const core = aCore({
    settings: { tracker: { handoffState: 'Review', maxInHandoff: 1 } },
    inFirstTick: true,
  });
  core.preflight();
  core.counted(1);
  expect(core.snapshot().pauses).toMatchObject([
    { detail: '1 issue waits in Review; tracker.max_in_handoff is 1' },
  ]);
});
