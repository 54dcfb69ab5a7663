// Which values are blotted out of logs, transcripts and answers.
import { expect, it } from 'vitest';
import { knownSecrets } from '../../src/app/known-secrets.ts';
import type { Workflow } from '../../src/contract/index.ts';

function workflow(passEnv: readonly string[]): Workflow {
  return {
    secretValues: ['of-the-tracker'],
    secretEnvNames: ['SORTIE_TRACKER_API_KEY'],
    settings: { agent: { passEnv } },
  } as unknown as Workflow;
}

const env = {
  SORTIE_TRACKER_API_KEY: 'of-the-tracker',
  MODEL_API_KEY: 'sk-the-model-key',
  MODEL_MAX_TOKENS: '32000',
  MODEL_TOKEN: 'short',
  MODEL_NAME: 'a-model-with-a-long-name',
  OTHER_API_KEY: 'not-passed-to-anybody',
  HTTPS_PROXY: 'http://me:pa55-word@proxy.example:3128',
  MY_SECRET: 'named-by-the-user',
};

it('knows what the agent is given, by the names that the adapter and the user pass on', () => {
  const known = knownSecrets(workflow(['MY_SECRET']), { passEnv: ['MODEL_*', 'HTTPS_PROXY'] }, env);
  expect(known).toEqual(['of-the-tracker', 'sk-the-model-key', 'pa55-word', 'named-by-the-user']);
});

it('knows passwords by the other names that people give them, and no folder or name', () => {
  const given = {
    DB_PASS: 'hunter2-hunter2',
    GH_PAT: 'ghp_0123456789',
    LDAP_PWD: 'of-the-directory',
    NPM_CREDENTIALS: 'me:of-the-registry',
  };
  const plain = {
    PATH: '/usr/local/bin:/usr/bin',
    PWD: '/srv/sortie',
    COMPASS_URL: 'https://compass.example',
    PASSENGER: 'the-passenger',
  };
  const known = knownSecrets(workflow(Object.keys({ ...given, ...plain })), null, { ...given, ...plain });
  expect(known).toEqual(['of-the-tracker', ...Object.values(given)]);
});

it('knows the secrets of the settings without any agent', () => {
  expect(knownSecrets(workflow([]), null, env)).toEqual(['of-the-tracker']);
});
