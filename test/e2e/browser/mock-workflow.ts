// The workflow of most tests in front of the page: a file of issues, the bundled agent, ticks that come fast.

import { baseSettings, type Folder } from '../program.ts';

export interface MockWorkflow {
  /** The block `mock`. */
  readonly mock?: object;
  readonly slots?: number;
  readonly maxTurns?: number;
  /** Further keys of the block `agent`. */
  readonly agent?: object;
  /** Further top-level blocks. */
  readonly more?: object;
}

export async function writeMockWorkflow(folder: Folder, workflow: MockWorkflow = {}): Promise<void> {
  const { mock = {}, slots = 2, maxTurns = 1, agent = {}, more = {} } = workflow;
  await folder.writeWorkflow({
    ...baseSettings(folder, 'unused'),
    agent: {
      kind: 'mock',
      evidence: 'off',
      max_turns: maxTurns,
      max_concurrent_agents: slots,
      stop_grace_ms: 300,
      ...agent,
    },
    mock,
    ...more,
  });
}
