// The block `codex:` and what it makes Codex do; values that would wait for a person are refused.
import { describe, expect, it } from 'vitest';
import { threadParams, turnParams } from '../../../../adapters/agents/codex/params.ts';
import {
  codexSettings,
  effectiveSandbox,
  readCodexSettings,
} from '../../../../adapters/agents/codex/settings.ts';

const turn = { threadId: 't', prompt: 'p' };

describe('the block codex', () => {
  it('takes an empty block: workspace-write, nobody is asked, /tmp is closed', () => {
    const settings = readCodexSettings({});
    const params = threadParams(settings, '/ws', null);
    expect(params).toMatchObject({ cwd: '/ws', approvalPolicy: 'never', sandbox: 'workspace-write' });
    expect(params['config']).toMatchObject({ 'sandbox_workspace_write.exclude_slash_tmp': true });
    expect(turnParams(settings, '/ws', turn)).toEqual({
      threadId: 't',
      input: [{ type: 'text', text: 'p', text_elements: [] }],
    });
  });

  it.each(['untrusted', 'on-request', 'on-failure', ''])(
    'refuses approval_policy %o and says why',
    (policy) => {
      const parsed = codexSettings.safeParse({ approval_policy: policy });
      expect(parsed.success).toBe(false);
      expect(parsed.error?.message).toContain('nobody is there');
    },
  );

  it.each([
    ['readOnly', 'read-only'],
    ['read-only', 'read-only'],
    ['workspace-write', 'workspace-write'],
    ['dangerFullAccess', 'danger-full-access'],
    ['danger-full-access', 'danger-full-access'],
  ])('takes the sandbox %s', (spelling, mode) => {
    expect(readCodexSettings({ thread_sandbox: spelling }).sandbox).toBe(mode);
  });

  it('refuses a sandbox that nobody knows', () => {
    expect(codexSettings.safeParse({ thread_sandbox: 'none' }).success).toBe(false);
  });

  it('resolves writable roots against the workspace', () => {
    const settings = readCodexSettings({
      turn_sandbox_policy: { networkAccess: true, writableRoots: ['.git', '/cache'] },
    });
    expect(turnParams(settings, '/ws', turn)['sandboxPolicy']).toEqual({
      type: 'workspaceWrite',
      writableRoots: ['/ws/.git', '/cache'],
      networkAccess: true,
      excludeTmpdirEnvVar: false,
      excludeSlashTmp: true,
    });
  });

  it('lets a turn have another sandbox than the thread', () => {
    const settings = readCodexSettings({ turn_sandbox_policy: { type: 'readOnly', networkAccess: true } });
    expect(effectiveSandbox(settings)).toBe('read-only');
    expect(turnParams(settings, '/ws', turn)['sandboxPolicy']).toEqual({
      type: 'readOnly',
      networkAccess: true,
    });
  });

  it('hands on model, effort and personality', () => {
    const settings = readCodexSettings({ model: 'gpt-5.2-codex', effort: 'high', personality: 'pragmatic' });
    expect(threadParams(settings, '/ws', null)).toMatchObject({
      model: 'gpt-5.2-codex',
      personality: 'pragmatic',
    });
    expect(turnParams(settings, '/ws', turn)['effort']).toBe('high');
  });

  it('never leaves Codex to write its own word about trust', () => {
    for (const [trust_workspace, level] of [
      [true, 'trusted'],
      [false, 'untrusted'],
    ] as const) {
      const { config } = threadParams(readCodexSettings({ trust_workspace }), '/ws', null);
      expect(config).toMatchObject({ projects: { '/ws': { trust_level: level } } });
    }
  });
});
