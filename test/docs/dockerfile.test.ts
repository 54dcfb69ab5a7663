// Holds the Dockerfile to its word where no container engine exists: its steps are performed in a scratch
// folder, and what comes out must start. What is substituted for the real thing is printed.
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterEach, expect, it } from 'vitest';
import { build, commandsOf, ignoreRules, packagesOf, readDockerfile } from './dockerfile.ts';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const stages = readDockerfile(await readFile(join(root, 'Dockerfile'), 'utf8'));
const image = stages.at(-1) ?? { image: '', name: '', steps: [] };
const last = (instruction: string): string | undefined =>
  image.steps.findLast((step) => step.instruction === instruction)?.rest;

let scratch = '';
afterEach(async () => {
  if (scratch !== '') await rm(scratch, { recursive: true, force: true });
  scratch = '';
});

it('has a build stage and a lean last stage on a current LTS', () => {
  expect(stages.map((stage) => stage.image)).toEqual(['node:24-bookworm-slim', 'node:24-bookworm-slim']);
  expect(last('USER')).toBe('node');
  expect(last('EXPOSE')).toBe('7678');
  expect(last('VOLUME')).toBe('/data');
  expect(JSON.parse(last('ENTRYPOINT') ?? '')).toEqual(['tini', '--', 'node', '--', '/app/dist/src/main.js']);
  expect(last('HEALTHCHECK')).toContain('CMD ["node", "/app/scripts/healthcheck.mjs"]');
  expect(packagesOf(stages)).toEqual(['ca-certificates', 'git', 'tini']);
});

it('keeps secrets, state and history out of the build context', async () => {
  const ignored = await ignoreRules(root);
  for (const path of [
    '.env',
    '.git/config',
    'node_modules/x',
    'issues.json',
    '.sortie.db',
    '.sortie.db-wal',
  ]) {
    expect([path, ignored(path)]).toEqual([path, true]);
  }
  for (const path of [
    'src/main.ts',
    'package.json',
    '.npmrc',
    'adapters/index.ts',
    'scripts/healthcheck.mjs',
  ]) {
    expect([path, ignored(path)]).toEqual([path, false]);
  }
});

it('installs only packages that Debian has', async (ctx) => {
  const lists = existsSync('/var/lib/apt/lists') ? await readdir('/var/lib/apt/lists') : [];
  ctx.skip(
    !lists.some((name) => name.includes('Packages')),
    'no apt package lists here (run apt-get update)',
  );
  for (const name of packagesOf(stages)) {
    const { stdout } = await run('apt-cache', ['policy', name]);
    expect(stdout).toMatch(/Candidate: \d/);
  }
});

it('gives a program that starts, from its COPY and RUN steps alone', async (ctx) => {
  ctx.skip(!existsSync(join(root, 'dist/src/main.js')), 'dist/ is not built (npm run build)');
  expect(commandsOf(stages)).toContain('npm ci --ignore-scripts');
  scratch = await mkdtemp(join(tmpdir(), 'sortie-dockerfile-'));

  const built = await build(stages, root, scratch);

  process.stdout.write(`Dockerfile, substituted: ${built.substituted.join('; ')}\n`);
  const program = join(built.root, 'app/dist/src/main.js');
  const env = { PATH: process.env['PATH'] ?? '', ...built.env };
  const { stdout } = await run(process.execPath, [program, '--version'], {
    env,
    cwd: join(built.root, 'data'),
  });
  const { version } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { version: string };
  expect(stdout).toContain(version);
  const named = await run(join(built.root, 'usr/local/bin/sortie'), ['--version'], { env });
  expect(named.stdout).toBe(stdout);
  const modules = await readdir(join(built.root, 'app/node_modules'));
  expect(modules).toContain('fastify');
  expect(modules.filter((name) => ['typescript', 'vitest', 'eslint'].includes(name))).toEqual([]);
  expect(await readdir(join(built.root, 'app'))).not.toContain('src');
}, 300_000);
