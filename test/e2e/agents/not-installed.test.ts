// A CLI that is not there: whoever checks the file is warned and told how to get it, and no daemon starts. And settings
// that would leave an agent waiting for a person are refused before anything runs.

import { mkdir } from 'node:fs/promises';
import { afterEach, expect, it } from 'vitest';
import { baseSettings, makeFolder, makeIssue } from '../program.ts';
import type { Folder } from '../program.ts';

const open: Folder[] = [];
afterEach(async () => {
  for (const folder of open.splice(0)) expect(await folder.close()).toEqual([]);
});

async function withAgent(agent: object, block: object = {}): Promise<Folder> {
  const folder = await makeFolder();
  open.push(folder);
  await folder.writeWorkflow({ ...baseSettings(folder, ''), agent, ...block });
  await folder.writeIssues([makeIssue(1)]);
  await mkdir(folder.file('empty'));
  return folder;
}

it.each([
  ['claude-code', 'npm install -g @anthropic-ai/claude-code'],
  ['codex', 'npm install -g @openai/codex'],
  ['opencode', 'npm install -g opencode-ai'],
  ['copilot-cli', 'npm install -g @github/copilot'],
  ['gemini-cli', 'npm install -g @google/gemini-cli'],
])('%s: told how to install it', async (kind, install) => {
  const { run, file } = await withAgent({ kind });
  const env = { PATH: file('empty') };
  const [validated, started] = await Promise.all([
    run(['validate', '--format', 'json'], env),
    run(['--port', '0'], env),
  ]);
  const { valid, warnings } = JSON.parse(validated.stdout) as {
    valid: boolean;
    warnings: { check: string; message: string }[];
  };
  expect([validated.code, valid]).toEqual([0, true]);
  expect(warnings.find(({ check }) => check === 'agent.command')?.message).toContain(install);
  expect(started.code).toBe(1);
  expect(started.stderr).toMatch(/^error: agent\.command: .*\n$/);
  expect(started.stderr).toContain(install);
});

it('acp: wants to know which agent is meant', async () => {
  const { run } = await withAgent({ kind: 'acp' });
  const started = await run(['--port', '0']);
  expect(started).toMatchObject({ code: 1, stderr: expect.stringMatching(/agent\.command/) as string });
});

it.each([
  ['claude-code', { permission_mode: 'plan' }, /permission_mode.*nobody is there/],
  ['claude-code', { permission_mode: 'manual' }, /permission_mode.*nobody is there/],
  ['codex', { approval_policy: 'on-request' }, /approval_policy/],
  ['opencode', { allowed_tools: ['bash'], denied_tools: ['bash'] }, /denied_tools/],
])('%s: refuses %o', async (kind, block, words) => {
  const { run, file } = await withAgent({ kind }, { [kind]: block });
  const validated = await run(['validate'], { PATH: file('empty') });
  expect(validated.code).toBe(1);
  expect(validated.stderr).toMatch(words);
});
