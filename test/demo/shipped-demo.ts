// The demo as it is shipped, put into a folder of a test; with its turns made longer or shorter where a test cannot wait
// as long as a person looks. A change that finds nothing to change is a mistake of the test.
import { cp, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from 'vitest';

const root = fileURLToPath(new URL('../../', import.meta.url));

export interface DemoChange {
  /** Of every turn of every issue; retries come at once. */
  readonly turnMs?: number;
  /** Of turns of this issue, which the demo names itself. */
  readonly quick?: { readonly issue: string; readonly turnMs: number };
}

export async function shipDemo(
  path: (name: string) => string,
  { turnMs, quick }: DemoChange = {},
): Promise<void> {
  let workflow = await readFile(join(root, 'WORKFLOW.md'), 'utf8');
  if (turnMs !== undefined) {
    expect(workflow.match(/\bturn_ms: \d+/g)?.length).toBeGreaterThan(2);
    workflow = workflow.replaceAll(/\bturn_ms: \d+/g, `turn_ms: ${turnMs}`);
    expect(workflow.match(/^agent:$/gm)).toHaveLength(1);
    workflow = workflow.replace(/^agent:$/m, 'agent:\n  max_retry_backoff_ms: 500');
  }
  if (quick !== undefined) {
    const slow = new RegExp(`(${quick.issue}: \\{ turn_ms: )\\d+`);
    expect(workflow).toMatch(slow);
    workflow = workflow.replace(slow, `$1${quick.turnMs}`);
  }
  await writeFile(path('WORKFLOW.md'), workflow);
  await cp(join(root, 'examples/demo'), path('examples/demo'), { recursive: true });
}
