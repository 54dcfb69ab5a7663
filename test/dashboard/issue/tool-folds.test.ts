// Long rows of tool calls become one line.
import { expect, it } from 'vitest';
import { foldTools } from '../../../src/dashboard/issue/tool-folds.ts';
import { entry } from './timeline-entries.ts';

const tool = (seq: number, name: string, ok: boolean) =>
  entry(seq, 'tool', { name, ok, duration_seconds: 2 });

it('four tool calls in a row are folded and added up, three are not', () => {
  const items = foldTools([
    tool(1, 'Read', true),
    tool(2, 'Bash', false),
    tool(3, 'Bash', true),
    tool(4, 'Bash', true),
    entry(5, 'turn'),
    tool(6, 'Read', true),
    tool(7, 'Read', true),
    tool(8, 'Read', true),
  ]);
  expect(items.map(({ kind }) => kind)).toEqual(['tools', 'entry', 'entry', 'entry', 'entry']);
  expect(items[0]).toMatchObject({
    summary: {
      failed: 1,
      seconds: 8,
      names: [
        ['Bash', 3],
        ['Read', 1],
      ],
    },
  });
});
