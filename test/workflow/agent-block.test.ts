// The block of an agent's adapter: paths in it start at the folder of WORKFLOW.md, JSON in the place of a path is
// left alone, and the JSON Schema of the front matter knows the keys.
import { dirname, join } from 'node:path';
import { expect, it } from 'vitest';
import { z } from 'zod';
import type { AgentRegistration } from '../../src/contract/agent.ts';
import { loadWorkflow, workflowJsonSchema } from '../../src/workflow/index.ts';
import { agent, lines, loadBad, minimal, optionsFor, tracker } from './workflow-file.ts';

const coder: AgentRegistration = {
  ...agent,
  kind: 'coder',
  defaultCommand: 'coder',
  pathSettings: ['mcp_config', 'files'],
  settingsSchema: z.object({
    model: z.string().optional().describe('Which model.'),
    mcp_config: z.union([z.string(), z.record(z.string(), z.unknown())]).optional(),
    files: z.array(z.string()).optional(),
  }),
};
const yaml = (block: string): string => `${minimal.replace('kind: command', 'kind: coder')}coder: ${block}\n`;

async function blockOf(block: string, env: Record<string, string> = {}) {
  const options = optionsFor({ yaml: yaml(block), env, options: { agents: [agent, coder] } });
  const result = await loadWorkflow(options);
  if (!result.ok) throw new Error(lines(result.problems).join());
  return { folder: dirname(options.path), block: result.workflow.settings.agent.block };
}

it.each([
  ['./mcp.json', 'mcp.json'],
  ['conf/../mcp.json', 'mcp.json'],
  ['$WHERE/mcp.json', 'there/mcp.json'],
  ['${WHERE}/{a}.json', 'there/{a}.json'],
])('resolves %j against the folder of the file', async (written, expected) => {
  const { folder, block } = await blockOf(`{ mcp_config: "${written}" }`, { WHERE: 'there' });
  expect(block).toEqual({ mcp_config: join(folder, expected) });
});

it('resolves each path of a list, and says when one of them cannot be', async () => {
  const { folder, block } = await blockOf('{ files: [./a, /b, "$WHERE/c"] }', { WHERE: 'there' });
  expect(block).toEqual({ files: [join(folder, 'a'), '/b', join(folder, 'there/c')] });
  const { problems } = await loadBad({
    yaml: yaml('{ files: [./a, $NOWHERE/x] }'),
    options: { agents: [coder] },
  });
  expect(lines(problems)).toEqual([expect.stringMatching(/^config\.coder\.files .*\$NOWHERE/)]);
});

it('resolves ~ to the home that the environment names', async () => {
  const { block } = await blockOf('{ mcp_config: ~/mcp.json }', { HOME: '/home/kim' });
  expect(block).toEqual({ mcp_config: '/home/kim/mcp.json' });
});

it.each(['{"mcpServers":{"a":{"env":{"K":"$HOME","P":"./x"}}}}', '\n  {"mcpServers": {}}\n'])(
  'leaves JSON in the place of a path alone: %j',
  async (json) => {
    const { block } = await blockOf(`{ mcp_config: ${JSON.stringify(json)} }`);
    expect(block).toEqual({ mcp_config: json });
  },
);

it('leaves a map and an empty text alone', async () => {
  const { block } = await blockOf('{ mcp_config: { mcpServers: { a: { command: ./x } } } }');
  expect(block).toEqual({ mcp_config: { mcpServers: { a: { command: './x' } } } });
  expect((await blockOf('{ mcp_config: "" }')).block).toEqual({ mcp_config: '' });
});

it('refuses a path that refers to a variable that is not set', async () => {
  const { problems } = await loadBad({
    yaml: yaml('{ mcp_config: $NOWHERE/x }'),
    options: { agents: [coder] },
  });
  expect(lines(problems)).toEqual([
    expect.stringMatching(/^config\.coder\.mcp_config WORKFLOW\.md:7:\d+: .*\$NOWHERE, which is not set/),
  ]);
});

it("takes a tracker's path that begins with { for a path all the same", async () => {
  const options = optionsFor({ yaml: `${minimal}file: { path: "{a}/issues.json" }\n` });
  const result = await loadWorkflow(options);
  if (!result.ok) throw new Error(lines(result.problems).join());
  expect(result.workflow.settings.tracker.block['path']).toBe(join(options.folder, '{a}/issues.json'));
});

it('is in the JSON Schema, beside the block of the tracker', () => {
  const { properties } = workflowJsonSchema([tracker, coder]) as {
    properties: Record<string, { properties: Record<string, unknown> }>;
  };
  expect(properties['coder']?.properties['model']).toEqual({ type: 'string', description: 'Which model.' });
  expect(properties['file']?.properties).toHaveProperty('path');
});
