// The script of a good turn adds up to what the plan says, whatever the figures.
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { writeScript } from '../../../../adapters/agents/mock/script.ts';
import { planFor } from '../../../../adapters/agents/mock/settings.ts';

const figure = fc.nat(1_000_000);
const scene = { issueIdentifier: 'DEMO-1', promptCharacters: 10 };

it('spends exactly the time and the tokens of the plan', () => {
  fc.assert(
    fc.property(figure, figure, figure, (turnMs, input, output) => {
      const plan = planFor({ turn_ms: turnMs, input_tokens: input, output_tokens: output }, 'DEMO-1');
      const script = writeScript(plan, scene);
      const usage = script.flatMap(({ events }) => events).filter(({ event }) => event === 'token_usage');
      const sum = (key: string): number => usage.reduce((total, event) => total + Number(event[key]), 0);
      expect(script.reduce((total, { waitMs }) => total + waitMs, 0)).toBe(turnMs);
      expect(sum('input_tokens')).toBe(input);
      expect(sum('output_tokens')).toBe(output);
    }),
  );
});

it('writes the file once and the status last', () => {
  const actions = writeScript(planFor({}, 'DEMO-1'), scene).map(({ action }) => action);
  expect(actions.filter((action) => action === 'write_file')).toHaveLength(1);
  expect(actions.at(-1)).toBe('write_status');
});
