// Workflows and lists of issues to measure with. The issues are of the size that people write: a title, a few
// hundred characters of text that are not all ASCII, labels, sometimes a blocker.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export interface FileIssue {
  readonly id: string;
  readonly identifier: string;
  readonly title: string;
  readonly state: string;
  readonly [field: string]: unknown;
}

export interface WorkflowFacts {
  /** Of the agent `command`. */
  readonly command?: string;
  /** Another agent, with its block. */
  readonly agent?: { readonly kind: string; readonly block: Readonly<Record<string, unknown>> };
  readonly slots?: number;
  readonly slotsOfToDo?: number;
  readonly requiredLabel?: string;
  /** 0 = no web server. */
  readonly port?: number;
  readonly logLevel?: 'debug' | 'error';
  /** Of agents, as WORKFLOW.md spells it. */
  readonly tools?: Readonly<Record<string, unknown>>;
}

/** No tick comes by itself: a scenario asks for each. Returns the workflow's path. */
export async function writeWorkflow(folder: string, facts: WorkflowFacts): Promise<string> {
  const settings = {
    tracker: {
      kind: 'file',
      active_states: ['To Do', 'In Progress'],
      terminal_states: ['Done'],
      handoff_state: 'In Review',
      required_labels: facts.requiredLabel === undefined ? [] : [facts.requiredLabel],
    },
    file: { path: './issues.json' },
    polling: { interval_ms: 3_600_000 },
    workspace: { root: join(folder, 'workspaces') },
    agent: {
      kind: facts.agent?.kind ?? 'command',
      ...(facts.command === undefined ? {} : { command: facts.command }),
      evidence: 'off',
      max_turns: 1,
      max_concurrent_agents: facts.slots ?? 10,
      max_concurrent_agents_by_state: facts.slotsOfToDo === undefined ? {} : { 'To Do': facts.slotsOfToDo },
      stop_grace_ms: 2_000,
    },
    ...(facts.agent === undefined ? {} : { [facts.agent.kind]: facts.agent.block }),
    ...(facts.tools === undefined ? {} : { tools: facts.tools }),
    server: { port: facts.port ?? 0 },
    logging: { level: facts.logLevel ?? 'error' },
  };
  const path = join(folder, 'WORKFLOW.md');
  // JSON is YAML.
  await writeFile(path, `---\n${JSON.stringify(settings, null, 2)}\n---\nWork on {{ issue.identifier }}.\n`);
  return path;
}

export function makeIssue(number: number, more: Readonly<Record<string, unknown>> = {}): FileIssue {
  return {
    id: String(10_000 + number),
    identifier: `BENCH-${number}`,
    title: `Checkout forgets the voucher when the cart is empty (${number})`,
    description: `Steps: open the cart, empty it, add a voucher – it is gone. ${'Expected: it stays. '.repeat(12)}`,
    state: 'To Do',
    priority: number % 5,
    labels: ['backend', 'checkout'],
    created_at: new Date(Date.UTC(2026, 0, 1) + number * 61_000).toISOString(),
    updated_at: new Date(Date.UTC(2026, 5, 1) + number * 61_000).toISOString(),
    ...more,
  };
}

/** Returns the file's path. */
export async function writeIssues(folder: string, issues: readonly FileIssue[]): Promise<string> {
  const path = join(folder, 'issues.json');
  await writeFile(path, `${JSON.stringify(issues, null, 2)}\n`);
  return path;
}
