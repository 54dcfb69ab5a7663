// The package as npm would publish it: packed, installed into an empty project, and run from there the way `npx`
// does. What must not be in it (tests, build state, secrets) is not in it.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, expect, it } from 'vitest';
import { npmEnvironment } from './npm-environment.ts';
import { read, root } from './repository-files.ts';

const run = promisify(execFile);
let scratch = '';

afterEach(async () => {
  if (scratch !== '') await rm(scratch, { recursive: true, force: true });
  scratch = '';
});

it('installs into an empty project and runs from there', async (ctx) => {
  ctx.skip(!existsSync(join(root, 'dist/src/main.js')), 'dist/ is not built (npm run build)');
  scratch = await mkdtemp(join(tmpdir(), 'sortie-package-'));
  const project = join(scratch, 'project');
  await mkdir(project);
  await writeFile(join(project, 'package.json'), '{"private": true, "type": "module"}');
  const env = npmEnvironment();
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', scratch];
  const { stdout } = await run('npm', pack, { cwd: root, env, maxBuffer: 16 << 20 });
  const packed = JSON.parse(stdout) as { filename: string; files: { path: string }[] }[];
  const tarball = join(scratch, packed[0]?.filename ?? '');
  const files = packed[0]?.files.map(({ path }) => path) ?? [];

  expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'WORKFLOW.md', 'CHANGELOG.md']));
  expect(files).toEqual(expect.arrayContaining(['dist/src/main.js', 'docs/workflow.schema.json']));
  expect(files.filter((path) => /\.test\.|tsbuildinfo|(?:^|\/)\.env|\.sortie\.db/.test(path))).toEqual([]);

  try {
    const flags = ['--ignore-scripts', '--no-audit', '--no-fund'];
    await run('npm', ['install', ...flags, tarball], { cwd: project, env, maxBuffer: 16 << 20 });
  } catch (error) {
    ctx.skip(/ENOTFOUND|ECONN|ETIMEDOUT|EAI_AGAIN/.test(String(error)), 'the npm registry is out of reach');
    throw error;
  }
  const { version } = JSON.parse(read('package.json')) as { version: string };
  const command = await run(join(project, 'node_modules/.bin/sortie'), ['--version'], { cwd: project });
  expect(command.stdout).toContain(version);
  const names = ['sortie/contract', 'sortie/conformance', 'sortie/workflow.schema.json'];
  const probe = `for (const name of ${JSON.stringify(names)}) console.log(import.meta.resolve(name))`;
  await writeFile(join(project, 'probe.js'), probe);
  const resolved = (await run(process.execPath, ['probe.js'], { cwd: project })).stdout.trim().split('\n');
  expect(resolved.filter((url) => !existsSync(new URL(url)))).toEqual([]);
}, 240_000);
