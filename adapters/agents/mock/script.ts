// What the bundled agent says and does in a turn, as data: a list of steps with their share of the time and the
// tokens. Pure, so that it can be checked without waiting.

import type { MockPlan } from './settings.ts';

/** Done in order, each `waitMs` after the one before it. */
export interface Step {
  readonly waitMs: number;
  readonly action: 'none' | 'write_file' | 'write_status';
  /** Events of the line protocol, printed in this order. */
  readonly events: readonly Readonly<Record<string, unknown>>[];
}

/** What the script is about. */
export interface Scene {
  readonly issueIdentifier: string;
  readonly promptCharacters: number;
}

/** After how many steps a turn that goes wrong does so. */
export const STEPS_BEFORE_TROUBLE = 3;

/** The steps of a turn that ends well. The `token_usage` increments add up to the plan's figures exactly. */
export function writeScript(plan: MockPlan, scene: Scene): readonly Step[] {
  const say = (message: string) => ({ event: 'notification', message });
  const tool = (name: string) => ({
    event: 'tool_result',
    name,
    duration_ms: Math.floor(plan.turn_ms / 12),
    ok: true,
  });
  const wrote = plan.file === '' ? 'nothing to write' : `wrote ${plan.file}`;
  const parts: Pick<Step, 'action' | 'events'>[] = [
    {
      action: 'none',
      events: [
        say(`reading the issue ${scene.issueIdentifier} (a prompt of ${scene.promptCharacters} characters)`),
      ],
    },
    { action: 'none', events: [tool('read_files')] },
    { action: 'none', events: [say('planning the change')] },
    { action: 'write_file', events: [tool('edit_file')] },
    { action: 'none', events: [say('running the tests'), tool('run_tests')] },
    { action: 'write_status', events: [say(`finished: ${wrote}, tests pass`)] },
  ];
  const input = shares(plan.input_tokens, parts.length);
  const output = shares(plan.output_tokens, parts.length);
  const waits = shares(plan.turn_ms, parts.length);
  return parts.map(({ action, events }, index) => ({
    waitMs: waits[index] ?? 0,
    action,
    events: [
      ...events,
      {
        event: 'token_usage',
        input_tokens: input[index] ?? 0,
        output_tokens: output[index] ?? 0,
        model: 'mock-1',
      },
    ],
  }));
}

/** Cuts a whole number into `parts` whole numbers that add up to it. */
function shares(total: number, parts: number): number[] {
  return Array.from(
    { length: parts },
    (_, index) => Math.floor((total * (index + 1)) / parts) - Math.floor((total * index) / parts),
  );
}
