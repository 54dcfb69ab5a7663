// Secrets reach the agent that was given them and nobody else: no log line, answer, metric, stored byte or hook.

import { readdirSync, readFileSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { baseSettings, freePort, makeFolder, makeIssue, until, type Folder } from './program.ts';

const SECRETS = {
  token: 'tok-4f1d9a7be2c84c05',
  agent: 'agent-77d1c2e9a0b34f6d',
  viaFile: 'file-99e0b1a2c3d44e5f',
  bystander: 'by-0a1b2c3d4e5f6071',
};

let folder: Folder;
beforeEach(async () => {
  folder = await makeFolder();
});
afterEach(async () => {
  expect(await folder.close()).toEqual([]);
});

it('keeps every secret where it belongs', async () => {
  const base = baseSettings(
    folder,
    `env > ${folder.file('agent-env.txt')}; echo "out $GIVEN"; echo "err $GIVEN" >&2; ` +
      `echo '{"event":"notification","message":"note '$GIVEN'"}'; exit 1`,
  );
  await folder.write('.env', `SORTIE_TRACKER_API_KEY=${SECRETS.viaFile}\n`);
  const ask = `env > ${folder.file('hook-env.txt')}; echo "hook says $ECHO"; exit 0`;
  await folder.writeWorkflow({
    ...base,
    hooks: {
      before_run: ask.replace('$ECHO', SECRETS.token),
      after_run: `echo ${SECRETS.agent} >&2; exit 1`,
    },
    agent: {
      ...(base['agent'] as object),
      env: { GIVEN: '$SORTIE_GIVEN_TO_AGENT' },
      max_sessions: 2,
    },
    server: { token: '$PAGE_SECRET_VALUE' },
    logging: { level: 'debug' },
  });
  await folder.writeIssues([makeIssue(1), makeIssue(2, { title: `Title with ${SECRETS.token}` })]);
  const port = await freePort();
  const program = folder.start(['--port', port, '--env-file', '.env'], {
    PAGE_SECRET_VALUE: SECRETS.token,
    SORTIE_GIVEN_TO_AGENT: SECRETS.agent,
    SORTIE_OTHER_TOKEN: SECRETS.bystander,
    DATABASE_URL: SECRETS.bystander,
  });
  const url = await program.url();
  await until('both to use up their sessions', async () => {
    const text = await (await fetch(`${url}/api/v1/state`)).text();
    return (JSON.parse(text) as { counts: { parked: number } }).counts.parked === 2;
  });

  const paths = ['/', '/api/v1/state', '/api/v1/E2E-1', '/api/v1/E2E-2', '/api/v1/history', '/metrics'];
  const more = ['/readyz', '/livez', '/api/v1/openapi.json'];
  const answers = await Promise.all(
    [...paths, ...more].map(async (path) => [path, await (await fetch(url + path)).text()] as const),
  );
  program.child.kill('SIGTERM');
  await program.exit;

  const places = new Map<string, string>([
    ...answers,
    ['stdout', program.stdout()],
    ['stderr', program.stderr()],
    ['hook environment', readFileSync(folder.file('hook-env.txt'), 'latin1')],
    ...readdirSync(folder.path, { recursive: true, encoding: 'utf8' })
      .filter((name) => name.startsWith('.sortie.db') && statSync(join(folder.path, name)).isFile())
      .map((name) => [name, readFileSync(join(folder.path, name), 'latin1')] as const),
  ]);
  expect(places.get('stderr')).toContain('hook says');
  expect(places.get('.sortie.db')).toContain('E2E-1');
  const transcripts = [...places.keys()].filter((name) => name.includes('.transcripts/'));
  expect(transcripts.length).toBeGreaterThan(0);
  const leaks = [...places].flatMap(([place, text]) =>
    Object.entries(SECRETS).flatMap(([name, secret]) =>
      text.includes(secret) ? [`${name} in ${place}`] : [],
    ),
  );
  expect(leaks).toEqual([]);

  // The agent has what it was given under the name that it was given, and nothing else.
  const agentEnv = await readFile(folder.file('agent-env.txt'), 'utf8');
  expect(agentEnv).toContain(`GIVEN=${SECRETS.agent}\n`);
  expect(agentEnv).not.toContain('SORTIE_GIVEN_TO_AGENT');
  for (const secret of [SECRETS.token, SECRETS.viaFile, SECRETS.bystander])
    expect(agentEnv).not.toContain(secret);
});
