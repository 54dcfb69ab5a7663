// No template holds the daemon: loops, growing text and long filters end with an error in bounded time.
import { expect, it } from 'vitest';
import { createTemplate } from '../../src/workflow/index.ts';
import { samples } from '../../src/workflow/sample-issue.ts';

const variables = samples[0]!.variables;
const nested = (inner: string): string =>
  ['i', 'j', 'k'].reduce((body, name) => `{% for ${name} in (1..2000) %}${body}{% endfor %}`, inner);

function failure(source: string, limits = {}, now?: () => number): string {
  const template = createTemplate({ source, path: '/W', firstLine: 1 }, { limits, ...(now ? { now } : {}) });
  try {
    return `rendered ${template.render(variables).length} characters`;
  } catch (error) {
    return (error as Error).message;
  }
}

it.each([
  ['{% for i in (1..1000000000) %}{% endfor %}', /memory alloc limit exceeded/],
  ['{% for i in (1..7000000) %}{% endfor %}', /:1:1: rendering takes longer than 1000 ms/],
  [nested(''), /rendering takes longer than 1000 ms/],
  [nested('{{ issue.description }}'), /the text grows beyond 2000000 characters/],
  [`{% capture x %}${nested('plain text')}{% endcapture %}`, /the text grows beyond 2000000 characters/],
  [
    '{% assign x = "ab" %}{% for i in (1..60) %}{% assign x = x | append: x %}{% endfor %}',
    /memory alloc limit/,
  ],
  ['{% assign x = (1..3900000) | map: "x" %}', /rendering takes longer than 1000 ms/],
  ['{{ "now" | date: "%99999999d" }}', /memory alloc limit exceeded/],
  ['{% tablerow i in (1..7000000) cols: 2 %}{{ i }}{% endtablerow %}', /the text grows beyond/],
])('ends %j', (source, message) => {
  const start = performance.now();
  // A busy machine must not reach the time limit first where another one is meant.
  const limits = message.source.includes('longer than') ? {} : { timeMs: 120_000 };
  expect(failure(source, limits)).toMatch(message);
  // Generous for a busy machine; unbounded it would be minutes.
  expect(performance.now() - start).toBeLessThan(20_000);
});

it('looks at the clock at every step', () => {
  let clock = 0;
  const now = (): number => (clock += 1);
  expect(failure('{% for i in (1..1000) %}x{% endfor %}', { timeMs: 100 }, now)).toContain(
    'longer than 100 ms',
  );
  expect(clock).toBeLessThan(200);
});

it('lets a large issue through', () => {
  const description = 'x'.repeat(1_000_000);
  const template = createTemplate({ source: '{{ issue.description | strip }}', path: '/W', firstLine: 1 });
  expect(template.render({ ...variables, issue: { ...variables.issue, description } })).toHaveLength(
    1_000_000,
  );
});
