// What commands do without a daemon: load no more than they need, help out of a slip of the pen, and say each thing once.

import { afterEach, beforeEach, expect, it } from 'vitest';
import { baseSettings, makeFolder, makeIssue, type Folder } from './program.ts';

let folder: Folder;
beforeEach(async () => {
  folder = await makeFolder();
});
afterEach(async () => {
  expect(await folder.close()).toEqual([]);
});

/** Packages that were loaded, of those that Node's own loader keeps a list of. */
async function packagesOf(args: readonly string[]): Promise<readonly string[]> {
  await folder.write(
    'list.cjs',
    `process.on('exit', () => process.stderr.write('loaded ' + JSON.stringify(Object.keys(require.cache))));`,
  );
  const { stderr } = await folder.run(args, { NODE_OPTIONS: `--require ${folder.file('list.cjs')}` });
  const paths = JSON.parse(/loaded (.*)$/.exec(stderr)?.[1] ?? 'null') as string[];
  return [...new Set(paths.flatMap((path) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? []))];
}

it('loads a command’s own packages only', async () => {
  expect(await packagesOf(['--version'])).toEqual([]);
  expect(await packagesOf(['-dumpversion'])).toEqual([]);
  expect(await packagesOf(['--help'])).toEqual(['commander']);
  const asked = await packagesOf(['status', '--url', 'http://127.0.0.1:1']);
  expect(asked).toEqual(expect.arrayContaining(['commander', 'undici']));
  for (const server of [
    'fastify',
    'pino',
    'liquidjs',
    '@agentclientprotocol/sdk',
    'kysely',
    'jsonc-parser',
  ]) {
    expect(asked).not.toContain(server);
  }
});

it('takes a slip of the pen for one, and a path for a path', async () => {
  const slip = await folder.run(['valdate']);
  expect(slip).toMatchObject({ code: 1, stdout: '' });
  expect(slip.stderr).toBe(
    'error: args: there is neither a command nor a file "valdate": did you mean `sortie validate`?\n',
  );
  const path = await folder.run(['./valdate']);
  expect(path.code).toBe(1);
  expect(path.stderr).toMatch(/^error: workflow_load: .*\/valdate/);
  const excess = await folder.run(['pause', 'SHOP-1']);
  expect(excess).toMatchObject({ code: 1, stdout: '' });
  expect(excess.stderr).toMatch(/^error: args: too many arguments[^\n]*\n$/);
  const missing = await folder.run(['explain']);
  expect(missing).toMatchObject({
    code: 1,
    stdout: '',
    stderr: "error: args: missing required argument 'issue'\n",
  });
});

it('warns of work without an end once, and promises no figures that an agent may not give', async () => {
  const base = baseSettings(folder, 'true');
  const { handoff_state: _handoff, ...tracker } = base['tracker'] as Record<string, unknown>;
  await folder.writeWorkflow({ ...base, tracker });
  await folder.writeIssues([makeIssue(1)]);
  const { code, stdout, stderr } = await folder.run(['doctor', '--format', 'json']);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  const { findings } = JSON.parse(stdout) as { findings: { check: string; message: string }[] };
  expect(findings.filter(({ message }) => message.includes('without a limit'))).toHaveLength(1);
  expect(findings.find(({ check }) => check === 'agent.usage')?.message).toBe(
    'tokens are counted as the agent reports them, while it works; cost is counted as far as the agent reports it',
  );
});
