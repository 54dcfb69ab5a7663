// Nothing of the daemon's environment reaches a child but what is on the list.

import { describe, expect, it } from 'vitest';
import { buildEnvironment } from '../../src/process/index.ts';

const nothing = { secretNames: new Set<string>(), pass: [], extra: {} };

describe('the environment of hooks and agents', () => {
  it('passes the fixed list and leaves everything else out', () => {
    const listed = {
      PATH: '/bin',
      HOME: '/h',
      SHELL: '/bin/sh',
      TMPDIR: '/t',
      USER: 'u',
      LOGNAME: 'u',
      TERM: 'dumb',
      LANG: 'C',
      LC_ALL: 'C',
      SSH_AUTH_SOCK: '/s',
    };
    const from = {
      ...listed,
      AWS_SECRET_ACCESS_KEY: 'x',
      NODE_OPTIONS: '--inspect',
      PATHS: 'no',
      path: 'no',
    };
    expect(buildEnvironment({ ...nothing, from })).toEqual(listed);
  });

  it('passes every SORTIE_ name that neither held a secret setting nor looks like one', () => {
    const from = {
      SORTIE_LOG_LEVEL: 'debug',
      SORTIE_HOOK_FLAG: '1',
      SORTIE_TRACKER_API_KEY: 'x',
      SORTIE_SERVER_TOKEN: 'x',
      SORTIE_my_secret: 'x',
      SORTIE_Password: 'x',
      SORTIE_JIRA: 'x',
    };
    expect(buildEnvironment({ ...nothing, from, secretNames: new Set(['SORTIE_JIRA']) })).toEqual({
      SORTIE_LOG_LEVEL: 'debug',
      SORTIE_HOOK_FLAG: '1',
    });
  });

  it('passes named extras, exact or by prefix, even when they look secret', () => {
    const from = { ANTHROPIC_API_KEY: 'k', CLAUDE_HOME: 'c', CLAUDE: 'no', GH_TOKEN: 't', GH_TOKEN_2: 'no' };
    expect(buildEnvironment({ ...nothing, from, pass: ['ANTHROPIC_*', 'CLAUDE_*', 'GH_TOKEN'] })).toEqual({
      ANTHROPIC_API_KEY: 'k',
      CLAUDE_HOME: 'c',
      GH_TOKEN: 't',
    });
  });

  it('never passes a secret of the settings because an adapter or a pattern asks for it, only by its own name', () => {
    const from = { GITHUB_TOKEN: 'of the tracker', GITHUB_HOST: 'h' };
    const secretNames = new Set(['GITHUB_TOKEN']);
    const given = { ...nothing, from, secretNames };
    expect(buildEnvironment({ ...given, declared: ['GITHUB_TOKEN', 'GITHUB_*'] })).toEqual({
      GITHUB_HOST: 'h',
    });
    expect(buildEnvironment({ ...given, pass: ['GITHUB_*'] })).toEqual({ GITHUB_HOST: 'h' });
    expect(buildEnvironment({ ...given, pass: ['GITHUB_TOKEN'] })).toEqual({
      GITHUB_TOKEN: 'of the tracker',
    });
  });

  it('lets extra win and skips absent values', () => {
    expect(
      buildEnvironment({ ...nothing, from: { HOME: '/h', USER: undefined }, extra: { HOME: '/e', X: '' } }),
    ).toEqual({ HOME: '/e', X: '' });
  });
});
